"""Other ways of understanding, on the same phrases and the same held-out messages.

`python -m tests.nlu.approaches` prints how often the first id of each is right, per language.
Nothing here is used by the bot; it is why the bot does as it does (docs/understanding.md).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from math import log, sqrt

from bot.i18n.locales import TAG_OF_FOLDER
from bot.nlu.features import Said, concepts, letters, meanings
from bot.nlu.learn import OF_IDS, Training, fit, rows_of
from bot.nlu.lexicon import looked_up
from bot.nlu.model import CONCEPTS, LETTERS, table
from bot.nlu.sources import Example, Sources, read_sources
from tests.nlu.evaluation import ROOT, TAGS, Message, fits, read_messages, share

First = Callable[[Message], str]
"""The id that an approach takes a message for."""


def nearest_phrase(sources: Sources) -> First:
    """TF-IDF over words and runs of letters; the id of the nearest three phrases."""
    by_tag: dict[str, list[tuple[str, dict[int, float]]]] = {}
    weights: dict[str, dict[int, float]] = {}
    for tag in sources.phrases:
        rows = [(e.id, letters(Said(e.text))) for e in sources.examples() if e.language == tag]
        spread = Counter(row for _, its in rows for row in its)
        weights[tag] = {row: log(1 + len(rows) / times) for row, times in spread.items()}
        by_tag[tag] = [(name, _unit(its, weights[tag])) for name, its in rows]

    def first(message: Message) -> str:
        own = _unit(letters(Said(message.text)), weights[message.language])
        found: dict[str, list[float]] = defaultdict(list)
        for name, phrase in by_tag[message.language]:
            found[name].append(sum(value * phrase.get(row, 0.0) for row, value in own.items()))
        return max(found, key=lambda name: sum(sorted(found[name])[-3:]))

    return first


def _unit(rows: Iterable[int], weights: dict[int, float]) -> dict[int, float]:
    found = {row: weights[row] for row in rows if row in weights}
    length = sqrt(sum(value * value for value in found.values())) or 1.0
    return {row: value / length for row, value in found.items()}


def naive_bayes(sources: Sources) -> First:
    """Multinomial naive Bayes over letters and concepts, all languages together."""
    lexicons = sources.lexicons()
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    examples = sources.examples()
    for one in examples:
        counts[one.id].update(_all_rows(one.text, one.language, lexicons))
    total = {name: sum(its.values()) for name, its in counts.items()}
    size = len({row for its in counts.values() for row in its})
    often = Counter(one.id for one in examples)

    def first(message: Message) -> str:
        rows = _all_rows(message.text, message.language, lexicons)

        def likely(name: str) -> float:
            its, under = counts[name], total[name] + size
            return log(often[name]) + sum(log((its[row] + 1) / under) for row in rows)

        return max(counts, key=likely)

    return first


def _all_rows(text: str, tag: str, lexicons: dict) -> list[int]:
    said = Said(text)
    return [*letters(said), *meanings(concepts(said, looked_up(lexicons, tag)))]


def regression(
    sources: Sources,
    *,
    with_letters: bool = True,
    with_concepts: bool = True,
    training: Training = OF_IDS,
) -> First:
    """Logistic regression over letters, concepts or both."""
    lexicons, examples = sources.lexicons(), sources.examples()
    ids = sorted({one.id for one in examples})

    def parts(text: str, tag: str) -> list[tuple[float, list[int]]]:
        said, found = Said(text), []
        if with_letters:
            found.append((LETTERS, letters(said)))
        if with_concepts:
            found.append((CONCEPTS, meanings(concepts(said, looked_up(lexicons, tag)))))
        return found

    texts = [rows_of(*parts(one.text, one.language)) for one in examples]
    answers = [ids.index(one.id) for one in examples]
    learned = table(ids, fit(texts, answers, len(ids), training))

    def first(message: Message) -> str:
        return ids[int(learned.scores(*parts(message.text, message.language)).argmax())]

    return first


def without_clues(sources: Sources) -> First:
    """What the bot does, learned from whole phrases only."""

    class Whole(Sources):
        def examples(self) -> list[Example]:
            clues = {
                (tag, name, text)
                for tag, one in self.phrases.items()
                for name, sayings in one.ids.items()
                for text in sayings.clues
            }
            all_of_them = Sources.examples(self)
            return [e for e in all_of_them if (e.language, e.id, e.text) not in clues]

    return regression(Whole(sources.phrases, sources.words, sources.usual))


NOTHING_HIDDEN = Training(epochs=8, rate=0.6)
"""How the bot learned from whole texts before."""

APPROACHES: dict[str, Callable[[Sources], First]] = {
    "nearest phrase": nearest_phrase,
    "naive Bayes": naive_bayes,
    "regression, letters only": lambda sources: regression(sources, with_concepts=False),
    "regression, concepts only": lambda sources: regression(sources, with_letters=False),
    "regression, both, phrases only": without_clues,
    "regression, both, nothing hidden": lambda sources: regression(
        sources, training=NOTHING_HIDDEN
    ),
    "regression, both (the bot)": regression,
}


def main() -> None:
    """Print the table as Markdown."""
    finals = {
        tag: [m for m in read_messages(tag) if m.is_final and m.ids[0] != "none"] for tag in TAGS
    }
    sources = read_sources(ROOT / "locales", TAG_OF_FOLDER)
    print("| approach | " + " | ".join(TAGS) + " | all |")
    print("|---" * (len(TAGS) + 2) + "|")
    for name, make in APPROACHES.items():
        first = make(sources)
        right = {tag: [fits(first(m), m) for m in its] for tag, its in finals.items()}
        right["all"] = [fact for its in right.values() for fact in its]
        cells = " | ".join(f"{100 * share(facts):.0f} %" for facts in right.values())
        print(f"| {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
