"""Addresses in Japanese, in Latin letters and as LINE sends them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.yaml_reader import read_text
from bot.nlu.places import Place, Places, find_place

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "flows" / "shared"


def content(name: str) -> dict[str, object]:
    data, faults = read_text((SHARED / name).read_text(encoding="utf-8"), name)
    assert faults == [] and isinstance(data, dict)
    return data


def names() -> dict[str, str]:
    return {code: str(name) for code, name in content("places.yaml").items()}


def partial_areas() -> list[dict[str, object]]:
    offices = content("offices.yaml")["offices"]
    assert isinstance(offices, list)
    return [area for office in offices for area in office["partial_areas"]]


PLACES = Places(names(), {"13", "14", "47"})

FOUND = {
    "東京都": "13",
    "東京": "13",
    "とうきょうに すんでいます": "13",
    "おおさか": "27",
    "Tokyo": "13",
    "TOKYO": "13",
    "Ｔｏｋｙｏ": "13",
    "Tōkyō-to": "13",
    "Toukyou": "13",
    "Tô-ky-ô": "13",
    "tỉnh Aichi": "23",
    "Aichi Prefecture": "23",
    "Kanagawa-ken": "14",
    "I live in Nara": "29",
    "tôi sống ở Saitama": "11",
    "Saitama City": "11",
    "Hokkaido Sapporo": "01",
    "札幌": "01",
    "Ōsaka-shi Yodogawa-ku": "27",
    "〒530-0001 大阪府大阪市北区梅田1-2-3": "27",
    "大阪市福島区": "27",
    "Fukushima-ku, Osaka": "27",
    "Fukushima": "07",
    "京都市下京区": "26",
    "京都府": "26",
    "千葉県千葉市中央区": "12",
    "Chuo-ku, Chiba": "12",
    "1-2-3 Ueki, Kawaguchi, Saitama 333-0000, Japan": "11",
    "名古屋市に住んでいます": "23",
    "Fuchu-shi, Hiroshima-ken": "34",
    "東京都足立区千住1-2-3": "13121",
    "東京足立区": "13121",
    "足立区": "13121",
    "Adachi-ku, Tokyo": "13121",
    "Adachi City, Tokyo": "13121",
    "1-6-1 Yotsuya, Shinjuku City, Tokyo 160-0004, Japan": "13104",
    "日本、〒160-0004 東京都新宿区四谷1丁目6-1": "13104",
    "quận Shinjuku": "13104",
    "Nishi-Shinjuku, Shinjuku-ku, Tokyo": "13104",
    "Ayase, Adachi-ku, Tokyo 120-0005": "13121",
    "東京都府中市": "13206",
    "Fuchu, Tokyo": "13206",
    "東大和市": "13220",
    "Higashi-Yamato": "13220",
    "東京都町田市": "13209",
    "Machida": "13209",
    "Komae-shi": "13219",
    "Kita-ku, Tokyo": "13117",
    "Sagamihara": "14150",
    "神奈川県相模原市緑区橋本": "14150",
    "Kawasaki-shi": "14130",
    "川崎市多摩区": "14130",
    "Tama Ward, Kawasaki, Kanagawa 214-0014, Japan": "14130",
    "横浜市港北区": "14100",
    "Naha": "47201",
    "宮古島市": "47214",
    "石垣": "47207",
    "Miyakojima City, Okinawa": "47214",
    "沖縄県八重山郡竹富町": "47381",
    "Yonaguni Town, Okinawa": "47382",
}

NOT_FOUND = [
    "",
    "530-0001",
    "〒160-0004",
    "Fuchu",
    "府中市",
    "Kawasaki",
    "北区",
    "Kita-ku",
    "Chuo",
    "中央区",
    "港区",
    "港北区",
    "Tokyo to Osaka",
    "I moved from Osaka to Shinjuku",
    "大阪から東京に引っ越しました",
    "三重",
    "大分前のことです",
    "だいぶ前です",
    "it is a long saga about my card and the police",
    "Mr. Yamaguchi-san",
    "I lost my card yesterday",
    "Taketomi",
    "Shin-Osakaya",
    "Hanoi",
    "Paris",
]


def place(code: str) -> Place:
    return Place(prefecture=code[:2], municipality=code if len(code) == 5 else None)


@pytest.mark.parametrize(("text", "code"), FOUND.items())
def test_an_address_gives_prefecture_and_where_it_matters_municipality(text: str, code: str):
    assert find_place(text, PLACES) == place(code)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_names_no_place_without_doubt_gives_none(text: str):
    assert PLACES.find(text) is None


def test_every_municipality_on_which_an_office_depends_is_found_by_its_codes():
    seen = set()
    for area in partial_areas():
        codes, prefecture = area["municipality_codes"], area["prefecture"]
        assert isinstance(codes, list)
        for code in codes:
            latin, _, ja = names()[code].partition(" (")
            assert code[:2] == prefecture
            assert PLACES.find(f"{ja.rstrip(')')}") in (place(code), None)
            full_ja = f"{names()[code[:2]].partition('(')[2].rstrip(')')}{ja.rstrip(')')}"
            assert PLACES.find(full_ja) == place(code)
            assert PLACES.find(f"{latin}, {names()[code[:2]].partition(' (')[0]}") == place(code)
            seen.add(code)
    assert len(seen) >= 13


def test_all_prefectures_stand_there_under_the_codes_of_the_offices():
    prefectures = content("offices.yaml")["prefectures"]
    assert isinstance(prefectures, dict) and len(prefectures) == 47
    for code, row in prefectures.items():
        assert names()[code] == f"{row['name_en']} ({row['name_ja']})"
        assert PLACES.find(row["name_ja"]) == place(code)
        assert PLACES.find(row["name_en"]) == place(code)


def test_a_municipality_lies_in_a_prefecture_that_is_there():
    assert {code[:2] for code in names()} == {code for code in names() if len(code) == 2}


def test_names_on_buttons_are_short_enough():
    asked = {code for area in partial_areas() for code in area["municipality_codes"]}
    assert [names()[code] for code in asked if len(names()[code]) > 20] == []


@given(text=st.text(max_size=80))
def test_any_text_whatever_is_searched_without_an_error(text: str):
    found = PLACES.find(text)
    assert found is None or found["prefecture"] in names()
