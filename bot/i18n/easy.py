"""What easy Japanese (やさしい日本語) must keep: short sentences, plain words, readings.

A linter, not a teacher: it finds what a machine can find. Readings in brackets and values that
are filled in do not count for the length of a sentence.
"""

import re
from collections.abc import Iterator

LONGEST = 60
"""Characters of one sentence, without readings."""

_VALUE = re.compile(r"%\(\w[\w.]*\)s")
_READING = re.compile(r"[(（][ぁ-んァ-ヶー・、 ]+[)）]")
_QUOTED = re.compile(r"「[^」]*」|【[^】]*】|[(（][^()（）]*[)）]")
_NAMES = re.compile(r"「[^」]*」")
_SENTENCES = re.compile(r"[。！？\n]+")
_KANJI = re.compile(r"[\u4e00-\u9fff々]+")
_WORD_WITH_READING = re.compile(r"([\u4e00-\u9fff々]+)[(（][ぁ-んァ-ヶー]+[)）]")

_HARD = {
    "two negations": re.compile(
        r"なければな[らり]|なければいけ|ないといけ|なくてはな|ないことは?ない|ないわけで|ずには|ざるを"
    ),
    "a passive": re.compile(r"され(?:る|ます|ました|た|て)|せられ"),
    "a word of honour": re.compile(
        r"いただ|くださいませ|なさいま|召し上|参り|申し上げ|存じ|おります|いたし|おいで"
    ),
    "written style": re.compile(
        r"である。|のである|における|に関して|に際して|及び|並びに|または、かつ|ならびに"
    ),
}

# The letters of the two first levels of the Japanese-language tests, and a few of daily life.
PLAIN = frozenset(
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百"
    "書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力"
    "問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死"
    "特私始朝運終台広住無真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜"
    "音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢"
    "全部回番号階円市区働"
)


def faults(text: str, *, is_button: bool = False) -> Iterator[str]:
    """What a reader of easy Japanese would stumble over in this text; nothing when it is easy.

    A button has no room for readings.
    """
    bare = _VALUE.sub("", text)
    for sentence in _SENTENCES.split(_READING.sub("", _VALUE.sub("○○", text))):
        if len(sentence) > LONGEST:
            yield f"a sentence of {len(sentence)} characters, more than {LONGEST}: {sentence[:20]}…"
    told = _QUOTED.sub("", _READING.sub("", bare))
    for name, pattern in _HARD.items():
        if found := pattern.search(told):
            yield f"{name}: {found[0]}"
    if not is_button:
        yield from _without_reading(bare)


def _without_reading(text: str) -> Iterator[str]:
    """Words with letters above the plain level that have no reading where they first stand.

    What stands in 「」 is the name of a form or the text of a paper, as it is written there."""
    read: set[str] = set()
    text = _NAMES.sub("", text)
    for found in _KANJI.finditer(text):
        word = found[0]
        if _WORD_WITH_READING.match(text, found.start()):
            read.add(word)
        elif not set(word) <= PLAIN and not any(word in one or one in word for one in read):
            yield f"no reading for {word}"
            read.add(word)
