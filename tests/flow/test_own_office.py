"""The office's own file: what it may say, what is told of it, and what is left unsaid."""

from datetime import time

import pytest

from bot.flow.consultations import of_office
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


CONSULTS = WHOLE + "consultations:\n"


def test_consultations_take_days_and_hours_of_the_office_where_none_are_written():
    office, faults = read(CONSULTS + "  ways: {phone: 30}\n")
    found = of_office(office)
    assert faults == []
    assert (dict(found.ways), found.days) == ({"phone": 30}, {"mon"})
    assert (found.opens, found.closes) == (time(9), time(17, 30))
    assert of_office(read(WHOLE)[0]) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("  days: [mon]\n", "names no way"),
        ("  ways: {fax: 30}\n", "knows no 'fax'"),
        ("  ways: {phone: 20}\n", "the length of 'phone' is 20"),
        ("  ways: {phone: long}\n", "the length of 'phone' is 'long'"),
        ("  ways: {phone: 30}\n  days: [monday]\n", "is never 'monday'"),
        ("  ways: {phone: 30}\n  from: '9:10'\n", "is no quarter of an hour: '9:10'"),
        ("  ways: {phone: 30}\n  from: '25:00'\n", "is no quarter of an hour: '25:00'"),
        ("  ways: {phone: 30}\n  from: '18:00'\n", "'to' of consultations is not after"),
        ("  ways: {phone: 30}\n  every: 20\n", "is 20 minutes"),
        ("  ways: {phone: 30}\n  every: 0\n", "'every' of consultations is 0"),
        ("  ways: {phone: 30}\n  at_once: 2.5\n", "'at_once' of consultations is 2.5"),
        ("  ways: {phone: 30}\n  days_ahead: 1000\n", "'days_ahead' of consultations is 1000"),
        ("  ways: {phone: 30}\n  notice: 3\n", "knows no 'notice'"),
    ],
)
def test_a_slip_in_the_consultations_is_named(text, fault):
    office, faults = read(CONSULTS + text)
    assert fault in " ".join(faults)
    assert of_office(office) is None
