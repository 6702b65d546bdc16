"""The office's own file: what it may say, what is told of it, and what is left unsaid."""

import pytest

from bot.flow.own_office import own_office, told
from bot.flow.section import Page
from bot.flow.yaml_reader import read_text
from bot.i18n.locales import BY_TAG
from bot.i18n.words import Words
from tests.flow.flow_builders import a_library

WHOLE = """\
name: The Office
phone: null
hours: {days: [mon], from: "9:00", to: "17:30"}
services:
  choice: advice on the status
  papers: preparing papers
  letters: answering letters
"""


def read(text):
    page = Page("shared/office.yaml")
    data, faults = read_text(text, page.file)
    assert not faults
    return own_office(page, data), [fault.what for fault in page.faults]


def test_a_whole_file_has_no_fault_and_tells_hours_and_services():
    office, faults = read(WHOLE)
    assert faults == []
    assert (told(office, "our.opens"), told(office, "our.closes")) == ("9:00", "17:30")
    assert [one.address for one in told(office, "our.services")] == [
        "our-office/choice", "our-office/papers", "our-office/letters",
    ]  # fmt: skip


def test_what_the_office_does_not_have_is_not_told():
    office, _ = read(WHOLE)
    assert told(office, "our.phone") is None and told(office, "our.privacy_policy") is None
    assert told(read("name: A\nhours: {}\n")[0], "our.services") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hours: {from: '9:00'}\n", "has no 'name'"),
        ("name: A\n", "has no 'hours'"),
        ("name: A\nhours: {}\ntelephone: '1'\n", "knows no 'telephone'"),
        ("name: A\nhours: {}\nservices: [one]\n", "is no mapping"),
        ("name: A\nhours: {opens: '9:00'}\n", "knows no 'opens'"),
    ],
)
def test_a_slip_in_the_file_is_named(text, fault):
    assert fault in " ".join(read(text)[1])


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "advice on the status, preparing papers, and answering letters"),
        ("ja", "advice on the status、preparing papers、answering letters"),
    ],
)
def test_several_services_are_a_list_in_the_readers_language(tag, text):
    office, _ = read(WHOLE)
    words = Words(BY_TAG[tag], a_library(), lambda _sentence: None)
    assert words._value(told(office, "our.services")) == text
