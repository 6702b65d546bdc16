"""Which truths a condition can have at all, from the words that its names can have.

Names are taken one by one as if they did not depend on each other; so a truth that is ruled out
here is impossible, one that is not may still be.
"""

from collections.abc import Mapping
from itertools import islice, product
from typing import cast

from bot.flow.amounts import OFF, ON
from bot.flow.check_names import Names, possible_states
from bot.flow.model import UNKNOWN, Condition, Rule, Truth

MOST_CASES = 20_000
EVERY_TRUTH: frozenset[Truth] = frozenset({True, False, None})
Raw = tuple[object, ...]


def possible_truths(when: Condition | None, names: Names) -> frozenset[Truth]:
    """Yes, no, unknown: those that the condition can have."""
    if when is None:
        return frozenset({True})
    read = sorted(when.names)
    words = [sorted(possible_words(name, names)) for name in read]
    found: set[Truth] = set()
    for case in islice(product(*words), MOST_CASES):
        found.add(truth_of(when.raw, dict(zip(read, case, strict=True))))
        if len(found) == len(EVERY_TRUTH):
            return EVERY_TRUTH
    total = 1
    for one in words:
        total *= len(one)
    return frozenset(found) if total <= MOST_CASES else EVERY_TRUTH


def possible_words(name: str, names: Names) -> frozenset[str]:
    """The words that a name can have, as it is written."""
    if name in names.questions:
        return names.words_of(name) or frozenset()
    if name in names.flow.deadlines:
        return possible_states(names.flow.deadlines[name])
    if name in names.library.rules and name not in names.flow.amounts:
        return _words_of_rule(names.library.rules[name])
    return names.words_of(name) or frozenset()


def _words_of_rule(rule: Rule) -> frozenset[str]:
    words = {OFF} if rule.values and rule.values[0].since is not None else set()
    for value in rule.values:
        if value.expected:
            words.add(UNKNOWN)
        else:
            words.add(ON if not value.ended and (value.bands or value.value) else OFF)
    return frozenset(words)


def truth_of(raw: Raw, words: Mapping[str, str]) -> Truth:
    """A condition for given words of its names."""
    kind = raw[0]
    if kind == "is":
        word, wanted = words[cast(str, raw[1])], cast(frozenset[str], raw[2])
        return None if word == UNKNOWN and word not in wanted else word in wanted
    if kind == "not":
        truth = truth_of(cast(Raw, raw[1]), words)
        return None if truth is None else not truth
    truths = [truth_of(item, words) for item in cast(tuple[Raw, ...], raw[1])]
    decides = kind == "any"
    if decides in truths:
        return decides
    return None if None in truths else not decides
