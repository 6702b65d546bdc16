"""The public ids: each procedure, topic, life event and safety answer has its file."""

from pathlib import Path

from bot.flow.load import load_library

PROCEDURES = """
    lost-card damaged-card card-validity card-details new-passport return-card specified-card
    first-address move leave-japan job-or-school-change spouse-lost birth nationality-lost
    death-of-resident certificate-of-eligibility extension change-of-status work-permission re-entry
    permanent-residence work-certificate highly-skilled job-hunting short-stay expired
    pending-application special-permanent-resident naturalisation
"""
TOPICS = """
    visa-or-status status-types about-the-card carrying photo fees processing-time office
    who-can-apply online our-services consultation
"""
EVENTS = """
    arrived moved new-job lost-job graduated married divorced baby-born family-joins spouse-died
    leaving-japan travelling card-gone stay-ends-soon
"""
SAFETY = "violence detained overstayed passport-taken danger"

LIBRARY = load_library(Path(__file__).resolve().parents[2] / "flows")


def test_every_public_id_has_its_file_and_nothing_else_has():
    assert set(LIBRARY.flows) == set(PROCEDURES.split())
    assert set(LIBRARY.topics) == set(TOPICS.split())
    assert set(LIBRARY.events) == set(EVENTS.split())
    assert set(LIBRARY.safety) == set(SAFETY.split())


def test_the_numbers_are_those_that_are_promised():
    assert [len(ids.split()) for ids in (PROCEDURES, TOPICS, EVENTS, SAFETY)] == [29, 12, 14, 5]


def test_nothing_is_called_planned_that_is_written():
    written = {*LIBRARY.flows, *LIBRARY.topics, *LIBRARY.events}
    assert LIBRARY.planned & written == set()
