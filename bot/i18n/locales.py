"""The one table of languages: what is stored, the gettext folder, the CLDR locale, LINE's tags.

No other file spells the name of a language. A further language is one more row of TABLE.
"""

from dataclasses import dataclass

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One row. `tag` is BCP 47 and is what is stored, logged and put into HTML's `lang`.

    `folder` is the gettext locale under locales/, `cldr` gives dates, numbers and plurals.
    `profile` are the tags by which LINE's profile may name it (see `from_profile`); none for
    a register that no phone knows. `native` is its own name for the language menu. `day` is
    the CLDR pattern of a date with its weekday; empty: the locale's full form. `instead` are
    the languages to go to, in order, where this one has no translation; English ends the list.
    `eras`: a day that a form asks for is told in the Japanese era, too.
    """

    tag: str
    folder: str
    cldr: str
    profile: tuple[str, ...]
    native: str
    day: str = ""
    direction: str = "ltr"
    eras: bool = False
    instead: tuple[str, ...] = ()


_JA_DAY = "y年M月d日(EEE)"

TABLE: tuple[Language, ...] = (
    Language("en", "en", "en", ("en",), "English", day="EEEE, d MMMM y"),
    Language("ja", "ja", "ja", ("ja",), "日本語", day=_JA_DAY, eras=True),
    Language(
        "ja-simple", "ja@simple", "ja", (), "やさしい日本語",
        day=_JA_DAY, eras=True, instead=("ja",),
    ),
    Language("zh-Hans", "zh_Hans", "zh_Hans", ("zh-Hans",), "简体中文"),
    Language("vi", "vi", "vi", ("vi",), "Tiếng Việt"),
    Language("ko", "ko", "ko", ("ko",), "한국어"),
    Language("tl", "fil", "fil", ("tl",), "Filipino"),
    Language("ne", "ne", "ne", ("ne",), "नेपाली"),
    Language("id", "id", "id", ("id",), "Bahasa Indonesia", day="EEEE, d MMMM y"),
    Language(
        "pt-BR", "pt_BR", "pt_BR", ("pt-BR",), "Português", day="d 'de' MMMM 'de' y (EEEE)"
    ),
)  # fmt: skip
BY_TAG: dict[str, Language] = {row.tag: row for row in TABLE}
BY_FOLDER: dict[str, Language] = {row.folder: row for row in TABLE}
TAG_OF_FOLDER: dict[str, str] = {row.folder: row.tag for row in TABLE}
_BY_PROFILE: dict[str, str] = {name: row.tag for row in TABLE for name in row.profile}

_TRADITIONAL = {"hant", "tw", "hk", "mo"}
_SAME = {"in": "id", "fil": "tl", "pt": "pt-BR"}


def from_profile(bcp47: str | None) -> str | None:
    """The stored tag for a profile language, or None where we do not have that language.

    The profile tells the language of the app, not the mother tongue: a first guess only.
    """
    if not bcp47:
        return None
    primary, *rest = bcp47.replace("_", "-").lower().split("-")
    if primary == "zh":
        name = "zh-Hant" if _TRADITIONAL & set(rest) else "zh-Hans"
    else:
        name = _SAME.get(primary, primary)
    return _BY_PROFILE.get(name)


def fallbacks(tag: str) -> tuple[str, ...]:
    """The languages to try for that reader, in order: their own first, English last."""
    own = BY_TAG.get(tag)
    if own is None:
        return (SOURCE,)
    return tuple(dict.fromkeys((tag, *own.instead, SOURCE)))
