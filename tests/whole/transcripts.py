"""Whole talks in every language, from the webhook to LINE's messages, written down for readers.

`python -m tests.whole.transcripts` writes docs/transcripts/; a test holds the pages to the bot.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from test_whole_walk import FLOWS
from wholes import LANGUAGES, NOON, Talker, a_whole

from bot.i18n.locales import BY_TAG

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "transcripts"

OPENINGS = {
    "en": ("I lost my residence card", "how do I extend my visa", "we moved last week"),
    "ja": ("在留カードをなくしました", "ビザの更新をしたいです", "先週引っ越しました"),
    "ja-simple": (
        "ざいりゅうカードを なくしました",
        "ビザを こうしん したいです",
        "せんしゅう ひっこしました",
    ),
    "zh-Hans": ("我的在留卡丢了", "我想更新签证", "上周搬家了，要办什么手续"),
    "vi": ("em bị mất thẻ ngoại kiều", "em muốn gia hạn visa", "tuần trước em chuyển nhà"),
    "ko": ("재류카드를 잃어버렸어요", "비자 연장하고 싶어요", "지난주에 이사했어요"),
    "tl": ("nawala po ang residence card ko", "paano mag-extend ng visa", "lumipat kami ng bahay"),
    "ne": ("मेरो रेसिडेन्स कार्ड हरायो", "मेरो भिसा थप्नु छ", "गत हप्ता कोठा सरेँ"),
    "id": ("zairyu card saya hilang", "mau perpanjang visa", "minggu lalu saya pindah rumah"),
    "pt-BR": ("perdi meu zairyu card", "quero renovar o visto", "mudei de casa semana passada"),
}  # fmt: skip
"""What somebody writes first, for a lost card, an extension and a move."""

Line = tuple[str, str]
"""Who says it, and the words."""


def talk_in(tag: str, folder: Path) -> dict[str, list[Line]]:
    """The three talks of one language, flow by flow."""
    found = {}
    with a_whole(f"sqlite:///{folder / 'talks.db'}", folder) as whole:
        for (flow, answers), opening in zip(FLOWS.items(), OPENINGS[tag], strict=True):
            mai = whole.person(tag)
            lines: list[Line] = [("person", opening)]
            mai.type(opening)
            lines += _heard(mai)
            _goes_on(mai, answers, lines)
            mai.tap("text")
            lines.append(("person", "…"))
            lines += _heard(mai)
            found[flow] = lines
        whole.assert_line_refused_nothing()
    return found


def _goes_on(mai: Talker, answers: dict[str, Any], lines: list[Line]) -> None:
    for _ in range(30):
        if mai.has_result:
            return
        answer = answers[str(mai.question)]
        if not isinstance(answer, str | tuple):
            lines.append(("person", answer.isoformat()))
            mai.pick(answer)
            lines += _heard(mai)
            continue
        for tap in [answer] if isinstance(answer, str) else answer:
            lines.append(("person", str(mai.button(tap).get("label", tap))))
            mai.tap(tap)
            lines += _heard(mai)
    raise AssertionError("no result after 30 answers")


def _heard(mai: Talker) -> list[Line]:
    return [("bot", "\n".join(_shown(bubble.message))) for bubble in mai.newest()]


def _shown(message: Any) -> list[str]:
    """The words of a bubble or card, without the labels of its buttons and the preview."""
    if message.get("type") == "text":
        return [message["text"]]
    return list(dict.fromkeys(_texts(message.get("contents", {}))))


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") in ("text", "span") and isinstance(part.get("text"), str):
        return [part["text"]]
    return [text for key, one in part.items() if key != "action" for text in _texts(one)]


def page(tag: str, talks: dict[str, list[Line]]) -> str:
    """The talks of one language as Markdown."""
    native = BY_TAG[tag].native
    lines = [
        f"# {native}", "",
        f"Three talks on {NOON.date().isoformat()}, as they pass between LINE and bot; the last",
        "answer of each is the result as text. Written by `python -m tests.whole.transcripts`.",
    ]  # fmt: skip
    for flow, said in talks.items():
        lines += ["", f"## {flow}", ""]
        for who, words in said:
            mark = "> **→** " if who == "person" else "> "
            told = words.replace("\n", "\n> ").replace("\n> \n", "\n>\n")
            lines += [f"{mark}{told}".rstrip(), ""]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def main() -> None:
    """Write a page for every language."""
    PAGES.mkdir(exist_ok=True)
    for tag in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            text = page(tag, talk_in(tag, Path(folder)))
            (PAGES / f"{tag}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
