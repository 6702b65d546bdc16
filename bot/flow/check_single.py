"""What a question, a sentence or a reference keeps by itself, wherever it stands."""

from collections.abc import Iterator

from bot.flow.check_names import Names, words_of_question
from bot.flow.faults import Fault, one_of
from bot.flow.model import At, Library, Question, Sentence
from bot.flow.sentences import sentences_of_question

UNSURE_GRADES = frozenset({"C", "K", "V"})
TODAY = "today"


def fault(at: At, what: str, right: str = "") -> Fault:
    return Fault(at[0], at[1], what, right)


def check_question(question: Question, library: Library, names: Names | None) -> Iterator[Fault]:
    """A question by itself; `names` are those of the flow it stands in."""
    at = question.at
    if question.kind in ("choice", "several") and not question.options:
        yield fault(at, f"question '{question.name}' has no options", "add `options: {...}`")
    if question.kind not in ("choice", "several") and question.options:
        what = f"question '{question.name}' is a {question.kind} and has options"
        yield fault(at, what, "write `kind: choice` or leave the options out")
    words = words_of_question(question)
    for word in sorted(set(question.only_if) - words):
        what = f"only_if of '{question.name}' has '{word}', which is no answer"
        yield fault(at, what, one_of(word, words))
    for key in ("not_before", "not_after"):
        limit = getattr(question, key)
        if limit is None or limit == TODAY:
            continue
        if "." in limit:
            yield from rule_of(limit, frozenset({"day"}), library, at)
        elif names is not None:
            other = names.questions.get(limit)
            if other is None or other.kind != "date":
                what = f"{key} of '{question.name}' is '{limit}', which is no day"
                yield fault(at, what, "write today, a question of a day, or a rule")
    allowed = words | {"next_open_day", TODAY}
    if question.default is not None and question.default not in allowed:
        what = f"the default of '{question.name}' is '{question.default}'"
        yield fault(at, what, one_of(question.default, allowed))
    for name, limit in question.bands:
        for end in limit.values():
            if isinstance(end, str):
                day = question.kind == "date"
                yield from rule_of(end, frozenset({"day"}) if day else None, library, at)
        if name == "unknown":
            yield fault(at, "a band is called 'unknown'", "that word means: not answered")
    for sentence in sentences_of_question(question):
        yield from no_params(sentence)


def rule_of(name: str, units: frozenset[str] | None, library: Library, at: At) -> Iterator[Fault]:
    """The rule exists and has one of the units."""
    rule = library.rules.get(name)
    if rule is None:
        yield fault(at, f"no rule is called '{name}'", one_of(name, library.rules))
    elif units is not None and rule.unit not in units:
        what = f"the rule '{name}' has the unit {rule.unit}"
        yield fault(at, what, f"a rule of unit {' or '.join(sorted(units))} belongs here")


def source_of(name: str, library: Library, at: At) -> Iterator[Fault]:
    if name and name not in library.sources:
        yield fault(at, f"no source is called '{name}'", one_of(name, library.sources))


def leads_to(name: str, library: Library, at: At, here: str) -> Iterator[Fault]:
    """The id of a procedure, topic or event that is written or planned."""
    known = {*library.flows, *library.topics, *library.events, *library.planned}
    if name not in known:
        what = f"no procedure, topic or event is called '{name}'"
        yield fault(at, what, f"{one_of(name, known)} (or list it in shared/planned.yaml)")
    elif name == here:
        yield fault(at, f"'{name}' leads to itself", "name another procedure")


def no_params(sentence: Sentence) -> Iterator[Fault]:
    """Questions, labels and papers are said as they stand."""
    if sentence.params:
        what = f"'{sentence.address}' has the placeholder '{sentence.params[0]}'"
        yield fault(sentence.at, what, "only sentences of outcomes and talk can have one")


def confirms_sentence(sentence: Sentence) -> Iterator[Fault]:
    yield from confirms(sentence.grade, sentence.confirm, sentence.at, f"'{sentence.address}'")


def confirms(grade: str | None, confirm: str | None, at: At, what: str) -> Iterator[Fault]:
    """What is not certain says how to make sure."""
    if grade in UNSURE_GRADES and confirm is None:
        right = "add `confirm: printed_date`, `ask_isa` or `unconfirmed`"
        yield fault(at, f"{what} has grade {grade} and no 'confirm'", right)
