"""What is drawn once and kept is right on every card: other languages, days and papers."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.replies import Result
from bot.line import card
from bot.line.outgoing import to_messages
from tests.line.line_samples import TODAY, a_button, a_paper, a_solution, a_voice, talk_button


class WordsByDay:
    """The words of a reader for whom a rule gives other months from some day on."""

    def __init__(self, words, since):
        self._words = words
        self._since = since

    def __getattr__(self, name):
        return getattr(self._words, name)

    def months(self, _rule, on):
        return 6 if on >= self._since else 3


def words_in(tag):
    return a_voice(tag).words()[0]


def texts_of(solution, words):
    return [line.text for section in card.sections(solution, words) for line in section.lines]


def headings_of(solution, words):
    return [section.heading for section in card.sections(solution, words)]


def test_each_language_keeps_its_own_lines():
    solution = a_solution()
    first = {tag: headings_of(solution, words_in(tag)) for tag in ("en", "ja", "vi")}
    again = {tag: headings_of(solution, words_in(tag)) for tag in ("vi", "en", "ja")}
    assert first == again
    assert first["en"] != first["ja"] != first["vi"]


def test_a_paper_of_the_same_id_with_another_name_in_japan_is_another_paper():
    words = words_in("en")
    old = a_solution(documents=(a_paper("form_a", "The form", "申請書"),))
    new = a_solution(documents=(a_paper("form_a", "The form", "届出書"),))
    for _ in range(2):
        assert "申請書" in texts_of(old, words)
        assert "届出書" in texts_of(new, words)
        assert "申請書" not in texts_of(new, words)


def test_the_age_of_a_paper_is_that_of_the_day_of_filing():
    later = TODAY + timedelta(days=30)
    words = WordsByDay(words_in("en"), later)
    paper = a_paper("tax", "Certificate of tax", max_age="papers.max_age")
    before = texts_of(a_solution(documents=(paper,)), words)
    after = texts_of(a_solution(documents=(paper,), filing_on=later), words)
    assert any("3 months" in text for text in before)
    assert any("6 months" in text for text in after)
    assert not any("3 months" in text for text in after)


def test_sources_that_differ_only_in_their_day_stand_under_their_own_day():
    words = words_in("en")
    solution = a_solution()
    moved = tuple(replace(one, checked=one.checked - timedelta(days=3)) for one in solution.sources)
    headings = headings_of(solution, words)
    assert headings_of(replace(solution, sources=moved), words) != headings
    assert headings_of(solution, words) == headings


def test_buttons_that_look_alike_but_lead_elsewhere_stay_apart():
    result = Result(a_solution(), (a_button("Go on", "r:menu"), a_button("Go on", "r:text")), ())
    for _ in range(2):
        (message,) = to_messages((result,), a_voice(), {})
        contents = message["contents"]
        first = contents["contents"][0] if contents["type"] == "carousel" else contents
        taps = [button["action"]["data"] for button in first["footer"]["contents"]]
        assert taps == ["r:menu", "r:text"]


def test_the_strong_colour_stays_with_the_first_button_that_leads_on():
    person = talk_button("button_person", "r:human")
    menu = talk_button("button_menu", "r:menu")
    for buttons, strong in (((menu, person), 1), ((person, menu), 0)):
        (message,) = to_messages((Result(a_solution(), buttons, ()),), a_voice(), {})
        contents = message["contents"]
        first = contents["contents"][0] if contents["type"] == "carousel" else contents
        styles = [button["style"] for button in first["footer"]["contents"]]
        assert [number for number, style in enumerate(styles) if style == "primary"] == [strong]
