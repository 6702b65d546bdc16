"""Each trap that hurts people is met by a story that asserts what is said of it.

The list is the office's own. A trap is not proved by a sentence that stands somewhere, but by a
person who walks into it and is told.
"""

from functools import cache
from pathlib import Path

import pytest

from bot.flow.stories import Story, read_stories

ROOT = Path(__file__).resolve().parents[2]

TRAPS: dict[str, list[tuple[str, str, str]]] = {
    "a new passport is no duty at immigration": [
        ("new-passport", "A new passport with the same data needs no report", "no_duty"),
    ],
    "damage has no 14 days": [
        ("damaged-card", "A dirty card is exchanged free and without any day", "no_time_limit"),
        ("lost-card", "A damaged card has no 14 days", "no_time_limit"),
    ],
    "the card is not the status": [
        (
            "card-validity",
            "A permanent resident who asks too early is told the two safe months",
            "card_not_status",
        ),
    ],
    "lateness is not illegal stay": [
        (
            "lost-card",
            "On Wednesday the time limit is over and the law's day is told",
            "if_late_accepted",
        ),
        ("card-details", "On Wednesday it is late, with a written reason", "if_late_accepted"),
    ],
    "leaving and joining are two notices": [
        (
            "job-or-school-change",
            "An engineer left one company and began at another, both in time",
            "two_notices",
        ),
    ],
    "HSP (i), SSW and designated activities change the status with the employer": [
        (
            "job-or-school-change",
            "Highly Skilled Professional (i) left the company",
            "named_employer",
        ),
        (
            "change-of-status",
            "A Specified Skilled Worker with a new employer is offered a person",
            "ssw_employer",
        ),
    ],
    "an application for permanent residence gives no special period": [
        (
            "pending-application",
            "Permanent residence alone and the stay ends in December",
            "no_special_period",
        ),
    ],
    "30 days or less has no special period": [
        ("extension", "A stay of thirty days has no time to wait", "no_special_period"),
    ],
    "online closes before the last day": [
        ("expired", "Today is the last day of the stay", "not_online_last_day"),
        ("topics-general", "What can be done online", "not_the_last_day"),
    ],
    "special re-entry ends with the stay": [
        ("re-entry", "Three weeks at home with a long stay", "limit_both"),
    ],
    "special re-entry cannot be made longer abroad": [
        ("re-entry", "Already abroad with special re-entry", "no_longer"),
    ],
    "the box on the re-entry card must be ticked": [
        ("re-entry", "Three weeks at home with a long stay", "tick_the_box"),
    ],
    "a student's permission ends with the school": [
        (
            "work-permission",
            "A student asks before starting a part-time job",
            "ends_with_school",
        ),
    ],
    "28 hours are all jobs together, this number included": [
        ("work-permission", "28 hours are still inside the limit", "limit"),
    ],
    "the family of Specified Skilled Workers (i)": [
        (
            "certificate-of-eligibility",
            "A Specified Skilled Worker (i) cannot bring family",
            "not_ssw1",
        ),
        ("change-of-status", "The husband is a Specified Skilled Worker (i)", "not_ssw1"),
    ],
    "a child with one Japanese parent": [
        ("birth", "One Japanese parent, only the birth report", "normally_japanese"),
    ],
    "special permanent residents go to the municipality": [
        (
            "special-permanent-resident",
            "The certificate ends on a Sunday in eight weeks, the renewal is open",
            "where",
        ),
        ("card-validity", "A special permanent resident goes to the city office", "not_status"),
    ],
    "overstayed, violence, detained: the first sentence is what to do now": [
        ("safety", "The stay has ended, so somebody to talk to comes first", "now"),
        ("safety", "Violence, so a safe place and the police come first", "now"),
        ("safety", "Somebody is held, so a lawyer comes first and not a scrivener", "now"),
    ],
    "refusals, detention and violence are for a lawyer": [
        ("safety", "Somebody is held, so a lawyer comes first and not a scrivener", "this_office"),
        ("safety", "Violence, so a safe place and the police come first", "lawyer"),
        ("expired", "Abroad with a refusal and the day not known", "refused_lawyer"),
    ],
    "who may be paid for preparing papers": [
        ("topics-general", "Who may go, and who may be paid", "paid_help"),
    ],
    "nobody is promised a permission": [
        ("topics-general", "Who may go, and who may be paid", "no_guarantee"),
    ],
}
"""trap: (file, name of the story, what it must be told)"""

PROOFS = [(trap, *proof) for trap, proofs in TRAPS.items() for proof in proofs]


@cache
def stories() -> dict[tuple[str, str], Story]:
    return {
        (story.file, str(story.written["name"])): story
        for story in read_stories(ROOT / "tests" / "flows")
    }


@pytest.mark.parametrize(("trap", "file", "name", "sentence"), PROOFS)
def test_each_trap_is_proved_by_a_story(trap: str, file: str, name: str, sentence: str) -> None:
    assert sentence in stories()[file, name].names("says"), trap
