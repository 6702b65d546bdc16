"""The result card: what stands on it, in which order, and what it never says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.flow.model import Answer, SolvedDeadline, Spoken
from bot.line import card, limits
from bot.line import flex as flex_drawn
from tests.line.line_samples import (
    APPLY,
    CHECKED,
    LAW,
    PAPERS,
    SHINAGAWA,
    TODAY,
    a_deadline,
    a_paper,
    a_sentence,
    a_solution,
    a_step,
    a_voice,
    many_papers,
    sample_solutions,
    verbatim,
)

WORDS = a_voice().words()[0]


def lines_of(solution, *before):
    """Every line in reading order, headings included."""
    found = []
    for section in card.sections(solution, WORDS, before):
        found += [section.heading] if section.heading else []
        found += [line.text for line in section.lines]
    return found


def in_order(lines, *wanted):
    """True when a line with each text comes after the line with the one before."""
    rest = iter(lines)
    return all(any(text in line for line in rest) for text in wanted)


def test_the_order_is_what_to_do_when_where_fee_papers_sources():
    lines = lines_of(a_solution())
    assert in_order(
        lines, "Lost residence card", "Do this first", "Report it at a police box",
        "Last day to apply", "Friday, 4 December 2026", "12 days left", "Where",
        "Immigration office", "Tokyo Regional Immigration", "Fee", "no fee", "If you are late",
        "Papers to bring", "One photo", "Checked on", "Reissue of the residence card",
        "Not yet confirmed by our office",
    )  # fmt: skip


def test_what_changed_since_last_time_is_said_first():
    assert lines_of(a_solution(), verbatim("The day has changed."))[0] == "The day has changed."


@pytest.mark.parametrize(
    "name, says",
    [
        ("today", "Today is the last day"),
        ("passed", "The time limit has passed"),
        ("no_open_day", "No open day is left before the last day"),
        ("grace", "The last day was a closed day. Go today."),
    ],
)
def test_urgency_is_said_in_words(name, says):
    lines = lines_of(sample_solutions()[name])
    assert says in lines
    assert not any("days left" in line for line in lines)


def test_with_time_left_there_is_no_alarm():
    found = card.sections(a_solution(), WORDS)
    assert not [line for section in found for line in section.lines if line.look == "alarm"]


@pytest.mark.parametrize(
    "name, says",
    [
        ("stay_over", "This day is over"),
        ("stay_today", "This is today"),
        ("stay_ahead", "in 9 days"),
    ],
)
def test_the_end_of_a_stay_is_no_time_limit_that_was_missed(name, says):
    lines = lines_of(sample_solutions()[name])
    assert says in lines
    assert "The time limit has passed" not in lines
    assert not [
        line
        for section in card.sections(sample_solutions()[name], WORDS)
        for line in section.lines
        if line.look in ("alarm", "gone", "soon")
    ]


def test_an_urgent_case_is_called_urgent_without_a_day():
    assert "This is urgent" in lines_of(sample_solutions()["urgent"])


def test_the_day_of_filing_is_named_where_it_decides_something():
    chosen = (Answer("filing_on", "2026-11-24", TODAY),)
    line = "If you apply on Tuesday, 24 November 2026"
    assert line in lines_of(a_solution(answers=chosen))
    assert line in lines_of(sample_solutions()["changes"])
    assert line not in lines_of(a_solution())


def test_the_most_urgent_of_several_states_is_the_alarm():
    several = a_solution(deadlines=(a_deadline("today", 0), a_deadline("passed", -3)))
    found = card.sections(several, WORDS)
    alarms = [line.text for section in found for line in section.lines if line.look == "alarm"]
    assert alarms == ["The time limit has passed"]


def test_a_step_that_is_late_raises_the_alarm_too():
    assert "Today is the last day" in lines_of(a_solution(steps=(a_step(),)))


def test_the_day_of_law_is_named_where_the_last_open_day_is_earlier():
    day = TODAY + timedelta(days=14)
    lines = lines_of(a_solution(deadlines=(a_deadline(law_last_day=day),)))
    assert any("By law the last day is Sunday, 6 December 2026" in line for line in lines)
    assert not any("By law" in line for line in lines_of(a_solution()))


def test_a_window_that_is_not_open_yet_says_when_it_opens():
    lines = lines_of(sample_solutions()["not_open"])
    assert "Possible from Sunday, 6 December 2026" in lines


def test_an_unknown_day_and_a_day_without_a_label_are_not_shown():
    nameless = a_deadline(label=None)
    lines = lines_of(a_solution(deadlines=(SolvedDeadline("x", "unknown"), nameless)))
    assert "12 days left" not in lines


def test_the_nearest_day_stands_first():
    later = a_deadline(days=30, label=a_sentence("a/b.label", "Later"))
    assert in_order(lines_of(a_solution(deadlines=(later, a_deadline()))), "Last day", "Later")


def test_a_phone_that_is_not_known_is_never_shown_the_central_one_is():
    lines = lines_of(a_solution())
    assert any("0570-013904" in line for line in lines)
    assert "None" not in " ".join(lines)


def test_a_known_phone_can_be_called():
    office = replace(SHINAGAWA, phone="03-1234-5678")
    found = card.sections(a_solution(offices=(office,)), WORDS)
    links = [line.url for section in found for line in section.lines if line.look == "link"]
    assert "tel:03-1234-5678" in links
    assert not any("0570-013904" in line for line in lines_of(a_solution(offices=(office,))))


def test_the_office_stands_there_in_japanese_too():
    lines = lines_of(a_solution())
    assert "東京出入国在留管理局" in lines
    assert "〒108-8255 東京都港区港南5-5-30" in lines


def test_papers_are_grouped_by_where_they_come_from_with_their_japanese_names():
    lines = lines_of(a_solution())
    assert in_order(
        lines, "You have or write these", "One photo", "写真", "From the city hall",
        "Resident record", "住民票", "A copy is enough", "Only if another company sends you:",
        "Pledge", "誓約書",
    )  # fmt: skip


@pytest.mark.parametrize(
    "filed, says",
    [
        (date(2027, 3, 31), "Not older than 3 months"),
        (date(2027, 4, 1), "Not older than 1 month"),
    ],
)
def test_how_old_a_certificate_may_be_is_read_on_the_day_of_filing(filed, says):
    lines = lines_of(a_solution(filing_on=filed))
    assert [line for line in lines if line.startswith("Not older")] == [says]


def test_papers_of_one_condition_stand_under_one_sentence():
    twice = (*PAPERS, a_paper("pledge2", "Second pledge", "誓約書", condition=PAPERS[2].condition))
    assert lines_of(a_solution(documents=twice)).count("Only if another company sends you:") == 1


def test_a_range_of_fees_is_one_sentence():
    assert "¥10,000 to ¥75,000" in lines_of(sample_solutions()["money"])


def test_a_step_has_its_authority_its_day_and_its_papers():
    lines = lines_of(a_solution(steps=(a_step(),), documents=()))
    assert in_order(
        lines, "Also to do", "City hall or ward office", "Tell the city hall", "Today is",
        "Papers to bring", "One photo",
    )  # fmt: skip


def test_sources_open_the_official_page_percent_encoded():
    found = card.sections(a_solution(), WORDS)
    urls = [line.url for section in found for line in section.lines if section.page == "sources"]
    assert LAW.url in urls
    assert "https://www.moj.go.jp/isa/procedures/%E5%86%8D%E4%BA%A4%E4%BB%98.html" in urls


@pytest.mark.parametrize("days, softened", [(90, False), (91, True)])
def test_an_answer_checked_more_than_ninety_days_ago_says_so(days, softened):
    lines = lines_of(a_solution(oldest_check=TODAY - timedelta(days=days)))
    assert any("more than 90 days ago" in line for line in lines) is softened


def test_only_a_real_reading_is_called_confirmed():
    assert any("Not yet confirmed" in line for line in lines_of(a_solution()))
    lines = lines_of(sample_solutions()["read"])
    assert not any("Not yet confirmed" in line for line in lines)
    assert any("Read through by our office on" in line for line in lines)


def test_a_short_card_is_one_bubble():
    flex = flex_drawn.bubbles(card.sections(a_solution(), WORDS), (), WORDS)
    assert flex["type"] == "bubble"


def test_a_long_card_has_pages_of_one_size_and_the_buttons_on_the_first():
    found = card.sections(a_solution(documents=many_papers(45)), WORDS)
    button = flex_drawn.button({"type": "postback", "label": "1. Menu", "data": "r:menu"}, True)
    flex = flex_drawn.bubbles(found, [button], WORDS)
    assert flex["type"] == "carousel"
    assert ["footer" in bubble for bubble in flex["contents"]] == [True, False, False]
    message = {"type": "flex", "altText": "x", "contents": flex}
    assert limits.faults([message]) == []


def test_every_line_has_a_look_that_can_be_drawn():
    for solution in sample_solutions().values():
        for section in card.sections(solution, WORDS):
            for line in section.lines:
                assert flex_drawn._drawn(line)["type"] in ("text", "box")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_text_can_be_read_on_its_background():
    pairs = [(look["color"], "#FFFFFF") for look in flex_drawn._LOOKS.values()]
    pairs += [(ink, background) for background, ink in flex_drawn._FRAMED.values()]
    pairs += [("#FFFFFF", flex_drawn._DEEP), ("#111111", flex_drawn._PALE)]
    assert [pair for pair in pairs if contrast(*pair) < 7] == []


def test_sentences_after_the_first_two_stand_under_their_own_heading():
    more = (*(Spoken(APPLY.say[0]) for _ in range(3)), Spoken(a_sentence("a/b.last", "The last.")))
    assert in_order(
        lines_of(a_solution(sentences=more)), "Do this first", "Good to know", "The last."
    )


def test_every_place_that_gives_papers_has_a_heading_in_the_checklist():
    from bot.flow.load_shared import GET_FROM

    missing = [place for place in sorted(GET_FROM) if not WORDS.has_talk(f"card_from_{place}")]
    assert missing == []


def test_papers_are_grouped_by_where_one_gets_them():
    places = ("bank", "hospital", "pension_office", "embassy", "fire_station", "other", "sponsor")
    papers = tuple(a_paper(f"p{n}", f"Paper {n}", get_from=place) for n, place in enumerate(places))
    found = card.sections(a_solution(documents=papers), WORDS)
    labels = [line.text for section in found for line in section.lines if line.look == "label"]
    assert {WORDS.talk(f"card_from_{place}") for place in places} <= set(labels)


def test_what_no_office_has_read_says_so_and_what_was_read_says_that():
    def told(**more):
        found = card.sections(a_solution(**more), WORDS)
        return [line.text for section in found for line in section.lines]

    open_line = WORDS.talk("card_not_confirmed", day=CHECKED)
    read_line = WORDS.talk("card_read_through", day=CHECKED)
    assert "Not yet confirmed by our office" in open_line
    assert open_line in told(oldest_check=CHECKED) and read_line not in told(oldest_check=CHECKED)
    read = told(oldest_check=CHECKED, read_through=("somebody", CHECKED))
    assert read_line in read and open_line not in read
