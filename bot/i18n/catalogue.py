"""All translations in memory, and in which language each flow can honestly be shown.

The .po files are read directly: no build step can be forgotten. A translation is used only
while it is fresh, that is, not fuzzy, and made for the English sentence as it stands today
with the same placeholders. On a deadline an old translation is worse than an English one.
Language is chosen per flow, never per sentence.
"""

import gettext
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import orjson

from bot.flow.events import as_flow
from bot.flow.model import Condition, Event, Flow, Library, Sentence
from bot.flow.own_office import OUR_SERVICES, services
from bot.i18n.locales import BY_TAG, SOURCE, TABLE, fallbacks
from bot.i18n.words import Words

TALK = "talk"
"""The group of the bot's own sentences: a language is offered only when it is complete, and all
that is said to people in danger."""
MACRO = "macro"
"""The group of the sentences that the office sends by hand."""

_CACHE_FORM = 1
_PLACEHOLDER = re.compile(r"%\(([^)]+)\)s")


@dataclass(frozen=True, slots=True)
class Translation:
    """One message of a .po file: the English it was made for, and its forms."""

    msgid: str
    plural: str | None
    forms: tuple[str, ...]
    fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class Translations:
    """One .po file: messages by address, and its plural rule `n -> index of the form`."""

    messages: Mapping[str, Translation]
    plural: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a group of sentences is translated: `total == fresh + stale + missing`."""

    total: int
    fresh: int
    stale: int
    missing: int

    @property
    def is_complete(self) -> bool:
        """True when every sentence is there and fresh."""
        return self.fresh == self.total


class Catalogue:
    """The words of all languages for one library. Built once; read by all threads."""

    def __init__(
        self,
        locales_dir: Path,
        library: Library,
        tags: Sequence[str] = (),
        cache_dir: Path | None = None,
    ) -> None:
        """Read locales/<folder>/LC_MESSAGES/messages.po of each of `tags` (none: all known).

        `cache_dir` keeps the parsed files by their hash, which makes the next start quicker.
        ValueError names tags that the table does not have.
        """
        if unknown := [tag for tag in tags if tag not in BY_TAG]:
            known = ", ".join(BY_TAG)
            raise ValueError(f"no such language: {', '.join(unknown)} (known: {known})")
        self.library = library
        wanted = [row for row in TABLE if not tags or row.tag in tags or row.tag == SOURCE]
        # A fallback is read too, even where it is not offered itself.
        needed = {tag for row in wanted for tag in fallbacks(row.tag)}
        self._translations = {
            row.tag: read_translations(
                locales_dir / row.folder / "LC_MESSAGES" / "messages.po", cache_dir
            )
            for row in TABLE
            if row.tag in needed and row.tag != SOURCE
        }
        self._groups = _groups(library)
        self._coverage = {
            group: {tag: self._cover(sentences, tag) for tag in (SOURCE, *self._translations)}
            for group, sentences in self._groups.items()
        }
        needed_first = [self._coverage[group] for group in (TALK, *library.safety)]
        self.offered: tuple[str, ...] = tuple(
            row.tag for row in wanted if all(found[row.tag].is_complete for found in needed_first)
        )
        self._words = {tag: self._make_words(tag) for tag in (SOURCE, *self._translations)}

    def words(self, tag: str) -> Words:
        """The words of one language, those of its fallbacks where a sentence is missing."""
        return self._words.get(tag) or self._words[SOURCE]

    def voice(self, tag: str | None) -> "Voice":
        """How to speak to a reader of that language, or of the nearest one that is offered."""
        return Voice(self, self.nearest(tag))

    def nearest(self, tag: str | None) -> str:
        """The first language of the reader's list that is offered."""
        return next((name for name in fallbacks(tag or SOURCE) if name in self.offered), SOURCE)

    def language_for(self, flow_id: str, tag: str) -> str:
        """The first language of the reader's list in which every sentence of the flow is fresh."""
        group = self._coverage.get(flow_id)
        if group is None:
            return self.nearest(tag)
        for name in fallbacks(tag):
            if name in group and group[name].is_complete:
                return name
        return SOURCE

    def coverage(self) -> dict[str, dict[str, dict[str, int]]]:
        """{flow or "talk": {tag: {total, fresh, stale, missing}}} for the command `locales`."""
        return {
            group: {
                tag: {
                    "total": found.total,
                    "fresh": found.fresh,
                    "stale": found.stale,
                    "missing": found.missing,
                }
                for tag, found in tags.items()
            }
            for group, tags in self._coverage.items()
        }

    def has_begun(self, group: str, tag: str) -> bool:
        """Whether the translation of a flow into that language was begun: its title is there.

        Until then the flow is offered in the next language of the reader's list, by intention.
        """
        if group in (TALK, MACRO) or group in self.library.safety or tag == SOURCE:
            return True
        own = (a for a in self._groups[group] if a.endswith(f"{group}/title"))
        found = [self._translations[tag].messages.get(address) for address in own]
        return any(one is not None and any(one.forms) for one in found)

    def group_of(self, address: str) -> str | None:
        """The flow whose sentence this is, or None for shared ones and the bot's own."""
        group = address.partition("/")[0]
        return group if group in self._groups and group not in (TALK, MACRO) else None

    def sentences(self, group: str) -> Mapping[str, Sentence]:
        """The sentences of a flow (or of "talk") by address: all that its reader can meet."""
        return self._groups[group]

    def _cover(self, sentences: Mapping[str, Sentence], tag: str) -> Coverage:
        if tag == SOURCE:
            return Coverage(len(sentences), len(sentences), 0, 0)
        messages = self._translations[tag].messages
        fresh = stale = missing = 0
        for sentence in sentences.values():
            found = messages.get(sentence.address)
            if found is None or not all(found.forms):
                missing += 1
            elif is_fresh(found, sentence):
                fresh += 1
            else:
                stale += 1
        return Coverage(len(sentences), fresh, stale, missing)

    def _make_words(self, tag: str) -> Words:
        chain = [self._translations[name] for name in fallbacks(tag) if name != SOURCE]

        def find(sentence: Sentence) -> tuple[tuple[str, ...], Callable[[int], int]] | None:
            for translations in chain:
                found = translations.messages.get(sentence.address)
                if found is not None and is_fresh(found, sentence):
                    return found.forms, translations.plural
            return None

        return Words(BY_TAG[tag], self.library, find)


class Voice:
    """How to speak to one reader: in which language which flow is shown to them."""

    def __init__(self, catalogue: Catalogue, tag: str) -> None:
        self._catalogue = catalogue
        self.tag = tag

    def words(self, flow_id: str | None = None) -> tuple[Words, bool]:
        """The words for a flow (None: the bot's own), and whether that is another language
        than the reader's, which then has to be said in one line."""
        if flow_id is None:
            return self._catalogue.words(self.tag), False
        tag = self._catalogue.language_for(flow_id, self.tag)
        return self._catalogue.words(tag), tag != self.tag

    def words_of(self, sentence: Sentence) -> Words:
        """The words for a sentence that stands alone: those of the flow it belongs to."""
        return self.words(self._catalogue.group_of(sentence.address))[0]


# ---------------------------------------------------------------- what is fresh


def is_fresh(translation: Translation, sentence: Sentence) -> bool:
    """True when the translation was made for these English words and loses no placeholder."""
    if translation.fuzzy or not all(translation.forms):
        return False
    if translation.msgid != sentence.text or translation.plural != sentence.plural:
        return False
    english = set(_PLACEHOLDER.findall(f"{sentence.text} {sentence.plural or ''}"))
    # A plural form may leave out only the number itself ("one day").
    optional = {sentence.count} if sentence.count else set()
    return all(
        found <= english and english - found <= optional
        for found in (set(_PLACEHOLDER.findall(form)) for form in translation.forms)
    )


# ---------------------------------------------------------------- reading .po files


def read_translations(path: Path, cache_dir: Path | None = None) -> Translations:
    """The messages of one .po file; none when there is no such file."""
    if not path.is_file():
        return Translations({}, gettext.c2py("0"))
    raw = path.read_bytes()
    parsed = _cached(raw, cache_dir) or _parse(raw, path)
    if cache_dir is not None:
        _keep(raw, parsed, cache_dir)
    messages = {
        address: Translation(msgid, plural, tuple(forms), fuzzy)
        for address, msgid, plural, forms, fuzzy in parsed["messages"]
    }
    return Translations(messages, gettext.c2py(parsed["plural"]))


def _parse(raw: bytes, path: Path) -> dict[str, Any]:
    # babel.messages takes a while to import: not where the parsed file is at hand.
    import io

    from babel.messages.pofile import PoFileError, read_po

    try:
        catalogue = read_po(io.BytesIO(raw), abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"{path}: {error}") from None
    rows = []
    for message in catalogue:
        if not message.context:
            continue  # the header, and texts of the console
        msgid, plural = (message.id, None) if isinstance(message.id, str) else message.id
        forms = message.string or ""
        forms = [forms] if isinstance(forms, str) else list(forms)
        rows.append([message.context, msgid, plural, forms, message.fuzzy])
    return {"form": _CACHE_FORM, "plural": catalogue.plural_expr, "messages": rows}


def _place(raw: bytes, cache_dir: Path) -> Path:
    return cache_dir / f"messages-{hashlib.sha256(raw).hexdigest()[:24]}.json"


def _cached(raw: bytes, cache_dir: Path | None) -> dict[str, Any] | None:
    if cache_dir is None:
        return None
    try:
        kept = orjson.loads(_place(raw, cache_dir).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return kept if kept.get("form") == _CACHE_FORM else None


def _keep(raw: bytes, parsed: dict[str, Any], cache_dir: Path) -> None:
    place = _place(raw, cache_dir)
    if place.exists():
        return
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_bytes(orjson.dumps(parsed))
        draft.replace(place)
    except OSError:
        pass  # a read-only disk only makes the next start as slow as this one


# ---------------------------------------------------------------- which sentences a flow shows


def _groups(library: Library) -> dict[str, dict[str, Sentence]]:
    groups = {TALK: _by_address(library.talk)}
    if library.macros:
        groups[MACRO] = _by_address(library.macros)
    for flow in library.all_flows:
        groups[flow.id] = _by_address(list(_flow_sentences(flow, library)))
    for event in library.events.values():
        groups[event.id] = _by_address(list(_event_sentences(event, library)))
    return groups


def _by_address(value: object) -> dict[str, Sentence]:
    return {found.address: found for found in sentences_in(value) if found.address}


def sentences_in(value: object) -> Iterator[Sentence]:
    """Every Sentence inside a value of the model, however deep."""
    if isinstance(value, Sentence):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from sentences_in(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from sentences_in(inner)
    elif is_dataclass(value) and not isinstance(value, (type, Condition)):
        for field in fields(value):
            yield from sentences_in(getattr(value, field.name))


def _flow_sentences(flow: Flow, library: Library) -> Iterator[Sentence]:
    """The flow's own sentences and those it borrows: statuses, offices, titles of sources.

    Where a flow leads to another one, the button has the menu's words, not that one's title.
    """
    yield from sentences_in(flow)
    questions = (*flow.questions.values(), *flow.refine.values())
    if any(question.table == "statuses" for question in questions):
        yield from sentences_in((library.statuses, library.status_groups))
    shown = {name for outcome in flow.outcomes.values() for name in outcome.show}
    if "offices" in shown:
        for office in library.offices.values():
            yield office.name
    if any(OUR_SERVICES in sentence.params for sentence in sentences_in(flow)):
        yield from services(library.office)
    for source in sorted(_source_ids(flow)):
        if source in library.sources:
            yield source_title(source, library.sources[source].title)


def _event_sentences(event: Event, library: Library) -> Iterator[Sentence]:
    """The event's own sentences, and the names of the days that its duties tell."""
    yield from _flow_sentences(as_flow(event), library)
    for duty in event.duties:
        flow = library.flow_or_topic(duty.flow) if duty.flow else None
        deadline = flow.deadlines.get(duty.deadline) if flow and duty.deadline else None
        if deadline is not None and deadline.label is not None:
            yield deadline.label
        if flow is not None and duty.step is not None and not duty.say:
            for outcome in flow.outcomes.values():
                steps = [step for step in outcome.steps if step.name == duty.step]
                yield from sentences_in(steps)


def source_title(source_id: str, title: str) -> Sentence:
    """The title of a source as a sentence that can be translated."""
    return Sentence(address=f"source/{source_id}", text=title)


def _source_ids(flow: Flow) -> set[str]:
    found = {sentence.source for sentence in sentences_in(flow)}
    found |= {deadline.source for deadline in flow.deadlines.values()}
    found |= {document.source for document in flow.documents}
    for outcome in flow.outcomes.values():
        found |= {*outcome.sources, *(step.source for step in outcome.steps)}
    return {source for source in found if source}
