"""How English and Portuguese speak of days."""

from bot.nlu.day_words.form import DAYS, MONTHS, DateWords

_SMALL_EN = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen",
)  # fmt: skip
_NOT_A_THING = r"(?! (?!(?:at|in|near|around|i|my|we|and|but|when|from|please)(?!\w))[a-z])"
"""Not before a word that the ordinal may count: the 3rd floor."""

ENGLISH = DateWords(
    cldr="en",
    order="either",
    either_week=True,
    days={
        "the day before yesterday": -2, "day before yesterday": -2,
        "the day after tomorrow": 2, "day after tomorrow": 2,
        "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
        "yesterday": -1, "yesturday": -1, "last night": -1, "tomorrow": 1, "tmrw": 1,
    },
    years={
        "the year before last": -2, "last year": -1, "the previous year": -1, "this year": 0,
        "next year": 1,
    },
    numbers={"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40}
    | {name: n for n, name in enumerate(_SMALL_EN, 1)},
    units={
        "day": (DAYS, 1), "days": (DAYS, 1), "week": (DAYS, 7), "weeks": (DAYS, 7),
        "wk": (DAYS, 7), "wks": (DAYS, 7), "fortnight": (DAYS, 14),
        "month": (MONTHS, 1), "months": (MONTHS, 1), "year": (MONTHS, 12), "years": (MONTHS, 12),
    },
    short={"tues": 1, "weds": 2, "thur": 3, "thurs": 3},
    months={"sept": 9},
    weeks={"last week": -1, "this week": 0, "next week": 1, "the week before last": -2},
    month_of={"last month": -1, "this month": 0, "next month": 1, "the month": 0},
    ago=(r"{n} {unit} (?:ago|back|before today)",),
    later=(r"in {n} {unit}(?! ago)", r"{n} {unit} (?:from now|from today|later)"),
    of_week=(
        r"{weekday},?(?: of| in)? {week}", r"{week},?(?: on)? {weekday}", r"this {weekday}",
    ),
    last=(r"(?:on )?(?:last|this past|the past) {weekday}",),
    next=(r"(?:on )?(?:next|this coming|the coming) {weekday}",),
    near=(r"(?:on|since|by|from|until) {weekday}", r"{long_weekday}"),
    day_month=(
        r"(?:the )?{d}(?:st|nd|rd|th)?(?: of)? {month}\.?,?(?: {y})?",
        r"{month}\.? (?:the )?{d}(?:st|nd|rd|th)?(?:,? {y})?",
        r"{d}-{month}(?:-{y})?",
    ),
    day_of=(
        r"(?:the )?{d}(?:st|nd|rd|th)?(?: of)? {month_of}",
        r"{month_of},?(?: on)?(?: the)? {d}(?:st|nd|rd|th)?",
    ),
    end_of=(
        r"(?:the )?(?:end|last day) of {month_of}",
        r"(?:the )?(?:end|last day) of {month}(?: {y})?",
    ),
    only_day=(
        r"(?:on )?the {d}(?:st|nd|rd|th)" + _NOT_A_THING, r"on {d}(?:st|nd|rd|th)" + _NOT_A_THING,
    ),
    month_only=(
        r"(?:since|in|from|until|by|of) {month}(?: {y})?",
        r"^(?!may$|march$){month}(?: {y})?$",
    ),
)  # fmt: skip

_SMALL_PT = ("um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez")
_FEIRAS = ("segunda", "terça", "quarta", "quinta", "sexta")

PORTUGUESE = DateWords(
    cldr="pt",
    order="day",
    folded=True,
    either_week=True,
    days={
        "hoje": 0, "hoje cedo": 0, "hoje de manhã": 0, "hoje à tarde": 0, "esta noite": 0,
        "ontem": -1, "ontem à noite": -1, "noite passada": -1, "anteontem": -2,
        "antes de ontem": -2, "antiontem": -2, "trasanteontem": -3, "hj": 0, "amanhã": 1,
        "depois de amanhã": 2,
    },
    years={
        "ano retrasado": -2, "ano passado": -1, "último ano": -1, "este ano": 0, "deste ano": 0,
        "neste ano": 0, "desse ano": 0, "ano que vem": 1, "próximo ano": 1,
    },
    numbers={name: n for n, name in enumerate(_SMALL_PT, 1)}
    | {"uma": 1, "duas": 2, "quinze": 15, "vinte": 20, "trinta": 30},
    units={
        "dia": (DAYS, 1), "dias": (DAYS, 1), "semana": (DAYS, 7), "semanas": (DAYS, 7),
        "mês": (MONTHS, 1), "meses": (MONTHS, 1), "ano": (MONTHS, 12), "anos": (MONTHS, 12),
    },
    weekdays={f"{name} feira": n for n, name in enumerate(_FEIRAS)}
    | {f"{name}-feira": n for n, name in enumerate(_FEIRAS)}
    | {f"{n + 2}a{gap}feira": n for n in range(5) for gap in " -"},
    short=dict(zip(_FEIRAS, range(5), strict=True)) | {"sab": 5, "dom": 6},
    weeks={
        "semana passada": -1, "última semana": -1, "semana retrasada": -2, "esta semana": 0,
        "nesta semana": 0, "essa semana": 0, "semana que vem": 1, "próxima semana": 1,
    },
    month_of={
        "mês passado": -1, "último mês": -1, "mês retrasado": -2, "este mês": 0, "deste mês": 0,
        "desse mês": 0, "mês que vem": 1, "próximo mês": 1,
    },
    ago=(r"(?:ha|faz|fazem|tem) {n} {unit}(?: atras)?", r"{n} {unit} (?:atras|antes de hoje)"),
    later=(r"(?:daqui a|daqui) {n} {unit}", r"em {n} {unit}(?! atras)"),
    of_week=(
        r"(?:na |no )?{weekday},?(?: da| na| de)? {week}",
        r"{week},?(?: na| no)? {weekday}",
        r"(?:nesta|neste|esta|este|essa|nessa) {weekday}",
    ),
    last=(
        r"(?:na |no )?(?:ultima|ultimo) {weekday}", r"(?:na |no )?{weekday} (?:passada|passado)",
    ),
    next=(
        r"(?:na |no )?(?:proxima|proximo) {weekday}", r"(?:na |no )?{weekday} que vem",
    ),
    near=(
        r"(?:na|no|desde|ate|desde a|ate a|a partir de) {weekday}(?! (?:vez|via|parcela))",
        r"{long_weekday}", r"^{weekday}$",
    ),
    day_month=(
        r"(?:dia )?{d}[oº]?(?: de)? {month}(?:,?(?: de)? {y})?",
        r"(?:dia )?(?P<first>primeiro) de {month}(?:,?(?: de)? {y})?",
    ),
    day_of=(r"(?:dia )?{d} (?:do |de |d)?{month_of}",),
    end_of=(
        r"(?:fim|final|ultimo dia) d[oe] {month_of}", r"(?:fim|final) {month_of}",
        r"(?:fim|final|ultimo dia) de {month}(?: de {y})?",
    ),
    end=(r"(?:no )?(?:fim|final) do mes(?! (?:passado|que|retrasado))",),
    only_day=(r"(?<!\S)(?:no |foi )?dia {d}(?! de| do| d[eo]ste)",),
    months={
        "jan": 1, "fev": 2, "mar": 3, "abr": 4, "mai": 5, "jun": 6, "jul": 7, "ago": 8, "set": 9,
        "out": 10, "nov": 11, "dez": 12,
    },
    month_only=(
        r"(?:desde|em|de|ate) (?!(?:mar|mai|ago|set|out|dez)(?!\w)){month}(?: (?:de )?{y})?",
        r"^{month}(?: (?:de )?{y})?$",
    ),
)  # fmt: skip
