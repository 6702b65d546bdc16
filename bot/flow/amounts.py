"""Rules of law on a day, and amounts of money.

A rule holds from its start until the next one starts. "Ended", "not yet begun" and "announced
but not known" are three different things and stay so: nobody is told a fee of zero because a
number is missing.
"""

from collections.abc import Iterator
from datetime import date

from bot.flow.model import UNKNOWN, DatedValue, Money, Param, Rule

ON, OFF = "on", "off"
YEN = "JPY"
FREE = Money("free", 0, 0)
UNKNOWN_MONEY = Money("unknown")


def value_on(rule: Rule, day: date) -> DatedValue | None:
    """The value in force on that day, or None if the rule has not begun."""
    for value in reversed(rule.values):
        if value.since is None or value.since <= day:
            return value
    return None


def word_on(rule: Rule, day: date) -> str:
    """The rule as a condition sees it: on, off, or unknown (announced, and not filled in)."""
    value = value_on(rule, day)
    if value is None or value.ended:
        return OFF
    if value.expected:
        return UNKNOWN
    return ON if value.bands or value.value else OFF


def number_on(rule: Rule, day: date) -> int | None:
    """The plain number in force, or None: a range, a table of bands or a flag is no number."""
    found = _plain_value(rule, day)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def day_on(rule: Rule, day: date) -> date | None:
    """The day that a rule of unit day names, or None."""
    found = _plain_value(rule, day)
    return found if isinstance(found, date) else None


def param_on(rule: Rule, day: date) -> Param | None:
    """What a placeholder with the rule's name is filled with, or None if it cannot be told."""
    if rule.unit == YEN:
        money = money_on(rule, day)
        return money if money.kind != UNKNOWN else None
    found = _plain_value(rule, day)
    if isinstance(found, bool | tuple):
        return None
    return found


def money_on(rule: Rule, day: date, band: str | None = None) -> Money:
    """The amount in force; a table of bands is a range unless `band` names one of them."""
    value = value_on(rule, day)
    if value is None or value.ended or value.expected:
        return UNKNOWN_MONEY
    if value.bands:
        if band is not None and band in value.bands:
            return _money(value.bands[band], value.bands[band])
        return _money(min(value.bands.values()), max(value.bands.values()))
    if isinstance(value.value, tuple):
        return _money(*value.value)
    if isinstance(value.value, int) and not isinstance(value.value, bool):
        return _money(value.value, value.value)
    return UNKNOWN_MONEY


def starts_between(rule: Rule, after: date, until: date) -> Iterator[date]:
    """The days on which a new value starts, later than `after` and not later than `until`."""
    for value in rule.values:
        if value.since is not None and after < value.since <= until:
            yield value.since


def _plain_value(rule: Rule, day: date) -> int | bool | date | str | tuple[int, int] | None:
    value = value_on(rule, day)
    if value is None or value.ended or value.expected:
        return None
    return value.value


def _money(low: int, high: int) -> Money:
    if high == 0:
        return FREE
    return Money("exact" if low == high else "range", low, high)
