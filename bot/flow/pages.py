"""Pages for review: each procedure, topic, life event and safety answer without YAML.

A page is made from the content alone, without the present day and without a language, so that
it changes only when the content does. Whoever reviews needs to read nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.flow.check_names import rules_read
from bot.flow.events import as_flow
from bot.flow.facts import FACTS
from bot.flow.model import (
    Condition,
    Document,
    Event,
    Flow,
    Library,
    Outcome,
    Question,
    Sentence,
    Source,
    Step,
)
from bot.flow.papers import is_listed
from bot.flow.readable import Readable, value_in_words, values_in_words
from bot.flow.refine import conditions_of
from bot.flow.report import mermaid

KINDS = {
    "flow": "Procedures", "topic": "Topics", "event": "Life events", "safety": "Safety",
}  # fmt: skip
MADE = "Made from `{file}` by `python -m bot docs`. Change that file, not this page."
NOT_READ = (
    "From public sources. Nobody of the office has read it through yet, and people are told so."
)


def pages(library: Library) -> dict[str, str]:
    """All pages by the name of their file, the index (README.md) first."""
    events = {event.id: as_flow(event) for event in library.events.values()}
    every = [*library.all_flows, *events.values()]
    found = {"README.md": _index(every)}
    for flow in every:
        event = library.events.get(flow.id) if flow.kind == "event" else None
        found[f"{flow.id}.md"] = "\n".join(_Page(flow, library, event).lines()) + "\n"
    return found


def _index(flows: Iterable[Flow]) -> str:
    lines = [
        "# What people are told",
        "",
        "One page for each subject, made from `flows/` by `python -m bot docs`, for those who",
        "review it. Grades: A, A1, A2 seen on the official page or in the law; B several sources;",
        "C, K, V one source, unclear or to be confirmed, which people are told.",
    ]
    by_kind: dict[str, list[Flow]] = {}
    for flow in flows:
        by_kind.setdefault(flow.kind, []).append(flow)
    for kind, heading in KINDS.items():
        lines += [
            "",
            f"## {heading}",
            "",
            "| | | asks | ends | read through |",
            "|---|---|---|---|---|",
        ]
        for flow in sorted(by_kind.get(kind, ()), key=lambda one: one.id):
            read = f"{flow.read_through[1]}" if flow.read_through else "not yet"
            lines.append(
                f"| [{flow.title.text}]({flow.id}.md) | {flow.title_ja or ''} "
                f"| {len(flow.questions)} | {len(flow.outcomes)} | {read} |"
            )
    return "\n".join(lines) + "\n"


class _Page:
    """The page of one flow, topic, event or safety answer."""

    def __init__(self, flow: Flow, library: Library, event: Event | None) -> None:
        self.flow = flow
        self.library = library
        self.event = event
        self.words = Readable(flow, library)
        self.used: dict[str, set[str]] = {}

    def lines(self) -> Iterator[str]:
        flow = self.flow
        ja = f" ({flow.title_ja})" if flow.title_ja else ""
        yield f"# {flow.title.text}{ja}"
        yield ""
        yield MADE.format(file=flow.file)
        yield ""
        yield self._read_through()
        if self.event is None:
            yield self.words.day_that_decides()
        if flow.questions and self.event is None:
            yield from ("", "```mermaid", mermaid(flow).rstrip(), "```")
        yield from self._questions()
        body = [*self._duties(self.event)] if self.event else [*self._outcomes()]
        yield from body
        yield from self._deadlines()
        yield from self._amounts()
        yield from self._papers()
        yield from self._facts()
        yield from self._rules()
        yield from self._sources()

    def _read_through(self) -> str:
        if self.flow.read_through is None:
            return NOT_READ
        by, on = self.flow.read_through
        return f"Read through by {by} on {on.isoformat()}."

    # ------------------------------------------------------------ questions

    def _questions(self) -> Iterator[str]:
        if self.flow.questions:
            yield from ("", "## Questions")
        for question in self.flow.questions.values():
            yield from self._question(question)
        if self.flow.refine:
            yield from ("", "## Buttons on the result")
            yield from ("", "Asked only by those who want a more exact answer.")
        for question in self.flow.refine.values():
            yield from self._question(question)

    def _question(self, question: Question) -> Iterator[str]:
        yield from ("", f"### `{question.name}`: {question.ask.text}", "")
        for mark, sentence in (
            ("Note", question.note), ("Why", question.why), ("On the card", question.on_card)
        ):  # fmt: skip
            if sentence is not None:
                yield f"- {mark}: {_text(sentence)}"
        limits = [
            f"not before `{question.not_before}`" if question.not_before else "",
            f"not after `{question.not_after}`" if question.not_after else "",
            f"taken as `{question.default}` until it is answered" if question.default else "",
        ]
        kind = f"a {question.kind}" + (f" of {question.unit}" if question.unit else "")
        yield f"- Answer: {', '.join(filter(None, (kind, *limits)))}, or “I don't know”"
        if question.table is None:
            for option in question.options:
                ja = f" ({option.ja})" if option.ja else ""
                yield f"    - `{option.id}` {option.label.text}{ja}"
        else:
            yield f"    - one of the {question.table}"
        for word, limit in question.bands:
            ends = ", ".join(f"{key.replace('upto', 'up to')} {end}" for key, end in limit.items())
            yield f"    - `{word}`: {ends or 'the rest'}"
        for word, sentence in question.only_if.items():
            yield f"- Heads papers while it is open (`{word}`): {_text(sentence)}"
        for branch in question.next if self.event is None else ():
            goal = "question" if branch.go in self.flow.questions else "outcome"
            when = ", else" if branch.when is None else f", if {self.words.condition(branch.when)}"
            yield f"- Next{when if len(question.next) > 1 else ''}: {goal} `{branch.go}`"

    # ------------------------------------------------------------ outcomes

    def _outcomes(self) -> Iterator[str]:
        yield from ("", "## Outcomes")
        for outcome in self.flow.outcomes.values():
            yield from ("", f"### `{outcome.name}`", "")
            if outcome.headline is not None:
                yield from (f"**{_text(outcome.headline)}**", "")
            yield from self._frame(outcome)
            yield from ("", "People are told:", "")
            for sentence in outcome.say:
                yield self._sentence(sentence, outcome.sources)
            for step in outcome.steps:
                yield from self._step(step, outcome)
            yield from self._after(outcome)

    def _frame(self, outcome: Outcome) -> Iterator[str]:
        if outcome.authority:
            yield f"- Done with: {', '.join(outcome.authority)}"
        if outcome.channel:
            yield f"- How: {', '.join(outcome.channel)}"
        if outcome.show:
            yield f"- Shown: {', '.join(outcome.show)}"
        if outcome.start_flow is not None:
            yield f"- Begins: {self._link(outcome.start_flow)}"
        if outcome.sources:
            yield f"- Sources: {self._cite(outcome.sources, outcome.name)}"

    def _sentence(self, sentence: Sentence, inherited: tuple[str, ...]) -> str:
        name = sentence.address.rpartition(".")[2]
        when = "" if sentence.when is None else f" *When {self.words.condition(sentence.when)}.*"
        marks = [f"grade {sentence.grade}"] if sentence.grade else []
        marks += [f"confirm: {sentence.confirm}"] if sentence.confirm else []
        if sentence.source is not None:
            marks.insert(0, self._cite((sentence.source,), name))
        else:
            self._cite(inherited, name)
        said = _text(sentence)
        if sentence.plural is not None:
            said = f"{said} / {_placed(sentence.plural)}"
        return f"- `{name}` {said}{when}" + (f" [{'; '.join(marks)}]" if marks else "")

    def _step(self, step: Step, outcome: Outcome) -> Iterator[str]:
        when = "" if step.when is None else f", when {self.words.condition(step.when)}"
        yield from ("", f"Step `{step.name}` ({', '.join(step.authority)}{when}):", "")
        if step.deadline is not None:
            yield f"- Until: `{step.deadline}`"
        if step.documents:
            yield f"- Papers: {', '.join(f'`{name}`' for name in step.documents)}"
        own = (step.source,) if step.source else outcome.sources
        if step.source:
            yield f"- Source: {self._cite(own, step.name)}"
        for sentence in step.say:
            yield self._sentence(sentence, own)

    def _after(self, outcome: Outcome) -> Iterator[str]:
        if outcome.follow_ups:
            yield from ("", "Leads on to:", "")
        for follow in outcome.follow_ups:
            yield f"- {self._link(follow.flow)}{self._when(follow.when)}"
        if outcome.handoff:
            yield from ("", "A person is offered:", "")
        for line in outcome.handoff:
            yield f"- {line.level}{self._when(line.when)}"

    def _duties(self, event: Event) -> Iterator[str]:
        yield from ("", "## Duties, in their order", "")
        if event.sources:
            yield from (f"Sources: {self._cite(event.sources, event.id)}", "")
        for number, duty in enumerate(event.duties, 1):
            goal = self._link(duty.flow) if duty.flow else "elsewhere"
            step = f", step `{duty.step}`" if duty.step else ""
            until = f", until its `{duty.deadline}`" if duty.deadline else ""
            whom = f" ({', '.join(duty.authority)})" if duty.authority else ""
            yield f"{number}. {goal}{step}{until}{whom}{self._when(duty.when)}"
            for sentence in duty.say:
                yield f"    {self._sentence(sentence, event.sources)}"
        if event.not_due:
            yield from ("", "## Not due", "")
        for sentence in event.not_due:
            yield self._sentence(sentence, event.sources)

    # ------------------------------------------------------------ days, money, papers

    def _deadlines(self) -> Iterator[str]:
        if self.flow.deadlines:
            yield from ("", "## Deadlines", "")
        for deadline in self.flow.deadlines.values():
            label = f" “{deadline.label.text}”" if deadline.label else ""
            marks = [self._cite((deadline.source,), deadline.name)]
            marks += [f"grade {deadline.grade}"] if deadline.grade else []
            marks += [f"confirm: {deadline.confirm}"] if deadline.confirm else []
            counted = self.words.deadline(deadline)
            yield f"- `{deadline.name}`{label}: {counted} [{'; '.join(marks)}]"

    def _amounts(self) -> Iterator[str]:
        if self.flow.amounts:
            yield from ("", "## Amounts", "")
        for name, lines in self.flow.amounts.items():
            for line in lines:
                band = f", band `{line.band}`" if line.band else ""
                yield f"- `{name}`: the rule `{line.rule}`{band}{self._when(line.when)}"

    def _papers(self) -> Iterator[str]:
        if not self.flow.documents:
            return
        yield from ("", "## Papers", "")
        yield "| | | from | copy | how old at most | needed | outcomes | source |"
        yield "|---|---|---|---|---|---|---|---|"
        for document in self.flow.documents:
            yield self._paper(document)

    def _paper(self, document: Document) -> str:
        note = f" ({_text(document.note)})" if document.note else ""
        cells = [
            f"`{document.id}` {_text(document.text)}{note}",
            document.ja,
            document.get_from.replace("_", " "),
            document.copy,
            self.words.number_of(document.max_age) if document.max_age else "",
            self.words.condition(document.when),
            ", ".join(f"`{name}`" for name in self._listed_in(document)) or "nowhere",
            self._cite((document.source,), document.id) if document.source else "",
        ]
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"

    def _listed_in(self, document: Document) -> Iterator[str]:
        for outcome in self.flow.outcomes.values():
            of_steps = any(is_listed(document, step) for step in outcome.steps)
            named = not of_steps if outcome.documents is None else is_listed(document, outcome)
            if of_steps or ("documents" in outcome.show and named):
                yield outcome.name

    # ------------------------------------------------------------ law

    def _facts(self) -> Iterator[str]:
        duties = self.event.duties if self.event else ()
        asked = [duty.when for duty in duties if duty.when is not None]
        read = {name for when in (*conditions_of(self.flow), *asked) for name in when.names}
        names = [name for name in FACTS if name in read and self.words.question(name) is None]
        if names:
            yield from ("", "## Facts", "")
        for name in names:
            about = " ".join(FACTS[name].about.split())
            yield f"- `{name}`: {about}"

    def _rules(self) -> Iterator[str]:
        names = sorted(rules_read(self.flow, self.library))
        if not names:
            return
        yield from ("", "## Rules of law", "")
        yield "| rule | holds | value | grade | source |"
        yield "|---|---|---|---|---|"
        for name in names:
            rule = self.library.rules[name]
            for index, (time, value) in enumerate(values_in_words(rule)):
                what = f"`{name}` {rule.about}" if index == 0 else ""
                worth = value_in_words(value, rule.unit)
                cited = self._cite((value.source,), name)
                yield f"| {what} | {time} | {worth} | {value.grade} | {cited} |"

    def _sources(self) -> Iterator[str]:
        known = [self.library.sources[name] for name in self.used if name in self.library.sources]
        if known:
            yield from ("", "## Sources", "")
        for source in sorted(known, key=lambda one: one.id):
            yield f"- {_source(source)}"

    # ------------------------------------------------------------ sources and links

    def _cite(self, names: Iterable[str], by: str) -> str:
        """The ids of sources; each is listed at the end of the page."""
        names = [name for name in names if name]
        for name in names:
            self.used.setdefault(name, set()).add(by)
        return ", ".join(f"`{name}`" for name in names)

    def _when(self, when: Condition | None) -> str:
        return "" if when is None else f", when {self.words.condition(when)}"

    def _link(self, name: str) -> str:
        titles: Mapping[str, Flow | Event] = {
            **{flow.id: flow for flow in self.library.all_flows},
            **self.library.events,
        }
        return f"[{titles[name].title.text}]({name}.md)" if name in titles else f"{name} (planned)"


def _text(sentence: Sentence) -> str:
    return _placed(sentence.text)


def _placed(text: str) -> str:
    """A text with its placeholders as names in angle brackets."""
    return " ".join(text.replace("%(", "‹").replace(")s", "›").replace("%%", "%").split())


def _source(source: Source) -> str:
    ja = f" ({source.ja})" if source.ja else ""
    return (
        f"`{source.id}` {source.title}{ja}, {source.publisher}, read on "
        f"{source.checked.isoformat()}: <{source.url}>"
    )
