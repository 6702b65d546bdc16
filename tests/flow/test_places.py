"""Which offices take an application from where somebody lives."""

from functools import cache
from pathlib import Path

import pytest
from flow_builders import a_library, an_office

from bot.flow.load import load_library
from bot.flow.places import needs_municipality, offices_for

OFFICES = [
    an_office("tokyo", "bureau", "13", "08 11 12 13 14 15"),
    an_office("yotsuya", "satellite", "13", "13", accepts=False, parent="tokyo"),
    an_office("saitama", "branch", "11", "11", parent="tokyo"),
    an_office("takasaki", "branch", "10", "10 09 11 15", parent="tokyo"),
    an_office("matsudo", "branch", "12", "12 08", {"13": "13118 13121"}, parent="tokyo"),
    an_office("tachikawa", "branch", "13", "13 19", {"14": "14150"}, parent="tokyo"),
    an_office("yokohama", "district_office", "14", "14", parent="tokyo"),
    an_office("kawasaki", "branch", "14", "14", {"13": "13209"}, parent="yokohama"),
    an_office("takamatsu", "bureau", "37", "36 37", accepts=False),
    an_office("hamanocho", "satellite", "37", "36 37", parent="takamatsu"),
    an_office("tokushima", "branch", "36", "36 37", parent="takamatsu"),
    an_office("naha", "district_office", "47", "47", parent="fukuoka"),
    an_office("ishigaki", "branch", "47", "", {"47": "47207 47381"}, parent="naha"),
]


def offices(prefecture, municipality=None):
    place = {"prefecture": prefecture, "municipality": municipality}
    return [office.id for office in offices_for(place, a_library(offices=OFFICES))]


@pytest.mark.parametrize(
    "prefecture, municipality, found",
    [
        ("11", None, ["saitama", "tokyo", "takasaki"]),
        ("13", None, ["tokyo", "tachikawa"]),
        ("13", "13101", ["tokyo", "tachikawa"]),
        ("13", "13121", ["matsudo", "tokyo", "tachikawa"]),
        ("13", "13209", ["kawasaki", "tokyo", "tachikawa"]),
        ("14", None, ["yokohama", "kawasaki", "tokyo"]),
        ("14", "14150", ["tachikawa", "yokohama", "kawasaki", "tokyo"]),
        ("14", "14152", ["tachikawa", "yokohama", "kawasaki", "tokyo"]),
        ("14", "14131", ["yokohama", "kawasaki", "tokyo"]),
        ("36", None, ["tokushima", "hamanocho"]),
        ("37", None, ["hamanocho", "tokushima"]),
        ("47", None, ["naha"]),
        ("47", "47207", ["ishigaki", "naha"]),
        ("47", "47201", ["naha"]),
        ("01", None, []),
    ],
)
def test_the_nearest_kind_of_office_comes_first(prefecture, municipality, found):
    assert offices(prefecture, municipality) == found


def test_nobody_is_sent_to_a_counter_that_takes_no_applications():
    everywhere = {name for number in range(1, 48) for name in offices(f"{number:02}")}
    assert everywhere.isdisjoint({"yotsuya", "takamatsu"})


def test_the_city_matters_only_where_an_office_takes_a_part_of_the_prefecture():
    library = a_library(offices=OFFICES)
    needing = [n for n in range(1, 48) if needs_municipality(f"{n:02}", library)]
    assert needing == [13, 14, 47]


def test_the_wards_of_tokyo_are_not_parts_of_each_other():
    # 13120 ends like the number of a large city, and is a ward itself.
    nerima = [an_office("one", "branch", "12", "12", {"13": "13120"})]
    place = {"prefecture": "13", "municipality": "13121"}
    assert offices_for(place, a_library(offices=nerima)) == ()


# ---------------------------------------------------------------- the offices as they are


@cache
def real_library():
    return load_library(Path(__file__).resolve().parents[2] / "flows")


def real_offices(prefecture, municipality=None):
    place = {"prefecture": prefecture, "municipality": municipality}
    return [office.id for office in offices_for(place, real_library())]


@pytest.mark.parametrize("number", range(1, 48))
def test_every_prefecture_has_an_office_inside_it(number):
    place = {"prefecture": f"{number:02}", "municipality": None}
    first = offices_for(place, real_library())[0]
    assert first.located_in == f"{number:02}"
    assert first.accepts


@pytest.mark.parametrize(
    "prefecture, municipality, first",
    [
        ("13", None, "tokyo"),
        ("13", "13122", "matsudo"),
        ("13", "13225", "kawasaki"),
        ("14", None, "yokohama"),
        ("14", "14153", "tachikawa"),
        ("27", None, "osaka"),
        ("37", None, "takamatsu_hamanocho"),
        ("47", None, "naha"),
        ("47", "47382", "ishigaki_port"),
    ],
)
def test_the_first_office_of_a_place(prefecture, municipality, first):
    assert real_offices(prefecture, municipality)[0] == first


def test_people_of_kanagawa_may_use_the_bureau_but_people_of_tokyo_not_yokohama():
    assert "tokyo" in real_offices("14")
    assert "yokohama" not in real_offices("13")
    assert "kawasaki" not in real_offices("13")


def test_only_in_three_prefectures_the_city_matters():
    library = real_library()
    assert [n for n in range(1, 48) if needs_municipality(f"{n:02}", library)] == [13, 14, 47]
