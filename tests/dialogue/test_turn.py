"""Turns: what one event leads to, and that the place is never lost."""

from datetime import date, timedelta

from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Blocked, Followed, SentFile, SentSticker, Unknown, Unsent
from bot.dialogue.replies import Ask, ListOfAnswers, Result
from bot.dialogue.requests import (
    DeleteEverything,
    ExportLink,
    ForgetMessage,
    KeepNotice,
    OpenCase,
)
from bot.dialogue.understood import DateReading, Understood
from tests.dialogue.talks import a_person, at, lost_in_japan


def named(flow_id: str) -> Understood:
    return Understood(candidates=((flow_id, 0.9),), decision=flow_id)


def a_newcomer():
    return a_person(conversation=Conversation(guess="vi"))


def test_a_follower_is_told_what_is_kept_and_asked_for_a_language() -> None:
    person = a_newcomer()
    person.meets(Followed("f", at(person.today)))
    assert person.said == ["welcome", "notice", "notice_rights", "choose_language"]
    assert any(isinstance(r, KeepNotice) for r in person.requests)


def test_a_first_message_is_answered_and_not_only_greeted() -> None:
    person = a_newcomer().says("I lost my card", named("lost-card"))
    assert person.said[:3] == ["welcome", "notice", "notice_rights"]
    assert person.question == "what_happened"


def test_a_mere_hello_at_first_contact_is_answered_with_the_languages() -> None:
    person = a_newcomer().says("hello")
    assert person.said == ["welcome", "notice", "notice_rights", "choose_language"]


def test_the_languages_are_named_where_no_menu_of_them_follows() -> None:
    person = a_newcomer().says("I lost my card", named("lost-card"))
    assert "write_language" in person.said


def test_the_name_of_a_language_in_its_own_script_chooses_it() -> None:
    person = a_person().taps("o:lost-card").says("tiếng việt")
    assert person.conversation.language == "vi" and person.question == "what_happened"


def test_the_notice_is_said_once() -> None:
    person = a_newcomer().says("hello").says("hello")
    assert "notice" not in person.said and not person.requests


def test_a_walk_by_buttons_ends_in_a_result() -> None:
    person = lost_in_japan(a_person())
    assert person.outcome == "apply_in_time"


def test_numbers_do_what_the_buttons_do() -> None:
    person = a_person().taps("o:lost-card").says("1")
    assert person.question == "card"
    assert person.says("２").question == "where_noticed"


def test_a_number_that_was_not_offered_is_not_taken_for_an_answer() -> None:
    person = a_person().taps("o:lost-card").says("77")
    assert person.question == "what_happened" and person.said == ["not_understood"]


def test_back_goes_back_one_question_and_the_same_answer_leads_on() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence")
    assert person.question == "where_noticed"
    assert person.taps("r:back").question == "card"
    assert person.answers("residence").question == "where_noticed"


def test_back_at_the_first_question_says_so() -> None:
    person = a_person().taps("o:lost-card").taps("r:back")
    assert person.said == ["at_the_start"] and person.question == "what_happened"


def test_the_language_changes_without_losing_the_place() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence").taps("l:vi")
    assert person.conversation.language == "vi" and person.question == "where_noticed"


def test_the_language_changes_on_a_result_and_the_result_stays() -> None:
    assert lost_in_japan(a_person()).taps("l:ja").outcome == "apply_in_time"


def test_an_unknown_language_shows_the_languages() -> None:
    assert a_person().taps("l:xx").said == ["choose_language"]


def test_a_typed_day_answers_a_date_question() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    day = person.today - timedelta(days=1)
    person.says("yesterday", Understood(dates=(DateReading((day,)),)))
    assert person.question == "age_group"


def test_an_ambiguous_day_is_asked_back_with_two_buttons() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    days = (date(2026, 3, 4), date(2026, 4, 3))
    person.says("3/4", Understood(dates=(DateReading(days),)))
    assert person.said == ["which_day"]
    assert [b.tap.rpartition(":")[2] for b in person.buttons] == [
        "2026-03-04", "2026-04-03", "human",
    ]  # fmt: skip
    assert person.says("2").question == "age_group"
    answer = next(a for a in person.conversation.walk.answers if a.name == "noticed_on")
    assert answer.value == "2026-04-03"


def test_a_future_day_where_a_past_one_is_needed_is_refused_in_words() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    person.picks(person.today + timedelta(days=1))
    assert person.said == ["date_in_future"] and person.question == "noticed_on"


def test_a_day_that_is_no_day_is_refused_in_words() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    person.says("31 February", Understood(dates=(DateReading(()),)))
    assert person.said == ["date_not_a_day"] and person.question == "noticed_on"


def test_i_do_not_know_is_an_answer_everywhere() -> None:
    person = a_person().taps("o:lost-card")
    for _ in range(12):
        if person.outcome:
            break
        person.answers("unsure")
    assert person.outcome


def test_why_is_explained_and_the_question_is_asked_again() -> None:
    person = a_person().taps("o:lost-card").taps("w:lost-card:what_happened")
    assert len(person.replies) == 2 and person.question == "what_happened"


def test_a_tap_on_an_old_button_changes_that_answer_and_keeps_the_rest() -> None:
    person = a_person().taps("o:lost-card")
    old = person.buttons[1].tap
    person.answers("lost", "residence", "in_japan")
    person.days_later(3).taps(old)
    values = {a.name: a.value for a in person.conversation.walk.answers}
    assert values["what_happened"] == "stolen" and values["card"] == "residence"
    assert person.question == "noticed_on"


def test_the_same_button_twice_in_a_row_does_no_harm() -> None:
    person = a_person().taps("o:lost-card")
    first = person.buttons[0].tap
    person.taps(first).taps(first)
    assert person.question == "card" and len(person.conversation.walk.answers) == 1


def test_a_button_of_another_flow_brings_that_flow_back_with_its_answers() -> None:
    person = a_person().taps("o:lost-card").answers("lost")
    residence = person.buttons[0].tap
    person.taps("o:move").answers("moved")
    person.taps(residence)
    assert person.conversation.walk.flow == "lost-card" and person.question == "where_noticed"


def test_a_made_up_button_is_no_error() -> None:
    for data in ("", "x", "a:", "a:lost-card:0:nothing:1", "o:nothing", "é", "a:" * 200):
        person = a_person().taps("o:lost-card").taps(data)
        assert person.question == "what_happened", data


def test_my_answers_lists_them_and_changes_one() -> None:
    person = lost_in_japan(a_person()).taps("r:answers")
    assert isinstance(person.last, ListOfAnswers) and len(person.last.items) >= 5
    person.says("1")
    assert person.question == "what_happened"
    assert person.answers("stolen").outcome == "apply_in_time"


def test_leaving_a_question_that_was_asked_again_returns_to_the_result() -> None:
    person = lost_in_japan(a_person()).taps("c:lost-card:what_happened")
    assert person.question == "what_happened"
    assert person.taps("r:back").outcome == "apply_in_time"


def test_coming_back_after_days_offers_to_continue_or_start_over() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence")
    person.days_later(5).says("hello again")
    assert person.said == ["continue_or_restart"]
    assert person.answers("continue").question == "where_noticed"
    person.taps("o:lost-card")
    assert person.said == ["continue_or_restart"]
    assert person.answers("restart").question == "what_happened"


def test_an_answer_after_days_is_simply_taken() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence")
    button = person.buttons[0].tap
    assert person.days_later(5).taps(button).question == "noticed_on"


def test_time_moves_the_answer_and_that_is_said() -> None:
    person = lost_in_japan(a_person())
    person.days_later(60).taps("r:continue")
    assert person.outcome == "apply_late" and "answer_changed" in person.said


def test_free_text_that_names_another_procedure_goes_there_and_says_so() -> None:
    person = a_person().taps("o:lost-card").answers("lost")
    person.says("I moved to Nagoya", named("move"))
    assert person.conversation.walk.flow == "move"
    assert isinstance(person.last, Ask) and person.said == ["understood"]
    assert person.conversation.past[0].flow == "lost-card"


def test_unclear_words_give_two_or_three_choices() -> None:
    unclear = Understood(candidates=(("move", 0.4), ("extension", 0.35)), decision="clarify")
    person = a_person().says("address visa", unclear)
    assert person.said == ["did_you_mean"]
    assert [b.tap for b in person.buttons][:2] == ["o:move", "o:extension"]


def test_two_subjects_that_are_called_alike_are_one_choice() -> None:
    alike = Understood(
        candidates=(("moved", 0.4), ("extension", 0.3), ("move", 0.1), ("lost-card", 0.1)),
        decision="clarify",
    )
    person = a_person().says("new home", alike)
    assert [b.tap for b in person.buttons][:4] == [
        "o:moved",
        "o:extension",
        "o:lost-card",
        "r:menu",
    ]


def test_three_failures_in_a_row_offer_a_person() -> None:
    person = a_person().taps("o:lost-card").says("abc").says("def")
    assert "offer_person" not in person.said
    assert "offer_person" in person.says("ghi").said
    assert "offer_person" not in person.answers("lost").says("abc").said


def test_a_person_is_one_tap_or_one_word_away() -> None:
    person = a_person().taps("o:lost-card").says("person please", Understood(decision="human"))
    assert person.said == ["handoff_closed", "intake_begin", "intake_kind"]
    assert person.requests == ()
    assert person.answers("continue").question == "what_happened"


def test_delete_asks_once_and_then_deletes_everything() -> None:
    person = lost_in_japan(a_person()).taps("r:delete-data")
    assert person.said == ["delete_confirm"] and not person.requests
    person.answers("yes")
    assert person.requests == (DeleteEverything(),) and person.conversation.walk is None


def test_delete_without_the_question_before_does_nothing() -> None:
    assert a_person().taps("y:delete:yes").requests == ()


def test_delete_can_be_refused() -> None:
    person = lost_in_japan(a_person()).taps("r:delete-data").answers("no")
    assert "delete_not_done" in person.said and not person.requests
    assert person.conversation.walk is not None


def test_delete_with_an_open_case_asks_the_office() -> None:
    person = a_person(open_case=True).taps("r:delete-data").answers("yes")
    assert person.said == ["delete_asked"]
    assert person.requests == (OpenCase("delete", due_days=30),)


def test_export_asks_for_a_one_time_link() -> None:
    person = a_person().says("export my data", Understood(decision="export-data"))
    assert person.requests == (ExportLink(),) and person.buttons[0].tap == "@export"


def test_unsend_forgets_the_message_and_reopens_its_answer() -> None:
    person = a_person().taps("o:lost-card").says("1")
    assert person.question == "card"
    person.meets(Unsent("u", at(person.today), "m2"))
    assert person.replies == () and person.requests == (ForgetMessage("m2"),)
    assert person.conversation.walk.answers == ()


def test_a_quoted_question_is_opened_again() -> None:
    person = lost_in_japan(a_person())
    stolen = Understood(options=("stolen",))
    person.says("stolen", stolen, quoted="lost-card/what_happened")
    values = {a.name: a.value for a in person.conversation.walk.answers}
    assert values["what_happened"] == "stolen" and person.outcome == "apply_in_time"


def test_stickers_files_and_unknown_kinds_get_a_sentence_and_keep_the_place() -> None:
    person = a_person().taps("o:lost-card")
    today = at(person.today)
    for event, name in (
        (SentSticker("s", today, "m"), "sticker"),
        (SentFile("i", today, "m", "image"), "file_not_read"),
        (Unknown("k", today, "hologram"), "unknown_kind"),
    ):
        person.meets(event)
        assert person.said == [name] and person.question == "what_happened"


def test_a_block_and_a_silent_event_get_no_reply() -> None:
    person = a_person()
    assert person.meets(Blocked("b", at(person.today))).replies == ()
    assert person.meets(Unknown("u", at(person.today), "beacon", silent=True)).replies == ()


def test_a_shared_answer_is_offered_for_one_tap_in_the_next_flow() -> None:
    person = a_person().taps("o:extension")
    while person.question and person.question != "expires_on":
        person.answers("unsure")
    assert person.question == "expires_on"
    person.picks(date(2027, 1, 31))
    assert person.conversation.known["expires_on"] == "2027-01-31"
    person.taps("r:restart")
    while person.question != "expires_on":
        person.answers("unsure")
    assert person.buttons[0].tap.endswith(":2027-01-31") and "same_as_before" in person.said


def test_a_result_can_be_shown_as_text() -> None:
    person = lost_in_japan(a_person()).taps("r:text")
    assert isinstance(person.last, Result) and person.last.as_text


def test_the_place_is_asked_on_the_result_and_changes_it() -> None:
    person = lost_in_japan(a_person())
    change = next(b.tap for b in person.buttons if b.tap == "c:lost-card:place")
    person.taps(change)
    assert person.question == "place"
    person.says("Tokyo", Understood(place={"prefecture": "13", "municipality": None}))
    assert person.said == ["which_municipality"]
    person.answers("13-none")
    assert person.outcome == "apply_in_time"
    assert person.last.solution.offices[0].id == "tokyo"


def test_a_long_table_is_offered_by_groups_and_a_row_can_be_chosen_by_number() -> None:
    person = a_person().taps("o:extension")
    assert person.question == "status" and len(person.buttons) <= 13
    person.answers("study")
    assert person.question == "status"
    assert person.answers("student").question != "status"


def test_a_group_that_does_not_exist_is_no_error() -> None:
    person = a_person().taps("o:extension").taps("g:extension:x:status:nonsense")
    assert person.question == "status"


def test_of_several_none_can_be_chosen_and_some_are_gathered() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    person.picks(person.today).answers("adult", "yes")
    assert person.question == "also_lost"
    person.answers("passport")
    assert person.said == ["several_so_far"] and person.question == "also_lost"
    person.taps(next(b.tap for b in person.buttons if b.tap.endswith(":passport,")))
    assert person.outcome == "apply_in_time"
    values = {a.name: a.value for a in person.conversation.walk.answers}
    assert values["also_lost"] == ("passport",)
    person.taps("c:lost-card:also_lost").answers("none")
    values = {a.name: a.value for a in person.conversation.walk.answers}
    assert values["also_lost"] == ("none",)


def test_several_numbers_at_once_are_several_answers() -> None:
    person = a_person().taps("o:lost-card").answers("lost", "residence", "in_japan")
    person.picks(person.today).answers("adult", "yes").says("1, 2")
    values = {a.name: a.value for a in person.conversation.walk.answers}
    assert values["also_lost"] == ("passport", "my_number")
