"""Sentences become text: in the reader's language, with days, money and numbers as read there."""

from collections.abc import Callable, Mapping
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.flow.amounts import number_on
from bot.flow.eras import in_era
from bot.flow.model import Library, Money, Param, Sentence, Span, Spoken
from bot.i18n.locales import Language

Forms = tuple[tuple[str, ...], Callable[[int], int]]
Find = Callable[[Sentence], Forms | None]

_MOST_KEPT = 4096
_NO_PARAMS: Mapping[str, Param] = {}


class Words:
    """One language. Never raises for a missing translation (English stands in); LookupError
    when a sentence lacks the value of a placeholder or the bot's own sentence does not exist."""

    def __init__(self, language: Language, library: Library, find: Find) -> None:
        self.tag = language.tag
        self.native = language.native
        self.direction = language.direction
        self._language = language
        self._library = library
        self._find = find
        self._locale = Locale.parse(language.cldr)
        self._forms: dict[str, Forms] = {}
        self._ready: dict[str, str] = {}
        self._days: dict[date, str] = {}
        self._money: dict[Money, str] = {}

    def text(self, spoken: Spoken) -> str:
        """The sentence with its values, as the reader sees it."""
        ready = self._ready.get(spoken.sentence.address)
        return self._say(spoken.sentence, spoken.params) if ready is None else ready

    def label(self, sentence: Sentence) -> str:
        """A sentence that needs no values: a label, a title, a question."""
        ready = self._ready.get(sentence.address)
        return self._say(sentence, _NO_PARAMS) if ready is None else ready

    def talk(self, name: str, **params: Param) -> str:
        """One of the bot's own sentences (talk/<name>)."""
        sentence = self._library.talk.get(name)
        if sentence is None:
            raise LookupError(f"flows/shared/talk.yaml has no sentence {name!r}")
        ready = self._ready.get(sentence.address)
        return self._say(sentence, params) if ready is None else ready

    def has_talk(self, name: str) -> bool:
        """True when the bot has a sentence of that name."""
        return name in self._library.talk

    def title(self, flow_id: str, outcome: str | None = None) -> str:
        """The headline of an outcome, else the title of its flow, topic or life event."""
        flow = self._library.flow_or_topic(flow_id)
        if flow is None:
            event = self._library.events.get(flow_id)
            return self.label(event.title) if event else ""
        found = flow.outcomes.get(outcome) if outcome else None
        return self.label(found.headline if found and found.headline else flow.title)

    def shows(self, flow_id: str, outcome: str | None) -> tuple[str, ...]:
        """What the author wants to stand on the card of an outcome (`show` in its flow)."""
        flow = self._library.flow_or_topic(flow_id)
        found = flow.outcomes.get(outcome) if flow and outcome else None
        return found.show if found else ()

    def months(self, rule: str, on: date) -> int | None:
        """The months that a rule of law gives on a day, None where it gives none."""
        found = self._library.rules.get(rule)
        if found is None or found.unit != "months":
            return None
        return number_on(found, on)

    def source(self, source_id: str, title: str) -> str:
        """The title of a source."""
        return self.label(Sentence(address=f"source/{source_id}", text=title))

    def day(self, day: date) -> str:
        """A day with its weekday, e.g. "Friday, 4 December 2026"."""
        text = self._days.get(day)
        if text is None:
            pattern = self._language.day or "full"
            text = str(format_date(day, format=pattern, locale=self._locale))
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            self._days[day] = text
        return text

    def on_form(self, spoken: Spoken) -> str:
        """An answer as it is written on a form: a day with its year of the Japanese era."""
        text = self.text(spoken)
        days = [value for value in spoken.params.values() if isinstance(value, date)]
        if not self._language.eras or len(days) != 1 or (era := in_era(days[0])) is None:
            return text
        return f"{text}\n   {era}"

    def number(self, number: int | float) -> str:
        """A number with the reader's separators."""
        if isinstance(number, int) and -1000 < number < 1000:
            return str(number)
        return str(format_decimal(number, locale=self._locale))

    def span(self, span: Span) -> str:
        """A length of time: "4 years, 3 months"."""
        parts = (("year", span.years), ("month", span.months), ("day", span.days))
        told = [self._duration(unit, number) for unit, number in parts if number]
        return format_list(told, style="unit", locale=self._locale)

    def _duration(self, unit: str, number: int) -> str:
        # Where long and short are the same, CLDR has only an alias, which Babel does not follow:
        # it then writes "4 duration-year".
        name = f"duration-{unit}"
        text = format_unit(number, name, length="long", locale=self._locale)
        if name in text:
            text = format_unit(number, name, length="short", locale=self._locale)
        return str(text)

    def money(self, money: Money) -> str:
        """An amount: "¥6,000", "¥10,000 to ¥75,000", free of charge, or not fixed."""
        text = self._money.get(money)
        if text is None:
            text = self._amount(money)
            if len(self._money) >= _MOST_KEPT:
                self._money.clear()
            self._money[money] = text
        return text

    def _amount(self, money: Money) -> str:
        if money.kind == "free":
            return self.talk("card_money_free")
        if money.kind == "unknown" or money.min is None or money.max is None:
            return self.talk("card_money_unknown")
        # In Japan's currency only: the sentence itself carries the sign.
        if money.min == money.max:
            return self.talk("card_money", amount=self.number(money.min))
        low, high = self.number(money.min), self.number(money.max)
        return self.talk("card_money_range", low=low, high=high)

    def _say(self, sentence: Sentence, params: Mapping[str, Param]) -> str:
        if not sentence.address:
            return sentence.text  # somebody's own words: shown as they are
        forms, plural = self._forms_of(sentence)
        text = forms[0]
        if sentence.count is not None and len(forms) > 1:
            text = forms[min(plural(self._counted(sentence, params)), len(forms) - 1)]
        elif "%" not in text:
            self._keep_ready(sentence.address, text)
        if "%" not in text:
            return text
        values = {name: self._value(value) for name, value in params.items()}
        try:
            return text % values
        except KeyError as error:
            raise LookupError(f"{sentence.address}: no value for %({error.args[0]})s") from None

    def _keep_ready(self, address: str, text: str) -> None:
        """A text that is the same for everybody needs no second look."""
        if len(self._ready) >= 20 * _MOST_KEPT:
            self._ready.clear()
        self._ready[address] = text

    def _forms_of(self, sentence: Sentence) -> Forms:
        forms = self._forms.get(sentence.address)
        if forms is None:
            forms = self._find(sentence) or _english(sentence)
            if len(self._forms) >= 20 * _MOST_KEPT:
                self._forms.clear()
            self._forms[sentence.address] = forms
        return forms

    def _counted(self, sentence: Sentence, params: Mapping[str, Param]) -> int:
        number = params.get(sentence.count or "")
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise LookupError(f"{sentence.address}: no number for {sentence.count!r}")
        return abs(int(number))

    def _value(self, value: Param) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, Sentence):
            return self.label(value)
        if isinstance(value, tuple):
            return format_list([self._value(one) for one in value], locale=self._locale)
        if isinstance(value, Span):
            return self.span(value)
        return self.number(value)


def _english(sentence: Sentence) -> Forms:
    if sentence.plural is None:
        return (sentence.text,), _only
    return (sentence.text, sentence.plural), _one_or_other


def _only(_number: int) -> int:
    return 0


def _one_or_other(number: int) -> int:
    return 0 if number == 1 else 1
