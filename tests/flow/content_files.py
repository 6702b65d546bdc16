"""A small, right content folder for tests of the loader, and ways to make it wrong."""

from pathlib import Path
from textwrap import dedent

from bot.flow.faults import Fault, WrongContent
from bot.flow.load import load_library
from bot.flow.model import Library

FLOW = """\
flow: lost
title: Lost card
title_ja: 紛失
start: what
as_of: filing_on
questions:
  what:
    kind: choice
    ask: What happened?
    why: The papers differ.
    translators: Do not write "you".
    options: {lost: I lost it, broken: {text: It is broken, ja: 破損}}
    only_if: {lost: "Only if it is lost:"}
    next:
      - {when: {what: broken}, go: exchange}
      - go: noticed_on
  noticed_on:
    kind: date
    ask: On which day?
    not_after: today
    next:
      - {when: {apply_by: passed}, go: late}
      - go: police
  police:
    kind: choice
    ask: Did you tell the police?
    options: {use: yes_no}
    next: [{go: apply}]
refine:
  filing_on: {use: filing_on}
  age: {use: age}
deadlines:
  apply_by:
    label: Last day to apply
    counts_from: [noticed_on]
    add: {days: card.days}
    first_day: excluded
    office: immigration
    if_closed: next_open_day
    tell: open_day_before
    source: law
amounts:
  fee:
    - {rule: card.fee}
documents:
  form: {when: {what: lost}}
  late_papers:
    when: {apply_by: passed}
    source: law
    papers:
      reason: {text: Written reason, ja: 理由書, when: {age: [adult, unknown]}}
  young: {use: children, when: {what: lost}}
outcomes:
  apply:
    headline: Apply now
    authority: immigration
    channel: [counter]
    say:
      by: {text: "Apply by %(apply_by)s.", when: {apply_by: [ahead, today]}}
      police_first: {text: Go to the police., when: {police: [no, unknown]}, source: law}
    show: [deadlines, documents, offices]
    documents: [form, young]
    follow_ups: [{flow: photo, when: {age: adult}}, {flow: later}]
    handoff: [{level: urgent, when: {apply_by: today}}, {level: none}]
    sources: [page]
  late:
    say: {now: Apply at once.}
    handoff: offer
    sources: [page]
  exchange:
    say: {free: There is no time limit.}
    start_flow: later
    sources: [page]
"""

FILES = {
    "lost.yaml": FLOW,
    "topics/photo.yaml": """\
        topic: photo
        title: Photo
        ask: [age]
        as_of: today
        say:
          needed: {text: "One photo is needed.", when: {age: adult}}
          size: "It is %(photo.width)s mm wide."
        sources: [page]
        """,
    "events/gone.yaml": """\
        event: gone
        title: The card is gone
        ask: [age]
        duties:
        - {flow: lost, when: {age: [adult, child]}, deadline: apply_by, authority: [immigration],
           say: {go: Get a new card.}}
        - {flow: later}
        - {say: {elsewhere: "Tell the bank."}, authority: [none]}
        not_due: {nothing: No separate notice is needed.}
        sources: [page]
        """,
    "shared/questions.yaml": """\
        filing_on:
          {kind: date, ask: "On which day?", not_before: today, default: next_open_day}
        age:
          kind: number
          ask: How old is the holder?
          unit: years
          bands: {child: {below: 16}, adult: ~}
        status: {kind: choice, table: statuses, ask: What is your status?}
        """,
    "shared/answers.yaml": "yes_no: {yes: Yes, no: No}\n",
    "shared/rules.yaml": """\
        card.days:
          about: Days to apply
          unit: days
          values: {always: {value: 14, source: law, grade: A}}
        card.fee:
          about: Fee for a new card
          unit: JPY
          values:
            always: {value: 0, source: law, grade: A}
            2026-10-01: {bands: {short: 100, long: 200}, source: law, grade: B}
            2027-01-01: {value: [10, 20], source: law, grade: B}
            2027-06-01: {expected: true, source: law, grade: C}
            2028-01-01: {ended: true, source: law, grade: B}
        card.joint:
          about: Joint cards exist
          unit: flag
          values: {2026-06-14: {value: true, source: law, grade: A}}
        card.old_until:
          about: Last day of the old rule
          unit: day
          values: {always: {value: 2027-03-31, source: law, grade: A}}
        photo.width:
          about: Width of a photo
          unit: mm
          values: {always: {value: 30, source: page, grade: A}}
        """,
    "shared/sources.yaml": """\
        exceptions: [www.example.or.jp]
        law:
          {title: The Act, ja: 法, publisher: e-Gov, url: "https://laws.e-gov.go.jp/law/1",
           checked: 2026-11-20}
        page:
          {title: A page, publisher: Agency, url: "https://www.moj.go.jp/isa/1.html",
           checked: 2026-11-21}
        """,
    "shared/documents.yaml": """\
        form:
          {text: Application form, ja: 申請書, get_from: immigration, note: Two pages.,
           source: page}
        """,
    "shared/document-sets.yaml": """\
        children:
          uses: [age]
          source: page
          papers:
            form: {when: {age: child}}
            relation:
              {text: Proof of the relation, ja: 住民票, get_from: city_hall, when: {age: child}}
        """,
    "shared/statuses.yaml": """\
        groups: {work: Work}
        statuses:
          engineer:
            {label: Engineer, name: Engineer and others, ja: 技術, kind: work, group: work,
             periods: [5y, 3m], source: page}
        """,
    "shared/offices.yaml": """\
        meta: {compiled: 2026-11-21}
        prefectures: {'13': {name_en: Tokyo, name_ja: 東京都}}
        offices:
        - {id: tokyo, name_en: Tokyo Bureau, name_ja: 東京, kind: bureau, phone: 0570-1,
           accepts_residence_applications: true, prefectures: ['13']}
        - id: kawasaki
          name_en: Kawasaki Branch
          name_ja: 川崎
          kind: branch
          parent: tokyo
          accepts_residence_applications: true
          phone: null
          prefectures: ['14']
          partial_areas: [{prefecture: '13', municipality_codes: ['13209']}]
        """,
    "shared/closed_days.yaml": "every_year: [12-31, 01-01]\nholidays: [2026-11-23]\n",
    "shared/office.yaml": "name: The Office\nhours: {from: \"9:00\"}\n",
    "shared/talk.yaml": """\
        welcome: Welcome.
        confirm_ask_isa: Ask them.
        only_if_it_applies: "Only if it applies to you:"
        button_no-id: {text: Go on, button: true}
        """,
    "shared/planned.yaml": "- later\n",
}  # fmt: skip


def content(folder: Path, **replaced: str) -> Path:
    """A content folder; `replaced` are texts of files by name, "/" and "." written as "__"/"_".

    For example `content(tmp_path, lost=..., shared__rules=...)`.
    """
    root = folder / "flows"
    files = {name: dedent(text) for name, text in FILES.items()}
    for key, text in replaced.items():
        name = f"{key.replace('__', '/').replace('document_sets', 'document-sets')}.yaml"
        files[name] = dedent(text)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """The content folder with one change in one file; the old text must be there, once or more."""
    root = content(folder)
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def the_library(folder: Path) -> Library:
    return load_library(content(folder))


def faults_of(root: Path) -> tuple[Fault, ...]:
    """All faults of a content folder; none if it loads."""
    try:
        load_library(root)
    except WrongContent as wrong:
        return wrong.faults
    return ()
