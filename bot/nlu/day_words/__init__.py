"""The words of days, by language; CLDR adds months and weekdays.

A further language is one more `DateWords` and one more row here.
"""

from collections.abc import Mapping

from bot.nlu.day_words.east_asian import CHINESE, JAPANESE, KOREAN
from bot.nlu.day_words.form import DAYS, MONTHS, DateWords, Order
from bot.nlu.day_words.nepali import NEPALI
from bot.nlu.day_words.southeast_asian import FILIPINO, INDONESIAN, VIETNAMESE
from bot.nlu.day_words.western import ENGLISH, PORTUGUESE

__all__ = ["BY_LANGUAGE", "DAYS", "ENGLISH", "JAPANESE", "MONTHS", "DateWords", "Order"]

BY_LANGUAGE: Mapping[str, DateWords] = {
    "en": ENGLISH, "ja": JAPANESE, "ja-simple": JAPANESE, "zh-Hans": CHINESE, "vi": VIETNAMESE,
    "ko": KOREAN, "tl": FILIPINO, "ne": NEPALI, "id": INDONESIAN, "pt-BR": PORTUGUESE,
}  # fmt: skip
