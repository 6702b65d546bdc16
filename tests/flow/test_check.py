"""Each way in which content can be wrong is found, and the fault says where and what is right."""

# ruff: noqa: E501 - the tables of cases are laid out for the eye, one case a line

from datetime import date
from pathlib import Path

import pytest
from content_files import FLOW, content, edited, faults_of

from bot.flow.check import check_library, graphemes
from bot.flow.faults import Fault, WrongContent, one_of
from bot.flow.load import load_library, read_library

ROOT = Path(__file__).resolve().parent.parent.parent

SHAPE = [
    # old text, new text, what the fault says
    ("start: what", "strat: what", "lost.yaml:4: flow 'lost' knows no 'strat'; did you mean 'start'?"),
    ("title: Lost card", "titel: Lost card", "flow 'lost' has no 'title'; add `title: ...`"),
    ("flow: lost", "flow: lots", "the file is called lost.yaml and says flow: lots"),
    ("kind: choice", "kind: chioce", "'kind' of question 'what' is never 'chioce'; did you mean 'choice'?"),
    ("not_after: today", "not_afte: today", "knows no 'not_afte'; did you mean 'not_after'?"),
    ("tell: open_day_before", "tell: soon", "'tell' of deadline 'apply_by' is never 'soon'"),
    ("    if_closed: next_open_day\n", "", "deadline 'apply_by' has no 'if_closed'"),
    ("    first_day: excluded\n", "", "deadline 'apply_by' has no 'first_day'"),
    ("counts_from: [noticed_on]", "counts_from: []\n    on: card.old_until", "has 2 beginnings"),
    ("add: {days: card.days}", "add: {days: card.days}\n    subtract: {days: 1}", "adds and subtracts"),
    ("add: {days: card.days}", "add: {hours: 3}", "knows no 'hours'"),
    ("- {rule: card.fee}", "- {when: {what: lost}}", "a line of amount 'fee' has no 'rule'"),
    ("fee:\n    - {rule: card.fee}", "fee: {rule: card.fee}", "amount 'fee' is no list"),
    ("{when: {what: broken}, go: exchange}", "{when: {what: broken}}", "has no 'go'"),
    ("{when: {what: broken}, go: exchange}", "{if: {what: broken}, go: exchange}", "knows no 'if'"),
    ("when: {what: broken}", "when: [what]", "this condition is no mapping"),
    ("when: {what: broken}", "when: {any: {what: broken}}", "'any' has no list of conditions"),
    ("when: {police: [no, unknown]}", "when: {police: false}", "'police' is never false; write yes or no"),
    ("when: {police: [no, unknown]}", "when: {card.joint: true}", "write on or off"),
    ("when: {police: [no, unknown]}", "when: {Police!: no}", "no name that a condition can read"),
    ("{now: Apply at once.}", "{now: ~}", "sentence 'lost/late.now' has no text"),
    ("{now: Apply at once.}", "{now: {txt: Go.}}", "knows no 'txt'; did you mean 'text'?"),
    ("{now: Apply at once.}", "{Now: Go.}", "'Now' is no name for a sentence"),
    ("{now: Apply at once.}", "{now: 50% now}", "stray '% now'"),
    ("{now: Apply at once.}", '{now: "%(apply_by)d"}', "write %(name)s for a value"),
    ("{now: Apply at once.}", "{now: {text: {one: a, other: b}}}", "two forms and no count"),
    ("{now: Apply at once.}", "{now: {text: a, count: fee}}", "has a count and one form"),
    ("{now: Apply at once.}", "{now: {text: {one: a}, count: fee}}", "has no 'other'"),
    ("handoff: offer", "handoff: maybe", "'handoff' of outcome 'late' is never 'maybe'"),
    ("authority: immigration", "authority: [immigation]", "did you mean 'immigration'?"),
    ("channel: [counter]", "channel: [fax]", "it is one of counter, online, post"),
    ("show: [deadlines,", "show: [deadlines, deadlines,", "has 'deadlines' twice"),
    ("documents: [form, young]", "documents: [form, yuong]", "no group of papers is called 'yuong'"),
    ("documents:\n  form:", "documents:\n  from:", "no shared paper is called 'from'"),
    ("young: {use: children", "young: {use: childs", "no set of papers is called 'childs'"),
    ("options: {use: yes_no}", "options: {use: yes_on}", "no set of answers is called 'yes_on'"),
    ("age: {use: age}", "age: {use: aeg}", "no shared question is called 'aeg'"),
    ("age: {use: age}", "old: {use: age}", "a shared question keeps its name"),
    ("age: {use: age}", "age: {use: age, options: {a: A}}", "knows no 'options'"),
    ("age: {use: age}", "age: {use: age, next: [{go: late}]}", "refine question 'age' has a `next`"),
    ("what:\n    kind: choice", "what:\n    kind: choice\n    bands: {a: ~}", "is a choice and has bands"),
    ("  age: {use: age}\n", "", "rest on 'age', which this flow does not ask"),
    ("reason: {text: Written reason,", "reason: {copy: fax, text: Written reason,", "never 'fax'"),
]  # fmt: skip

MEANING = [
    ("start: what", "start: waht", "the flow starts at 'waht', which is no question; did you mean 'what'?"),
    ("- go: police", "- go: polcie", "no question and no outcome is called 'polcie'"),
    ("      - go: police\n", "", "the last branch of 'noticed_on' has a condition"),
    ("next: [{go: apply}]", "next: [{go: apply}, {go: late}]", "is never used; put it last"),
    ("next: [{go: apply}]", "next: []", "nothing follows the question 'police'"),
    ("next: [{go: apply}]", "next: [{go: what}]", "go in a circle: what -> noticed_on -> police -> what"),
    ("{when: {what: broken}, go: exchange}", "{when: {what: broken}, go: late}", "'exchange' can never be reached"),
    ("when: {what: broken}", "when: {what: brokn}", "'what' is never 'brokn'; did you mean 'broken'?"),
    ("when: {what: broken}", "when: {what: unsure}", "'what' is never 'unsure'; write unknown"),
    ("when: {apply_by: passed}, go", "when: {aply_by: passed}, go", "nothing here is called 'aply_by'; did you mean 'apply_by'?"),
    ("when: {apply_by: passed}, go", "when: {apply_by: over}, go", "'apply_by' is never 'over'"),
    ("when: {apply_by: passed}, go", "when: {card.joint: yes}, go", "'card.joint' is never 'yes'; it is one of off, on, unknown"),
    ("when: {apply_by: passed}, go", "when: {police: yes}, go", "'police' is not known on every way to 'noticed_on'"),
    ("{now: Apply at once.}", "{now: Apply at once., x: {text: X., when: {noticed_on: unknown}}, y: {text: Y., when: {police: yes}}}",
     "'police' is not known on every way to 'late': 'police' is not always asked; ask it before, or list it in `optional: [police]`"),
    ("{free: There is no time limit.}", "{free: A., x: {text: X., when: {apply_by: passed}}}", "'noticed_on' is not always asked"),
    ("age: {use: age}", "age: {use: age}\n  fee: {kind: text, ask: Fee?}", "'fee' is a refine question and an amount"),
    ("counts_from: [noticed_on]", "counts_from: [police]", "counts from 'police', which is no question of a day"),
    ("counts_from: [noticed_on]", "counts_from: [apply_by]", "'apply_by' counts from itself"),
    ("counts_from: [noticed_on]", "counts_from: [noticed_on]\n    seen_from: noticed", "is seen from 'noticed', which is no question of a day; did you mean 'noticed_on'?"),
    ("counts_from: [noticed_on]", "earliest_of: [other]", "names the deadline 'other'"),
    ("add: {days: card.days}", "add: {days: card.day}", "no rule is called 'card.day'; did you mean 'card.days'?"),
    ("add: {days: card.days}", "add: {months: card.days}", "'card.days' has the unit days; a rule of unit months belongs here"),
    ("source: law\namounts", "source: lwa\namounts", "no source is called 'lwa'; did you mean 'law'?"),
    ("source: law\namounts", "source: law\n    grade: C\namounts", "has grade C and no 'confirm'"),
    ("- {rule: card.fee}", "- {rule: card.fees}", "no rule is called 'card.fees'"),
    ("- {rule: card.fee}", "- {rule: card.days}", "has the unit days"),
    ("- {rule: card.fee}", "- {rule: card.fee, band: medium}", "has no band 'medium'"),
    ("    source: law\n    papers:", "    papers:", "paper 'reason' has no source"),
    ("not_after: today", "not_after: tomorrow", "not_after of 'noticed_on' is 'tomorrow', which is no day"),
    ('only_if: {lost: "Only if it is lost:"}', 'only_if: {gone: "Only if:"}', "has 'gone', which is no answer"),
    ("Apply by %(apply_by)s.", "Apply by %(aply_by)s.", "nothing here fills the placeholder 'aply_by'; did you mean 'apply_by'?"),
    ("Apply by %(apply_by)s.", "Apply by %(apply_by.low)s.", "did you mean 'law'?"),
    ("What happened?", "Within %(card.days)s days?", "only sentences of outcomes and talk can have one"),
    ("{now: Apply at once.}", "{now: {text: Apply., grade: V}}", "has grade V and no 'confirm'"),
    ("{now: Apply at once.}", "{now: {text: Apply., grade: V, confirm: unconfirmed}}", "add `confirm_unconfirmed` to shared/talk.yaml"),
    ("    sources: [page]\n  exchange:", "  exchange:", "'lost/late.now' has no source"),
    ("start_flow: later", "start_flow: latter", "no procedure, topic or event is called 'latter'"),
    ("start_flow: later", "start_flow: lost", "'lost' leads to itself"),
    ("{flow: photo,", "{flow: foto,", "is called 'foto'; did you mean 'photo'?"),
    ("{now: Apply at once.}", '{now: "Apply by %(apply_by)s."}', "outcome 'late' may say nothing when an answer is not known"),
    ("headline: Apply now\n", "# no headline\n", "outcome 'apply' may say nothing"),
    ("as_of: filing_on\n", "", "'card.fee' changes over time and no day decides"),
    ("as_of: filing_on\n", "as_of: police\n", "as_of names 'police', which is no day"),
    ("  filing_on: {use: filing_on}\n", "", "as_of is filing_on, which nobody can change"),
    ("as_of: filing_on", "as_of: filing_on\noptional: [nobody]", "'optional' lists 'nobody'"),
    ("lost: I lost it", "lost: I lost it somewhere in town", "has 27 characters; a button has room for 20"),
    ("{now: Apply at once.}", '{now: "See http://www.moj.go.jp/x"}', "is not https"),
    ("{now: Apply at once.}", '{now: "See https://www.moj.co.jp/x."}', "is not official: www.moj.co.jp"),
    ("options: {use: yes_no}", "options: {" + ", ".join(f"a{n}: A{n}" for n in range(14)) + "}", "has 14 options"),
]  # fmt: skip

SHARED = [
    ("shared/rules.yaml", "unit: days", "unit: dyas", "never 'dyas'; did you mean 'days'?"),
    ("shared/rules.yaml", "value: 14,", 'value: "14",', "write a whole number"),
    ("shared/rules.yaml", "value: true", "value: on", "write true or false (unit: flag)"),
    ("shared/rules.yaml", "value: 2027-03-31", "value: 2027-02-31", "write YYYY-MM-DD (unit: day)"),
    ("shared/rules.yaml", "value: 14,", "value: 14, bands: {a: 1},", "write exactly one"),
    ("shared/rules.yaml", "source: law, grade: A}}", "source: law}}", "has no 'grade'"),
    ("shared/rules.yaml", "source: law, grade: A}}", "source: lae, grade: A}}", "called 'lae'"),
    ("shared/rules.yaml", "2026-10-01", "2027-02-01", "the days of rule 'card.fee' do not ascend"),
    ("shared/rules.yaml", "2026-10-01", "2026-13-01", "'2026-13-01' is no day"),
    ("shared/rules.yaml", "card.days:", "carddays:", "'carddays' is no name for a rule"),
    ("shared/rules.yaml", "values: {always: {value: 14, source: law, grade: A}}", "values: {}", "no value"),
    ("shared/sources.yaml", "checked: 2026-11-20", "checked: soon", "'checked' of source 'law' is no day"),
    ("shared/sources.yaml", "laws.e-gov.go.jp", "laws.example.com", "not official: laws.example.com"),
    ("shared/questions.yaml", "child: {below: 16}", "child: {upto: card.older}", "called 'card.older'"),
    ("shared/questions.yaml", "child: {below: 16}", "child: ~", "band 'child' of question 'age' is open"),
    ("shared/questions.yaml", "adult: ~", "adult: {upto: 9}", "band 'adult' of question 'age' ends"),
    ("shared/questions.yaml", "child: {below: 16}", "child: {until: 16}", "knows no 'until'"),
    ("shared/questions.yaml", "default: next_open_day", "default: never", "default of 'filing_on'"),
    ("shared/documents.yaml", "get_from: immigration", "get_from: imigration", "did you mean"),
    ("shared/statuses.yaml", "group: work", "group: wrok", "is never 'wrok'; did you mean 'work'?"),
    ("shared/offices.yaml", "'13209'", "13209a", "is no JIS code"),
    ("shared/offices.yaml", "parent: tokyo", "parent: osaka", "belongs to 'osaka'"),
    ("shared/closed_days.yaml", "12-31", "12-32", "'12-32' is no day of every year"),
    ("shared/closed_days.yaml", "2026-11-23", "2026-11-31", "'2026-11-31' is no day"),
    ("shared/planned.yaml", "- later", "- Later!", "is no public id"),
    ("shared/talk.yaml", "text: Go on", "text: Go on to the next question", "room for 20"),
    ("topics/photo.yaml", "ask: [age]", "ask: [age, status]", "asks 2 questions; ask at most 1"),
    ("topics/photo.yaml", "when: {age: adult}", "when: {age: old}", "'age' is never 'old'"),
    ("events/gone.yaml", "flow: later", "flow: never", "is called 'never'"),
    ("events/gone.yaml", "flow: lost,", "flow: lost, step: report,", "'lost' has no step 'report'"),
    ("events/gone.yaml", "age: [adult, child]", "age: [adlut]", "did you mean 'adult'?"),
    ("events/gone.yaml", "sources: [page]", "sources: [pgae]", "no source is called 'pgae'"),
    ("events/gone.yaml", "sources: [page]", "title_ja: x", "has no source"),
    ("events/gone.yaml", "deadline: apply_by", "deadline: apply_on", "has no deadline 'apply_on'"),
    ("events/gone.yaml", "deadline: apply_by", "answers: {waht: lost}", "'lost' has no question 'waht'"),
    ("events/gone.yaml", "deadline: apply_by", "answers: {what: lots}", "'what' of 'lost' is never 'lots'"),
    ("events/gone.yaml", "deadline: apply_by", "answers: {noticed_on: 2026-11-01}", "'noticed_on' of 'lost' is a date"),
    ("events/gone.yaml", "{say: {elsewhere", "{step: go, say: {elsewhere", "without a flow"),
    ("events/gone.yaml", "- {flow: later}", "- {authority: [none]}", "leads nowhere"),
    ("events/gone.yaml", "the bank.", "%(bank)s.", "fills the placeholder 'bank'"),
]  # fmt: skip


def test_the_small_content_is_right(tmp_path: Path):
    assert faults_of(content(tmp_path)) == ()


@pytest.mark.parametrize("old, new, says", [*SHAPE, *MEANING])
def test_a_wrong_flow_is_refused(tmp_path: Path, old: str, new: str, says: str):
    faults = [str(one) for one in faults_of(edited(tmp_path, "lost.yaml", old, new))]
    assert [one for one in faults if says in one], faults
    assert all(one.startswith("flows/") for one in faults)


@pytest.mark.parametrize("file, old, new, says", SHARED)
def test_a_wrong_shared_file_is_refused(tmp_path: Path, file: str, old: str, new: str, says: str):
    faults = [str(one) for one in faults_of(edited(tmp_path, file, old, new))]
    assert [one for one in faults if says in one], faults


@pytest.mark.parametrize(
    "old, new, stands_in",
    [
        ("next: [{go: apply}]", "next: [{go: aply}]", "    next: [{go: apply}]"),
        (
            "when: {what: broken}",
            "when: {what: brokn}",
            "      - {when: {what: broken}, go: exchange}",
        ),
        ("source: law\namounts", "source: lwa\namounts", "  apply_by:"),
        ("{now: Apply at once.}", '{now: "%(x)s"}', "    say: {now: Apply at once.}"),
    ],
)
def test_a_fault_names_the_line(tmp_path: Path, old: str, new: str, stands_in: str):
    faults = faults_of(edited(tmp_path, "lost.yaml", old, new))
    assert FLOW.splitlines().index(stands_in) + 1 in {one.line for one in faults}, faults


def test_an_unknown_key_lists_the_allowed_ones(tmp_path: Path):
    fault = faults_of(edited(tmp_path, "shared/talk.yaml", "button: true", "colour: red"))[0]
    assert fault.what == "sentence 'talk/button_no-id' knows no 'colour'"
    assert "allowed: button, confirm, count, grade, source, text, translators" in fault.right


def test_a_file_that_nobody_reads_is_told(tmp_path: Path):
    root = content(tmp_path)
    (root / "shared" / "rulez.yaml").write_text("a: b", encoding="utf-8")
    (root / "shared" / "talk.yml").write_text("a: b", encoding="utf-8")
    assert [(one.file, one.what) for one in faults_of(root)] == [
        ("flows/shared/rulez.yaml", "nobody reads this file"),
        ("flows/shared/talk.yml", "nobody reads this file"),
    ]


def test_all_faults_are_raised_together_in_order(tmp_path: Path):
    root = content(tmp_path, lost=FLOW.replace("apply_by: passed}, go", "apply_by: x}, go")
                   .replace("- go: police", "- go: x"), shared__planned="[]")  # fmt: skip
    with pytest.raises(WrongContent) as wrong:
        load_library(root)
    faults = wrong.value.faults
    assert len(faults) >= 4
    assert list(faults) == sorted(faults)
    assert str(wrong.value).startswith(f"{len(faults)} faults in the content:\nflows/")


# ---------------------------------------------------------------- finer points


def test_an_optional_name_may_be_read_although_not_every_way_asks_it(tmp_path: Path):
    new = "{now: Apply at once., y: {text: Y., when: {police: yes}}}"
    wrong = edited(tmp_path, "lost.yaml", "{now: Apply at once.}", new)
    assert faults_of(wrong)
    path = wrong / "lost.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "start: what", "start: what\noptional: [police]"
    )
    path.write_text(text, encoding="utf-8")
    assert faults_of(wrong) == ()


def test_words_for_every_state_of_a_deadline_count_as_always_said(tmp_path: Path):
    covered = FLOW.replace("    headline: Apply now\n", "").replace(
        "say:\n      by: {",
        "say:\n      dunno: {text: Apply now., when: {apply_by: unknown}}\n      by: {",
    )
    assert faults_of(content(tmp_path / "a", lost=covered)) == ()
    half = covered.replace("when: {apply_by: [ahead, today]}", "when: {apply_by: today}")
    assert "may say nothing" in faults_of(content(tmp_path / "b", lost=half))[0].what


def test_a_last_day_that_is_told_needs_words_for_the_days_after_it(tmp_path: Path):
    practice = FLOW.replace("if_closed: next_open_day", "if_closed: practice_next_open_day")
    faults = faults_of(content(tmp_path / "a", lost=practice))
    assert {one.what.rpartition(" ")[2] for one in faults} == {"'no_open_day'", "'grace'"}
    said = practice.replace(
        "      police_first:",
        "      closed: {text: Go on the first open day., when: {apply_by: [no_open_day, grace]}}\n"
        "      police_first:",
    )
    assert faults_of(content(tmp_path / "b", lost=said)) == ()


def test_states_that_a_branch_has_sent_elsewhere_need_no_words(tmp_path: Path):
    # `passed` goes to the outcome `late`; without that branch the outcome `apply` needs words.
    stays = FLOW.replace(
        "- {when: {apply_by: passed}, go: late}", "- {when: {what: broken}, go: late}"
    )
    faults = faults_of(content(tmp_path, lost=stays))
    assert [one.what for one in faults] == [
        "outcome 'apply' tells 'apply_by' and has no words for 'passed'"
    ]


def test_a_rule_without_a_value_today_is_found_when_the_day_is_known(tmp_path: Path):
    root = edited(tmp_path, "shared/rules.yaml", "values: {always: {value: 30",
                  "values: {2020-01-01: {value: 30")  # fmt: skip
    assert faults_of(root) == ()
    library, faults = read_library(root)
    assert faults == []
    assert check_library(library, date(2026, 11, 22)) == []
    assert check_library(library, date(2019, 12, 31)) == []  # announced
    late = edited(
        tmp_path / "b", "shared/rules.yaml", "2026-06-14: {value: true", "always: {ended: true"
    )
    library, _ = read_library(late)
    assert check_library(library, date(2026, 11, 22)) == []  # ended is a value, too


def test_characters_are_counted_as_readers_see_them():
    assert graphemes("한국어") == 3
    assert graphemes("တင်သွင်း") < len("တင်သွင်း")
    assert graphemes("👨‍👩‍👧") == 1


def test_the_nearest_name_is_offered_else_the_known_ones():
    assert one_of("aply", ["apply", "late"]) == "did you mean 'apply'?"
    assert one_of("zzz", ["b", "a"]) == "it is one of a, b"
    assert one_of("zzz", map(str, range(30))).endswith(", ...")
    assert one_of("zzz", []) == "nothing can stand here"


def test_a_fault_prints_its_place():
    assert str(Fault("flows/a.yaml", 12, "wrong", "right")) == "flows/a.yaml:12: wrong; right"
    assert str(Fault("flows/a.yaml", 0, "wrong")) == "flows/a.yaml: wrong"


@pytest.mark.parametrize("broken", ["", ": 5", ": ~", ": true", ": {a: {b: [1]}}", ": [x, {y: z}]"])
def test_no_broken_line_stops_the_loader_from_telling_what_is_wrong(tmp_path: Path, broken: str):
    root = content(tmp_path)
    for file in ("lost.yaml", "shared/rules.yaml", "shared/questions.yaml", "topics/photo.yaml"):
        path = root / file
        lines = path.read_text(encoding="utf-8").splitlines()
        for index, line in enumerate(lines):
            new = line.split(":")[0] + broken if broken else ""
            path.write_text("\n".join([*lines[:index], new, *lines[index + 1 :]]), encoding="utf-8")
            assert all(str(fault) for fault in faults_of(root))
        path.write_text("\n".join(lines), encoding="utf-8")
    assert faults_of(root) == ()


def test_the_content_of_the_project_is_right_today():
    assert load_library(ROOT / "flows", today=date(2026, 11, 22)).flows
