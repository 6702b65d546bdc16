"""How Nepali speaks of days, in its own letters and as it is typed in Latin ones.

Days of the Bikram Sambat calendar are not read: its months have other lengths every year.
"""

from bot.nlu.day_words.form import DAYS, MONTHS, UNSETTLED_YEAR, DateWords

_NUMBERS = {
    "एक": 1, "दुई": 2, "तीन": 3, "चार": 4, "पाँच": 5, "पांच": 5, "छ": 6, "सात": 7, "आठ": 8,
    "नौ": 9, "दश": 10, "दस": 10, "पन्ध्र": 15, "ek": 1, "dui": 2, "duita": 2, "tin": 3, "teen": 3,
    "char": 4, "chaar": 4, "panch": 5, "paanch": 5, "chha": 6, "cha": 6, "sat": 7, "saat": 7,
    "aath": 8, "ath": 8, "nau": 9, "das": 10, "dash": 10, "pandhra": 15,
}  # fmt: skip
_ROMAN_DAYS = {
    "sombar": 0, "sombaar": 0, "mangalbar": 1, "mangalbaar": 1, "budhabar": 2, "budhbar": 2,
    "bihibar": 3, "bihibaar": 3, "sukrabar": 4, "shukrabar": 4, "sukrabaar": 4, "sanibar": 5,
    "shanibar": 5, "sanibaar": 5, "aaitabar": 6, "aitabar": 6, "aitabaar": 6,
}  # fmt: skip
_ENGLISH_DAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_ENGLISH_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_LAST_YEAR = (
    "पोहोर", "पोहोर साल", "पोहर", "गत वर्ष", "गत बर्ष", "गत साल", "अघिल्लो वर्ष", "pohor",
    "pohor sal", "pohor saal", "gata barsa", "gata sal", "aghillo barsa",
)  # fmt: skip
"""The Bikram year that ended in April holds days of two of our years."""

NEPALI = DateWords(
    cldr="ne",
    order="either",
    spaced=False,
    either_week=True,
    last_year=2065,
    days={
        "आज": 0, "आज बिहान": 0, "हिजो": -1, "हिजो राति": -1, "अस्ति": -2, "अस्ती": -2, "भोलि": 1,
        "भोली": 1, "पर्सि": 2, "पर्सी": 2, "aaja": 0, "aja": 0, "hijo": -1, "hijo rati": -1,
        "asti": -2, "bholi": 1, "voli": 1, "parsi": 2,
    },
    years=dict.fromkeys(_LAST_YEAR, UNSETTLED_YEAR),
    numbers=_NUMBERS,
    units={
        "दिन": (DAYS, 1), "हप्ता": (DAYS, 7), "महिना": (MONTHS, 1), "वर्ष": (MONTHS, 12),
        "बर्ष": (MONTHS, 12), "साल": (MONTHS, 12), "din": (DAYS, 1), "hapta": (DAYS, 7),
        "haptaa": (DAYS, 7), "week": (DAYS, 7), "mahina": (MONTHS, 1), "maina": (MONTHS, 1),
        "barsa": (MONTHS, 12), "barsha": (MONTHS, 12), "sal": (MONTHS, 12),
    },
    weekdays={
        "बिहीबार": 3, "बिहिबार": 3, "शुक्रवार": 4, "सोमवार": 0, "मंगलबार": 1, "मंगलवार": 1,
        "बुधवार": 2, "शनिवार": 5, "आइतवार": 6,
    }
    | _ROMAN_DAYS
    | {name: n for n, name in enumerate(_ENGLISH_DAYS)},
    months=_ENGLISH_MONTHS
    | {
        "जनवरी": 1, "फेब्रुअरी": 2, "मार्च": 3, "अप्रिल": 4, "मे": 5, "जुन": 6, "जुलाई": 7,
        "अगस्त": 8, "अगस्ट": 8, "सेप्टेम्बर": 9, "अक्टोबर": 10, "नोभेम्बर": 11, "नोभेम्वर": 11,
        "डिसेम्बर": 12, "डिसेम्वर": 12,
    },
    weeks={
        "गत हप्ता": -1, "अघिल्लो हप्ता": -1, "गएको हप्ता": -1, "यो हप्ता": 0, "यस हप्ता": 0,
        "अर्को हप्ता": 1, "आउने हप्ता": 1, "gata hapta": -1, "aghillo hapta": -1,
        "gako hapta": -1, "gayeko hapta": -1, "yo hapta": 0, "arko hapta": 1, "aune hapta": 1,
    },
    month_of={
        "गत महिना": -1, "अघिल्लो महिना": -1, "गएको महिना": -1, "यो महिना": 0, "यस महिना": 0,
        "अर्को महिना": 1, "आउने महिना": 1, "gata mahina": -1, "aghillo mahina": -1,
        "gako mahina": -1, "gayeko mahina": -1, "yo mahina": 0, "arko mahina": 1,
        "aune mahina": 1,
    },
    ago=(r"{n} ?{unit} ?(?:अगाडि|अगाडी|अघि|पहिले|agadi|aghi|pahile|pahila|ago)",),
    later=(r"{n} ?{unit} ?(?:पछि|पछी|pachi|pachhi|paxi)",),
    of_week=(r"{week}(?:को| ko)? ?{weekday}", r"(?:यो|यही|yo|yehi) {weekday}"),
    last=(r"(?:गत|अघिल्लो|गएको|gata|aghillo|gako|gayeko) {weekday}",),
    next=(r"(?:अर्को|आउने|arko|aune|aaune) {weekday}",),
    near=(r"{weekday}",),
    day_month=(r"{month} ?{d}(?! ?(?:गते|gate))(?:,? {y})?", r"{d} ?{month}(?:,? {y})?"),
    day_of=(r"{month_of}(?:को| ko)? {d}(?! ?(?:गते|gate))",),
    end_of=(
        r"{month_of}(?:को| ko)? (?:अन्त्य|अन्तिम दिन|अन्त|antya|anta|last din|last)",
        r"{month}(?:को| ko)? (?:अन्त्य|अन्तिम दिन|अन्त|antya|anta|last din|last)",
    ),
    end=(r"महिनाको अन्त्य|mahina ?ko (?:antya|anta|last)",),
    only_day=(r"(?<!\d){d} ?(?:तारिख|तारीख|tarik|tarikh)",),
    month_only=(r"{month}(?: ?(?:देखि|मा|महिना|महिनादेखि|dekhi|ma))", r"^{month}$"),
)  # fmt: skip
