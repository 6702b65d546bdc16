"""The reader reads what authors mean, and the loader builds what the files say."""

import re
from datetime import date
from pathlib import Path

import pytest
from content_files import content, edited, faults_of, the_library

from bot.flow import (
    check_names,
    load,
    load_flow,
    load_outcomes,
    load_papers,
    load_parts,
    load_shared,
)
from bot.flow.engine import Engine
from bot.flow.faults import WrongContent
from bot.flow.load import load_library
from bot.flow.model import Offset
from bot.flow.sentences import all_sentences, sentences_of
from bot.flow.yaml_reader import line_of, read_text, read_yaml

ROOT = Path(__file__).resolve().parent.parent.parent


# ---------------------------------------------------------------- the reader


@pytest.mark.parametrize(
    "written, meant",
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("n", "n"),
        ("true", True), ("false", False), ("True", "True"), ("~", None), ("null", None),
        ("", None), ("14", 14), ("-3", -3), ("0", 0), ("08", "08"), ("0570", "0570"),
        ("0x1f", "0x1f"), ("1_000", "1_000"), ("9:30", "9:30"), ("1.5", 1.5), ("1e3", "1e3"),
        ("2026-10-01", "2026-10-01"), ("12-29", "12-29"), ("'14'", "14"), ('"true"', "true"),
        ("<<", "<<"), ("=", "="), (".inf", ".inf"),
    ],
)  # fmt: skip
def test_an_unquoted_word_means_what_its_author_sees(written: str, meant: object):
    value, faults = read_text(f"key: {written}", "x.yaml")
    assert faults == []
    assert value == {"key": meant}
    assert isinstance(value, dict)
    assert type(value["key"]) is type(meant)


def test_keys_are_always_text():
    value, _ = read_text("{1: a, true: b, no: c, 2026-10-01: d, 01: e}", "x.yaml")
    assert list(value) == ["1", "true", "no", "2026-10-01", "01"]


def test_a_key_used_twice_is_a_fault_with_both_lines():
    value, faults = read_text("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", "x.yaml")
    assert [str(fault) for fault in faults] == [
        "x.yaml:5: 'c' stands here twice, first on line 3; keep one of them"
    ]
    assert value == {"a": 1, "b": {"c": 1, "d": 2}}


def test_every_key_and_item_knows_its_line():
    value, _ = read_text("a: 1\nb:\n  - x\n\n  - {c: 1,\n     d: 2}\n", "x.yaml")
    assert line_of(value, "b") == 2
    assert [line_of(value["b"], index) for index in (0, 1)] == [3, 5]
    assert line_of(value["b"][1], "d") == 6
    assert line_of("text", default=9) == 9


@pytest.mark.parametrize(
    "text, line, what",
    [
        ("a: {b: what?, c d: [}", 1, "not YAML"),
        ("a: one: two", 1, "not YAML"),
        ("a: !!python/object/apply:os.getcwd []", 1, "not YAML|is a tag"),
        ("a: !secret x", 1, "'!secret' is a tag"),
        ("a: &x [1, *x]", 1, "contains itself"),
        ("? [a, b]\n: c", 1, "no word"),
        ("a: 1\n--- \nb: 2", 2, "not YAML"),
        ("a: '\x00'", 0, "not YAML"),
    ],
)
def test_what_cannot_be_read_is_a_fault_and_no_crash(text: str, line: int, what: str):
    _, faults = read_text(text, "x.yaml")
    assert [fault.line for fault in faults] == [line]
    assert any(part in faults[0].what for part in what.split("|"))


def test_a_file_is_read_or_all_its_faults_are_raised(tmp_path: Path):
    path = tmp_path / "phrases.yaml"
    path.write_text("a: no", encoding="utf-8")
    assert read_yaml(path) == {"a": "no"}
    path.write_bytes(b"a: \xff")
    with pytest.raises(WrongContent, match="UTF-8"):
        read_yaml(path)
    path.write_text("a: 1\na: 2\nb: 1\nb: 2", encoding="utf-8")
    with pytest.raises(WrongContent) as wrong:
        read_yaml(path, "locales/en/phrases.yaml")
    assert [fault.line for fault in wrong.value.faults] == [2, 4]


# ---------------------------------------------------------------- flows


def test_the_small_content_loads(tmp_path: Path):
    library = the_library(tmp_path)
    assert list(library.flows) == ["lost"]
    assert list(library.topics) == ["photo"]
    assert list(library.events) == ["gone"]
    assert library.flow_or_topic("photo") is library.topics["photo"]


def test_questions_keep_their_order_words_and_addresses(tmp_path: Path):
    flow = the_library(tmp_path).flows["lost"]
    assert list(flow.questions) == ["what", "noticed_on", "police"]
    what = flow.questions["what"]
    assert what.ask.address == "lost/what.ask"
    assert what.ask.translators == 'Do not write "you".'
    assert what.why is not None
    assert what.why.address == "lost/what.why"
    assert what.only_if["lost"].address == "lost/what.only_if.lost"
    broken = what.options[1]
    assert (broken.id, broken.label.address, broken.ja) == ("broken", "lost/what.broken", "破損")
    assert broken.label.button
    police = flow.questions["police"]
    assert [one.label.address for one in police.options] == [
        "answers/yes_no.yes",
        "answers/yes_no.no",
    ]


def test_a_shared_question_keeps_its_address_unless_the_flow_says_it_otherwise(tmp_path: Path):
    flow = the_library(tmp_path).flows["lost"]
    assert flow.refine["age"].ask.address == "shared/q.age.ask"
    assert flow.refine["age"].refine
    assert flow.refine["age"].shared == "age"
    own = edited(
        tmp_path / "own", "lost.yaml", "age: {use: age}", 'age: {use: age, ask: "Your age?"}'
    )
    flow = load_library(own).flows["lost"]
    assert flow.refine["age"].ask.address == "lost/age.ask"
    assert flow.refine["age"].shared == "age"
    assert flow.refine["age"].unit == "years"


def test_bands_have_limits_and_an_open_end(tmp_path: Path):
    age = the_library(tmp_path).shared_questions["age"]
    assert age.bands == (("child", {"below": 16}), ("adult", {}))


def test_a_question_with_a_table_offers_its_rows(tmp_path: Path):
    status = the_library(tmp_path).shared_questions["status"]
    assert [(one.id, one.group, one.label.address) for one in status.options] == [
        ("engineer", "work", "status/engineer")
    ]


def test_conditions_have_one_normal_form(tmp_path: Path):
    text = "{any: [{police: yes}, {not: {what: lost}}], what: [lost, broken]}"
    root = edited(tmp_path, "lost.yaml", "when: {police: [no, unknown]}", f"when: {text}")
    said = load_library(root).flows["lost"].outcomes["apply"].say[1]
    assert said.when is not None
    assert said.when.raw == (
        "all",
        (
            ("any", (("is", "police", frozenset({"yes"})),
                     ("not", ("is", "what", frozenset({"lost"}))))),
            ("is", "what", frozenset({"lost", "broken"})),
        ),
    )  # fmt: skip
    assert said.when.names == {"police", "what"}
    assert said.when.at[0] == "flows/lost.yaml"


def test_a_condition_on_one_name_is_just_that(tmp_path: Path):
    branch = the_library(tmp_path).flows["lost"].questions["what"].next[0]
    assert branch.when is not None
    assert branch.when.raw == ("is", "what", frozenset({"broken"}))


def test_deadlines_carry_their_offset_and_their_label(tmp_path: Path):
    opens = "source: law\n    opens: {subtract: {months: 3}}"
    root = edited(tmp_path, "lost.yaml", "source: law", opens)
    day = load_library(root).flows["lost"].deadlines["apply_by"]
    assert day.offset == Offset(days="card.days", sign=1)
    assert day.opens == Offset(months=3, sign=-1)
    assert day.label is not None
    assert day.label.address == "lost/apply_by.label"
    assert (day.counts_from, day.first_day, day.office) == (
        ("noticed_on",),
        "excluded",
        "immigration",
    )


def test_a_paper_of_a_group_is_needed_when_both_conditions_hold(tmp_path: Path):
    flow = the_library(tmp_path).flows["lost"]
    papers = {(one.id, one.text.address): one for one in flow.documents}
    reason = papers["reason", "lost/doc.reason"]
    assert reason.source == "law"
    assert reason.when is not None
    assert reason.when.raw == (
        "all",
        (
            ("is", "apply_by", frozenset({"passed"})),
            ("is", "age", frozenset({"adult", "unknown"})),
        ),
    )
    relation = papers["relation", "document/children.relation"]
    assert relation.get_from == "city_hall"
    assert [one.id for one in flow.documents] == ["form", "reason", "form", "relation"]


def test_a_group_stands_for_its_papers_in_an_outcome(tmp_path: Path):
    outcomes = the_library(tmp_path).flows["lost"].outcomes
    assert outcomes["apply"].documents == ("form", "relation")
    assert outcomes["late"].documents is None


def test_outcomes_have_lines_for_what_depends(tmp_path: Path):
    apply = the_library(tmp_path).flows["lost"].outcomes["apply"]
    assert [line.level for line in apply.handoff] == ["urgent", "none"]
    assert [follow.flow for follow in apply.follow_ups] == ["photo", "later"]
    assert apply.authority == ("immigration",)
    assert apply.headline is not None
    assert apply.say[0].params == ("apply_by",)
    assert apply.say[1].source == "law"


def test_steps_have_their_own_deadline_papers_and_addresses(tmp_path: Path):
    steps = """
    steps:
      report: {authority: municipality, deadline: apply_by, documents: [late_papers],
        when: {what: lost}, say: {do: "Report it by %(apply_by)s."}}
    sources: [page]
  late:"""
    root = edited(tmp_path, "lost.yaml", "\n    sources: [page]\n  late:", steps)
    step = load_library(root).flows["lost"].outcomes["apply"].steps[0]
    assert (step.authority, step.deadline, step.documents) == (
        ("municipality",),
        "apply_by",
        ("reason",),
    )
    assert step.say[0].address == "lost/apply.report.do"


def test_plural_forms_and_placeholders_are_read_from_the_text(tmp_path: Path):
    forms = '{one: "%(card.days)s day, 100%%", other: "%(card.days)s days"}'
    new = f"{{now: {{text: {forms}, count: card.days}}, x: Now.}}"
    root = edited(tmp_path, "lost.yaml", "{now: Apply at once.}", new)
    said = load_library(root).flows["lost"].outcomes["late"].say[0]
    assert (said.text, said.plural) == ("%(card.days)s day, 100%%", "%(card.days)s days")
    assert (said.count, said.params) == ("card.days", ("card.days",))


def test_what_an_outcome_says_of_certainty_counts_for_its_sentences(tmp_path: Path):
    new = "{now: Apply at once., b: {text: B., grade: A}}\n    grade: C\n    confirm: ask_isa"
    root = edited(tmp_path, "lost.yaml", "{now: Apply at once.}", new)
    now, b = load_library(root).flows["lost"].outcomes["late"].say
    assert (now.grade, now.confirm) == ("C", "ask_isa")
    assert (b.grade, b.confirm) == ("A", "ask_isa")


def test_the_fingerprint_changes_with_the_questions_and_not_with_the_words(tmp_path: Path):
    def of(name: str, old: str, new: str) -> str:
        root = edited(tmp_path / name, "lost.yaml", old, new)
        return load_library(root).flows["lost"].fingerprint

    same = of("same", "What happened?", "What happened?")
    assert len(same) == 8
    assert same == of("words", "What happened?", "What is it?")
    assert same == of("label", "I lost it", "Lost")
    assert same == of("said", "Apply at once.", "Go.")
    assert same != of("option", "lost: I lost it", "gone: Gone, lost: I lost it")
    assert same != of("branch", "when: {apply_by: passed}", "when: {apply_by: [passed, grace]}")


def test_a_topic_is_a_flow_with_one_outcome(tmp_path: Path):
    topic = the_library(tmp_path).topics["photo"]
    assert (topic.kind, topic.start, list(topic.outcomes)) == ("topic", "age", ["answer"])
    assert topic.questions["age"].next[0].go == "answer"
    assert topic.outcomes["answer"].say[0].address == "topic/photo/answer.needed"
    assert topic.title.address == "topic/photo/title"


def test_a_topic_without_a_question_starts_at_its_answer(tmp_path: Path):
    root = content(tmp_path, topics__photo="""\
        topic: photo
        title: Photo
        say: {a: A.}
        sources: [page]
        papers: {form: {}}
        documents: [form]
        """)  # fmt: skip
    topic = load_library(root).topics["photo"]
    assert topic.start == "answer"
    assert [one.id for one in topic.documents] == ["form"]
    assert topic.outcomes["answer"].documents == ("form",)


def test_an_event_has_its_duties_in_order(tmp_path: Path):
    event = the_library(tmp_path).events["gone"]
    assert [duty.flow for duty in event.duties] == ["lost", "later", None]
    assert [duty.deadline for duty in event.duties] == ["apply_by", None, None]
    assert event.duties[2].say[0].address == "event/gone/duties.elsewhere"
    assert [question.name for question in event.ask] == ["age"]
    assert event.not_due[0].address == "event/gone/not_due.nothing"
    assert event.sources == ("page",)


# ---------------------------------------------------------------- shared files


def test_a_rule_has_values_of_each_kind(tmp_path: Path):
    rules = the_library(tmp_path).rules
    always, bands, between, expected, ended = rules["card.fee"].values
    assert (always.since, always.value) == (None, 0)
    assert (bands.since, bands.bands) == (date(2026, 10, 1), {"short": 100, "long": 200})
    assert between.value == (10, 20)
    assert expected.expected
    assert ended.ended
    assert rules["card.joint"].values[0].value is True
    assert rules["card.old_until"].values[0].value == date(2027, 3, 31)


def test_closed_days_are_every_single_day(tmp_path: Path):
    closed = the_library(tmp_path).closed
    assert {date(2026, 11, 23), date(2020, 1, 1), date(2035, 12, 31)} <= closed
    assert date(2026, 12, 30) not in closed


def test_offices_know_their_areas_and_places_their_names(tmp_path: Path):
    library = the_library(tmp_path)
    kawasaki = library.offices["kawasaki"]
    assert kawasaki.partial == {"13": frozenset({"13209"})}
    assert kawasaki.phone is None
    assert kawasaki.name.address == "office/kawasaki"
    assert library.offices["tokyo"].phone == "0570-1"
    assert library.places == {"13": "Tokyo (東京都)"}


def test_talk_statuses_sources_and_the_office_are_read(tmp_path: Path):
    library = the_library(tmp_path)
    assert library.talk["welcome"].address == "talk/welcome"
    assert library.talk["button_no-id"].button
    assert library.statuses["engineer"].facts["periods"] == ["5y", "3m"]
    assert library.status_groups["work"].address == "status-group/work"
    assert library.sources["law"].checked == date(2026, 11, 20)
    assert library.office["hours"] == {"from": "9:00"}
    assert library.planned == {"later"}


def test_an_empty_folder_is_an_empty_library(tmp_path: Path):
    library = load_library(tmp_path)
    assert not library.flows
    assert not library.talk
    assert library.closed == frozenset()


# ---------------------------------------------------------------- sentences


def test_every_sentence_comes_once_with_its_file(tmp_path: Path):
    found = {one.address: file for one, file in all_sentences(the_library(tmp_path))}
    assert found["lost/apply.by"] == "flows/lost.yaml"
    assert found["shared/q.age.ask"] == "flows/shared/questions.yaml"
    assert found["answers/yes_no.no"] == "flows/shared/answers.yaml"
    assert found["document/form.note"] == "flows/shared/documents.yaml"
    assert found["document/children.relation"] == "flows/shared/document-sets.yaml"
    assert found["source/law"] == "flows/shared/sources.yaml"
    assert {
        "lost/title", "lost/apply.headline", "lost/apply_by.label", "lost/doc.reason",
        "topic/photo/answer.size", "event/gone/title", "event/gone/not_due.nothing",
        "status/engineer", "status-group/work", "office/tokyo", "talk/welcome",
    } <= set(found)  # fmt: skip
    addresses = [one.address for one, _ in all_sentences(the_library(tmp_path))]
    assert len(addresses) == len(set(addresses))


def test_the_sentences_of_a_flow_include_the_shared_ones_it_uses(tmp_path: Path):
    library = the_library(tmp_path)
    addresses = {one.address for one in sentences_of(library.flows["lost"])}
    assert {"lost/title", "shared/q.age.ask", "answers/yes_no.no", "document/form"} <= addresses
    assert not any(address.startswith("topic/") for address in addresses)


# ---------------------------------------------------------------- the real content


def test_the_content_of_the_project_loads():
    library = load_library(ROOT / "flows")
    assert {"extension", "lost-card", "move"} <= set(library.flows)


@pytest.mark.parametrize(
    "words",
    [
        load_flow.FLOW, load_flow.TOPIC, load_flow.EVENT, load_flow.DEADLINE, load_flow.OFFICES,
        load_flow.IF_CLOSED, load_flow.TELL, load_outcomes.OUTCOME, load_outcomes.STEP,
        load_outcomes.AUTHORITIES, load_outcomes.CHANNELS, load_outcomes.SHOW,
        load_outcomes.LEVELS, load_parts.SENTENCE, load_parts.OPTION, load_parts.ASKED,
        load_parts.USED, load_parts.GRADES, load_parts.CONFIRM, load_papers.GROUP,
        load_papers.IN_PLACE, load_papers.SET, load_shared.UNITS, load_shared.GET_FROM,
        load_shared.COPY, load_shared.SOURCE, load.SHARED_FILES, check_names.DEADLINE_WORDS,
        check_names.AMOUNT_WORDS, check_names.DEADLINE_PARTS,
    ],
)  # fmt: skip
def test_the_page_on_the_grammar_names_every_word_that_the_loader_knows(words: frozenset[str]):
    page = set(re.findall(r"[A-Za-z0-9_-]+", (ROOT / "flows/README.md").read_text("utf-8")))
    assert words - page == set()


def test_the_content_of_the_project_has_no_address_twice():
    library = load_library(ROOT / "flows")
    texts: dict[str, str] = {}
    for sentence, file in all_sentences(library):
        assert file.startswith("flows/"), sentence.address
        assert texts.setdefault(sentence.address, sentence.text) == sentence.text


def test_all_faults_of_all_files_come_at_once(tmp_path: Path):
    root = content(
        tmp_path,
        lost="flow: lost\ntitle: x\nstart: a\nquestions: {}\noutcomes: {}\nwrong: 1\n",
        shared__rules="x.y: {unit: parsecs}\n",
        topics__photo="a: {",
    )
    assert {fault.file for fault in faults_of(root)} >= {
        "flows/lost.yaml", "flows/shared/rules.yaml", "flows/topics/photo.yaml",
    }  # fmt: skip


def test_a_paper_counts_with_the_condition_of_the_group_that_an_outcome_names(tmp_path):
    old = "  young: {use: children, when: {what: lost}}\noutcomes:"
    new = old.replace("outcomes:", "  always_needed: {papers: {form: {}}}\noutcomes:")
    apply = load_library(edited(tmp_path, "lost.yaml", old, new)).flows["lost"].outcomes["apply"]
    assert apply.entries == {("form", "form"), ("young", "form"), ("young", "relation")}
    assert apply.documents == ("form", "relation")


def test_a_paper_named_by_itself_counts_in_each_group_unless_it_stands_alone_too(tmp_path):
    listed = "documents: [form, young]"
    alone = load_library(edited(tmp_path / "a", "lost.yaml", listed, "documents: [form]"))
    assert alone.flows["lost"].outcomes["apply"].entries == {("form", "form")}
    grouped = load_library(edited(tmp_path / "b", "lost.yaml", listed, "documents: [relation]"))
    assert grouped.flows["lost"].outcomes["apply"].entries == {("young", "relation")}


def test_a_paper_without_condition_elsewhere_does_not_become_certain(tmp_path):
    old = "  young: {use: children, when: {what: lost}}\noutcomes:"
    paper = "relation: {text: Proof of the relation, ja: 住民票, source: page}"
    new = old.replace("outcomes:", f"  always_needed: {{papers: {{{paper}}}}}\noutcomes:")
    root = edited(tmp_path, "lost.yaml", old, new)
    engine = Engine(load_library(root))
    papers = {paper.document.id: paper for paper in engine.plans("lost")["apply"].papers}
    assert [way.condition is None for way in papers["relation"].ways] == [False]
