"""Every sentence of the content, for translation and for counting what is translated."""

from collections.abc import Iterator

from bot.flow.model import Document, Event, Flow, Library, Outcome, Question, Sentence
from bot.flow.own_office import services


def all_sentences(library: Library) -> Iterator[tuple[Sentence, str]]:
    """Each sentence once (by its address) with the file it is written in, in a steady order."""
    seen: set[str] = set()
    for sentence in _written(library):
        if sentence.address not in seen:
            seen.add(sentence.address)
            yield sentence, sentence.at[0]


def sentences_of(flow: Flow | Event) -> Iterator[Sentence]:
    """All sentences that a reader of this flow, topic or event may meet, shared ones too."""
    yield flow.title
    if isinstance(flow, Event):
        for one in flow.ask:
            yield from sentences_of_question(one)
        for duty in flow.duties:
            yield from duty.say
        yield from flow.not_due
        return
    for one in (*flow.questions.values(), *flow.refine.values()):
        yield from sentences_of_question(one)
    for deadline in flow.deadlines.values():
        if deadline.label is not None:
            yield deadline.label
    for document in flow.documents:
        yield from _of_document(document)
    for outcome in flow.outcomes.values():
        yield from sentences_of_outcome(outcome)


def sentences_of_question(question: Question) -> Iterator[Sentence]:
    """What a question says: itself, its help, its options, and its "Only if" lines."""
    yield question.ask
    for extra in (question.note, question.why, question.on_card):
        if extra is not None:
            yield extra
    for option in question.options:
        yield option.label
    for _, label in question.groups:
        yield label
    yield from question.only_if.values()


def sentences_of_outcome(outcome: Outcome) -> Iterator[Sentence]:
    """What an outcome says: headline, sentences, and those of its steps."""
    if outcome.headline is not None:
        yield outcome.headline
    yield from outcome.say
    for step in outcome.steps:
        yield from step.say


def _of_document(document: Document) -> Iterator[Sentence]:
    yield document.text
    if document.note is not None:
        yield document.note


def _written(library: Library) -> Iterator[Sentence]:
    for flow in library.flows.values():
        yield from sentences_of(flow)
    for topic in library.topics.values():
        yield from sentences_of(topic)
    for event in library.events.values():
        yield from sentences_of(event)
    for answer in library.safety.values():
        yield from sentences_of(answer)
    for question in library.shared_questions.values():
        yield from sentences_of_question(question)
    for options in library.answers.values():
        for option in options:
            yield option.label
    for document in library.documents.values():
        yield from _of_document(document)
    for status in library.statuses.values():
        yield status.label
    yield from library.status_groups.values()
    for office in library.offices.values():
        yield office.name
    yield from services(library.office)
    yield from library.talk.values()
    for macro in library.macros.values():
        yield macro.sentence
    for source in library.sources.values():
        yield Sentence(f"source/{source.id}", source.title, at=source.at)
