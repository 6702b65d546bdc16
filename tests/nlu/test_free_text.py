"""What people write, understood or left unclear; none of these messages stand in phrases.yaml."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.understood import CLARIFY, NONE
from bot.flow.faults import WrongContent
from bot.flow.load import read_library
from bot.flow.model import Option, Question, Sentence
from bot.nlu.phrases import read_phrases
from bot.nlu.understand import Nlu, load_nlu
from tests.dialogue.talks import library

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locales"
TODAY = date(2026, 11, 25)
IDS = ("lost-card", "extension", "move", "photo", "office")
REQUESTS = (
    "human", "menu", "back", "restart", "language", "help", "delete-data", "export-data",
    "reminder", "answers", "continue", "text", "my-data",
)  # fmt: skip

MESSAGES = {
    "en": {
        "lost-card": [
            "Hi, somebody stole my purse in Shibuya and the zairyu card was in there",
            "can't find gaijin card since last night",
            "i think my residence card fell out of my pocket",
            "My residence card is gone, help",
            "what to do when the residence card is stolen",
            "my residence card was burnt",
            "I lost my passport and residence card",
        ],
        "extension": [
            "my visa runs out in two months",
            "renewing engineer visa",
            "I'd like to extend my period of stay",
            "visa renewal fee?",
            "student visa extension",
            "documents for extending my status of residence",
        ],
        "move": [
            "we just moved to Kawasaki",
            "I have a new address",
            "changing address on the card",
            "moved last month and forgot to tell the ward office",
            "i moved",
        ],
        "photo": ["photo size?", "how big must the photo be", "can my photo be 4 months old"],
        "office": ["where is immigration", "address of the immigration office near me"],
        "work-permission": ["can I work part time", "how many hours may students work a week"],
        "human": ["can I talk to somebody", "i want to talk to a real person"],
        "birth": ["my baby was born yesterday", "newborn visa papers"],
        "first-address": ["first address in Japan how many days"],
        "leave-japan": ["we leave Japan forever in March, what about the card"],
        "job-or-school-change": [
            "do I have to notify immigration about my new job",
            "I left my company, must I report it to immigration",
        ],
        "spouse-lost": ["I got divorced, do I have to tell immigration"],
        "nationality-lost": ["became British, report loss of nationality"],
        "damaged-card": ["my residence card is scratched and the chip is broken"],
        "card-validity": ["I am a permanent resident and my card expires in May"],
        "card-details": ["my name changed, must I change my residence card"],
        "new-passport": ["my passport will expire soon", "I got a new passport, who must I tell"],
        "death-of-resident": ["my father passed away, where do I return his residence card"],
        "special-permanent-resident": ["I lost my special permanent resident certificate"],
    },
    "ja": {
        "lost-card": [
            "在留カードを落としてしまいました",
            "電車の中に在留カードを忘れてきた",
            "カードを紛失してしまったのですが",
            "かばんを盗まれて、在留カードも入ってました",
            "財布と在留カードとパスポートを盗まれた",
        ],
        "extension": [
            "ビザの期限がもうすぐ切れる",
            "就労ビザの更新について教えてください",
            "在留期限が来月です",
        ],
        "move": ["先月引っ越しました", "別の区に引っ越す予定です", "転入届を出し忘れた"],
        "photo": ["写真の大きさは？", "証明写真はメガネOK？"],
        "office": ["入管の場所", "近くの入管はどこ"],
        "human": ["人と話したいんですが"],
    },
    "ja-simple": {
        "lost-card": ["ざいりゅうカードを おとしました", "カード なくした"],
        "extension": ["ビザを ながくしたい", "ビザが おわります", "ビザの期限がもうすぐ切れる"],
        "move": ["ひっこしました", "あたらしい じゅうしょに なりました"],
        "office": ["にゅうかん どこ"],
    },
    "vi": {
        "lost-card": [
            "em bị mất thẻ ngoại kiều rồi ạ",
            "thẻ cư trú bị đánh cắp",
            "lam mat the cu tru",
            "mất zairyu thì làm sao",
            "mất hộ chiếu và thẻ cư trú rồi",
        ],
        "extension": ["visa em hết hạn tháng sau", "gia hạn visa lao động", "visa sap het han"],
        "move": ["em vừa chuyển nhà", "chuyển nhà sang quận mới", "doi dia chi"],
        "photo": ["kích thước ảnh thẻ"],
        "office": ["nyukan ở đâu ạ", "cục xuất nhập cảnh gần nhà em nhất"],
        "human": ["cho gặp nhân viên với"],
    },
}  # fmt: skip

NEAR_MISSES = {
    "en": [
        "I lost my driving licence", "I lost my bank card", "I lost my job", "I lost my keys",
        "my cash card is missing", "my friend lost his credit card", "i lost my umbrella",
        "I lost my insurance card yesterday", "my phone was stolen", "train pass lost",
        "my number card, lost it", "I lost my wallet but the cards are fine", "I lost my case",
        "renew my driving license", "extend my gym membership",
        "how do I renew my health insurance card", "my sim card expired",
        "how much tax do I pay", "where can I buy a phone", "where is the bank",
        "i was moved by the movie", "the photo is nice", "I want a loan", "i broke my leg",
        "do I need a photo for my driving licence", "what is my card number",
        "are you open on saturday", "my baby cries at night",
        "I did not lose my residence card", "i found my lost residence card",
        "my company moved to another building",
    ],
    "ja": [
        "運転免許をなくした", "銀行カードをなくした", "仕事を失いました", "財布をなくしました",
        "免許の更新", "パスポートが切れる", "税金について", "アルバイトしたい",
        "鍵をなくした", "クレジットカードの更新", "引っ越し業者のおすすめ", "結婚したい",
        "写真が好きです", "カードで払えますか", "Suicaをなくした", "在留カードはなくしていません",
    ],
    "ja-simple": [
        "めんきょを なくした", "さいふを なくしました", "しごとが ありません",
        "ぎんこうカードを なくした", "おなかが すいた",
    ],
    "vi": [
        "mất bằng lái", "mất thẻ ngân hàng", "em bị mất việc", "mất ví", "gia hạn hộ chiếu",
        "chuyển tiền", "đói quá", "mất thẻ tín dụng", "mất điện thoại",
        "mất chìa khóa", "đổi bằng lái xe", "chuyển việc", "gia hạn bằng lái", "tôi mất ngủ",
        "em muốn đi làm thêm", "mat bang lai xe", "em chưa mất thẻ cư trú",
    ],
}  # fmt: skip

COMMANDS = {
    "menu": ["menu", "Menu", "メニュー", "ＭＥＮＵ", "MENU!"],
    "back": ["back", "go back", "戻る", "もどる", "quay lại", "quay lai"],
    "restart": ["start over", "最初から", "làm lại từ đầu"],
    "delete-data": ["delete my data", "データを消して", "xóa dữ liệu", "xoa du lieu"],
    "export-data": ["export my data", "データのコピー", "tải dữ liệu"],
    "my-data": ["my data", "データを見る", "dữ liệu của tôi"],
    "human": ["human", "人と話す", "gặp nhân viên"],
    "language": ["language", "日本語", "tiếng Việt", "English"],
    "help": ["help", "?", "ヘルプ", "trợ giúp"],
    "answers": ["my answers", "回答", "câu trả lời của tôi"],
    "continue": ["continue", "続ける", "tiếp tục"],
    "reminder": ["remind me", "リマインダー", "nhắc tôi"],
    "text": ["as text", "テキスト", "dạng chữ"],
}


@cache
def nlu() -> Nlu:
    return load_nlu(LOCALES, read_library(ROOT / "flows")[0])


def decision(text: str, language: str = "en") -> str:
    return nlu().understand(text, language, TODAY).decision


def a_question(*options: tuple[str, str, str | None], kind: str = "choice", **more: str):
    return Question(
        name="what_happened",
        kind=kind,  # type: ignore[arg-type]
        ask=Sentence("x/what_happened.ask", "What happened?"),
        options=tuple(
            Option(name, Sentence(f"x/{name}", label), ja) for name, label, ja in options
        ),
        **more,  # type: ignore[arg-type]
    )


HAPPENED = a_question(
    ("lost", "It is lost", "紛失"),
    ("stolen", "It was stolen", "盗難"),
    ("damaged", "Damaged", None),
)
LABELS = {"lost": "Thẻ bị mất", "stolen": "Thẻ bị trộm", "damaged": "Thẻ bị hỏng"}
POLICE = a_question(("yes", "Yes", None), ("no", "No", None))
YES_NO = {"yes": "Có", "no": "Không"}


def options(text: str, question: Question, language: str = "en", labels=None) -> tuple[str, ...]:
    return nlu().understand(text, language, TODAY, question, labels or {}).options


# ---------------------------------------------------------------- what it is about


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [(tag, t, name) for tag, rows in MESSAGES.items() for name, ts in rows.items() for t in ts],
)
def test_a_message_leads_to_what_it_is_about(language: str, text: str, wanted: str):
    understood = nlu().understand(text, language, TODAY)
    assert understood.decision == wanted
    assert understood.candidates[0][0] == wanted and 0 < understood.candidates[0][1] <= 1


@pytest.mark.parametrize(
    ("language", "text"), [(tag, text) for tag, texts in NEAR_MISSES.items() for text in texts]
)
def test_a_near_miss_never_leads_to_a_procedure(language: str, text: str):
    assert decision(text, language) in (NONE, CLARIFY)


@pytest.mark.parametrize("language", NEAR_MISSES)
def test_most_near_misses_are_not_even_asked_back(language: str):
    asked = [text for text in NEAR_MISSES[language] if decision(text, language) != NONE]
    assert len(asked) <= 0.25 * len(NEAR_MISSES[language]), asked


def test_the_three_near_misses_that_matter_most_are_nothing():
    for text in ("I lost my driving licence", "I lost my bank card", "I lost my job"):
        assert decision(text) == NONE


def test_what_could_be_two_things_is_asked_back():
    understood = nlu().understand("I moved and lost my residence card", "en", TODAY)
    assert understood.decision == CLARIFY
    assert {name for name, _ in understood.candidates} >= {"lost-card", "move"}


def test_no_test_message_stands_in_the_phrases():
    written = {
        phrase.casefold()
        for path in LOCALES.glob("*/phrases.yaml")
        for sayings in read_phrases(path, path.name).ids.values()
        for phrase in sayings.phrases
    }
    tried = {t for rows in MESSAGES.values() for name, ts in rows.items() for t in ts}
    tried |= {t for rows in NEAR_MISSES.values() for t in rows}
    shared = {text for text in tried if text.casefold() in written}
    assert shared <= {"I lost my driving licence", "I lost my bank card", "I lost my job"}


# ---------------------------------------------------------------- requests


@pytest.mark.parametrize("language", ["en", "ja", "ja-simple", "vi"])
@pytest.mark.parametrize(
    ("text", "request_"), [(text, name) for name, texts in COMMANDS.items() for text in texts]
)
def test_a_command_is_understood_in_whatever_language(language: str, text: str, request_: str):
    assert decision(text, language) == request_


@pytest.mark.parametrize(
    "text",
    [
        "I went back to my room and then my residence card was gone, please help",
        "I want to start over in a new city, we are moving to Osaka and have a new address",
        "The person at city hall said that my visa expires soon and I must renew it",
    ],
)
def test_a_story_never_triggers_a_request(text: str):
    assert decision(text) not in REQUESTS


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("stolen", ("stolen",)),
        ("It was stolen", ("stolen",)),
        ("it was stolen!", ("stolen",)),
        ("it got stolen on the train", ("stolen",)),
        ("I think it is lost", ("lost",)),
        ("damaged", ("damaged",)),
        ("not stolen", ()),
        ("it was not stolen", ()),
        ("it wasn't stolen", ()),
        ("not damaged", ()),
        ("lost or stolen", ()),
        ("I don't know", ("unsure",)),
        ("sorry, not sure", ("unsure",)),
        ("my card", ()),
        ("hello", ()),
        ("", ()),
    ],
)
def test_a_typed_option_is_found_and_a_denied_one_is_not(text: str, wanted: tuple[str, ...]):
    assert options(text, HAPPENED) == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("vi", "thẻ bị trộm", ("stolen",)),
        ("vi", "the bi trom", ("stolen",)),
        ("vi", "không biết", ("unsure",)),
        ("vi", "em không nhớ", ("unsure",)),
        ("vi", "stolen", ("stolen",)),
        ("ja", "盗難", ("stolen",)),
        ("ja", "盗難です", ("stolen",)),
        ("ja", "盗難ではない", ()),
        ("ja", "わかりません", ("unsure",)),
        ("ja-simple", "わからない", ("unsure",)),
    ],
)
def test_options_are_found_in_the_readers_language(
    language: str, text: str, wanted: tuple[str, ...]
):
    assert options(text, HAPPENED, language, LABELS if language == "vi" else {}) == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "yes", "yes"), ("en", "Yeah", "yes"), ("en", "yes, yesterday", "yes"),
        ("en", "no", "no"), ("en", "Not yet", "no"), ("en", "no, I was too busy", "no"),
        ("en", "I don't know", "unsure"),
        ("ja", "はい", "yes"), ("ja", "うん", "yes"), ("ja", "はい、届けました", "yes"),
        ("ja", "いいえ", "no"), ("ja", "まだです", "no"), ("ja", "わからない", "unsure"),
        ("ja-simple", "いいえ、まだです", "no"), ("ja-simple", "しりません", "unsure"),
        ("vi", "có", "yes"), ("vi", "vâng", "yes"), ("vi", "dạ có ạ", "yes"), ("vi", "co", "yes"),
        ("vi", "không", "no"), ("vi", "chưa", "no"), ("vi", "chưa ạ", "no"),
        ("vi", "khong", "no"), ("vi", "không biết", "unsure"), ("vi", "ok yes", "yes"),
    ],
)  # fmt: skip
def test_yes_no_and_i_do_not_know_in_each_language(language: str, text: str, wanted: str):
    assert options(text, POLICE, language, YES_NO if language == "vi" else {}) == (wanted,)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "no idea what you mean by that, sorry"),
        ("vi", "có mất phí không?"),
        ("en", "is that a yes?"),
    ],
)
def test_a_question_back_is_no_yes(language: str, text: str):
    assert "yes" not in options(text, POLICE, language) and "no" not in options(text, POLICE)


def test_an_option_that_is_also_a_command_is_the_answer():
    question = a_question(("help", "Help", None), ("other", "Other", None))
    understood = nlu().understand("help", "en", TODAY, question, {})
    assert (understood.options, understood.decision) == (("help",), NONE)


def test_several_options_in_one_message_are_all_found_where_several_may_be_said():
    papers = a_question(
        ("passport", "Passport", None), ("my_number", "My Number card", None),
        ("none", "None of these", None), kind="several",
    )  # fmt: skip
    assert set(options("passport and My Number card", papers)) == {"passport", "my_number"}
    assert options("none", papers) == ("none",)


# ---------------------------------------------------------------- dates and places


def test_a_day_in_a_story_is_found_and_follows_the_open_question():
    past = a_question(kind="date", not_after="today")
    ahead = a_question(kind="date", not_before="today")
    assert nlu().understand("3 December", "en", TODAY, past).dates[0].days == (date(2025, 12, 3),)
    assert nlu().understand("3 December", "en", TODAY, ahead).dates[0].days == (date(2026, 12, 3),)
    story = nlu().understand("I lost my residence card yesterday", "en", TODAY)
    assert story.decision == "lost-card" and story.dates[0].days == (date(2026, 11, 24),)


def test_an_address_is_a_place():
    place = nlu().understand("東京都足立区千住1-2-3", "en", TODAY).place
    assert place == {"prefecture": "13", "municipality": "13121"}
    assert nlu().understand("I lost my card", "en", TODAY).place is None


# ---------------------------------------------------------------- building, speed, robustness


def test_each_locale_has_phrases_for_every_id():
    assert set(nlu().languages) == {"en", "ja", "ja-simple", "vi"}
    for path in LOCALES.glob("*/phrases.yaml"):
        read = read_phrases(path, path.name)
        assert set(read.ids) >= {*IDS, *REQUESTS, "none"}, path
        assert set(read.ids) - {*IDS, *REQUESTS, "none"} <= subjects(), path
        for name in IDS:
            least = 20 if name in ("lost-card", "extension", "move") else 12
            assert len(read.ids[name].phrases) >= least, (path, name)
        assert all(len(read.ids[name].phrases) >= 8 for name in REQUESTS), path
        assert len(read.ids["none"].phrases) >= 30, path


def subjects() -> set[str]:
    content = read_library(ROOT / "flows")[0]
    return {
        *content.flows, *content.topics, *content.events, *content.planned, *content.safety
    }  # fmt: skip


def test_a_phrases_file_with_other_keys_is_refused(tmp_path: Path):
    wrong = tmp_path / "phrases.yaml"
    wrong.write_text("lost-card: {phrase: [x]}\n", encoding="utf-8")
    with pytest.raises(WrongContent, match="lost-card"):
        read_phrases(wrong, "locales/en/phrases.yaml")


def test_a_procedure_that_is_not_there_is_never_decided(tmp_path: Path):
    empty = load_nlu(LOCALES, read_library(tmp_path)[0])
    assert empty.understand("I lost my residence card", "en", TODAY).decision == NONE


@given(text=st.text(max_size=200), language=st.sampled_from(["en", "ja", "ja-simple", "vi", "xx"]))
def test_any_text_whatever_gives_a_value(text: str, language: str):
    understood = nlu().understand(text, language, TODAY, HAPPENED, {})
    assert understood.decision in (*IDS, *REQUESTS, NONE, CLARIFY)
    assert set(understood.options) <= {"lost", "stolen", "damaged", "unsure"}


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Hello"), ("ja", "こんばんは"), ("vi", "Xin chào!")]
)
def test_a_greeting_opens_the_menu(language: str, text: str):
    assert decision(text, language) == "menu"


@pytest.mark.parametrize("typed", ["盗(ぬす)まれた", "盗まれた", "ぬすまれた"])
def test_a_label_with_readings_is_understood_with_and_without_them(typed: str):
    question = library().flows["lost-card"].questions["what_happened"]
    labels = {"stolen": "盗(ぬす)まれた", "lost": "なくした"}
    found = nlu().understand(typed, "ja-simple", date(2026, 11, 22), question, labels)
    assert found.options == ("stolen",)
