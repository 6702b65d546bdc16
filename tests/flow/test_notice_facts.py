"""Which notice of affiliation a status has, as statuses.yaml says."""

from pathlib import Path

import pytest

from bot.flow.engine import Engine
from bot.flow.facts import FACTS
from bot.flow.load import load_library

ENGINE = Engine(load_library(Path(__file__).resolve().parents[2] / "flows"))
SAYS_YES = {
    "affiliation_notice": {"engineer", "student", "hsp1", "hsp2", "ssw1", "technical_intern"},
    "activity_notice": {"student", "business_manager", "technical_intern", "professor"},
    "contract_notice": {"engineer", "ssw1", "ssw2", "entertainer", "nursing_care"},
}
NO_NOTICE = {"permanent", "long_term", "dependent", "designated", "special_permanent", "artist"}


class OfStatus:
    """A case of which only the status is known, or not even that."""

    def __init__(self, status: str | None) -> None:
        self.row = ENGINE.library.statuses[status] if status else None

    def status(self, name: str = "status"):
        return self.row


@pytest.mark.parametrize("fact", SAYS_YES)
def test_a_notice_goes_by_the_row_of_the_status(fact):
    test = FACTS[fact].test
    for status in SAYS_YES[fact]:
        assert test(OfStatus(status)) is True, status
    for status in NO_NOTICE:
        assert test(OfStatus(status)) is False, status
    assert test(OfStatus(None)) is None


def test_highly_skilled_professionals_have_a_notice_of_one_of_two_kinds():
    assert FACTS["activity_notice"].test(OfStatus("hsp1")) is False
    assert FACTS["contract_notice"].test(OfStatus("hsp1")) is False
