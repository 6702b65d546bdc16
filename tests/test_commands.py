"""The commands: what they print, and that bad input is one clear line and exit 2."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main

LOST = {
    "what_happened": "lost",
    "card": "residence",
    "where_noticed": "in_japan",
    "noticed_on": "2026-11-20",
    "age_group": "adult",
    "told_police": "no",
    "also_lost": ["none"],
}


def run(*words: str, **environ: str) -> Result:
    return CliRunner(env=environ).invoke(main, words)


def solve(flow: str, answers: object, *more: str) -> dict:
    result = run("solve", flow, "--answers", json.dumps(answers), "--json", *more)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_solve_gives_the_answer_as_data() -> None:
    found = solve("lost-card", LOST, "--today", "2026-11-22")
    assert found["outcome"] == "apply_in_time" and found["question"] is None
    assert found["deadlines"]["apply_by"] == {
        "law_last_day": "2026-12-04",
        "tell": "2026-12-04",
        "opens_on": None,
        "state": "ahead",
    }
    assert found["fee"] == {"kind": "free", "min": 0, "max": 0, "currency": "JPY"}
    assert found["authority"] == ["immigration"]
    paper = next(d for d in found["documents"] if "写真" in d["ja"])
    assert set(paper) == {"id", "text", "ja", "get_from", "copy", "condition", "source"}
    assert all(sentence["address"].startswith("lost-card/") for sentence in found["sentences"])


@pytest.mark.parametrize(
    "key",
    ["flow", "outcome", "question", "answers", "deadlines", "documents", "fee", "authority",
     "channel", "offices", "sentences", "steps", "follow_ups", "changes", "handoff", "sources"],
)  # fmt: skip
def test_solve_has_every_promised_key(key: str) -> None:
    assert key in solve("lost-card", LOST)


def test_solve_of_a_life_event_gives_its_duties() -> None:
    answers = {"moved_on": "2026-11-20", "where_to": "other"}
    found = solve("moved", answers, "--today", "2026-11-24")
    assert found["kind"] == "event" and found["outcome"] == "duties"
    move_in = found["duties"][1]
    assert move_in["flow"] == "move" and move_in["authority"] == ["municipality"]
    assert move_in["deadline"]["tell"] == "2026-12-04" and move_in["question"] == "move_out"
    assert found["not_due"] and found["sources"]
    assert solve("moved", {})["question"] == "moved_on"


def test_solve_of_a_life_event_is_readable_without_json() -> None:
    result = run("solve", "moved", "--answers", '{"moved_on": "unsure", "where_to": "same"}')
    assert result.exit_code == 0 and "1. move: municipality" in result.output
    assert "not due:" in result.output


def test_describe_and_draw_know_life_events() -> None:
    found = json.loads(run("describe", "moved", "--json").output)
    assert found["kind"] == "event" and found["duties"][0]["flow"] == "move"
    assert any(flow["kind"] == "event" for flow in json.loads(run("describe", "--json").output))
    assert "moved_on" in run("draw", "moved").output


def test_a_life_event_can_be_tried_in_the_terminal() -> None:
    result = CliRunner().invoke(main, ["try", "moved", "--today", "2026-11-24"], input="1\n1\n")
    assert "Report the new address" in result.output


def test_solve_names_the_open_question() -> None:
    found = solve("lost-card", {"what_happened": "lost"})
    assert found["question"] == "card" and found["outcome"] is None


def test_solve_reads_answers_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(LOST), encoding="utf-8")
    result = run("solve", "lost-card", "--answers", f"@{path}", "--json", "--today", "2026-11-22")
    assert json.loads(result.output)["outcome"] == "apply_in_time"


def test_solve_says_the_same_in_plain_lines() -> None:
    result = run("solve", "lost-card", "--answers", json.dumps(LOST), "--today", "2026-11-22")
    assert "apply_in_time" in result.output and "4 December 2026" in result.output


def test_solve_tells_the_offices_of_a_place() -> None:
    place = {"prefecture": "27", "municipality": None}
    assert solve("lost-card", {**LOST, "place": place})["offices"][0] == "osaka"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("solve", "nothing"), "no such flow: nothing"),
        (("solve", "lost-card", "--answers", "{"), "not JSON"),
        (("solve", "lost-card", "--answers", "[]"), "must be a JSON object"),
        (("solve", "lost-card", "--answers", "@/no/such/file"), "cannot read"),
        (("solve", "lost-card", "--answers", '{"x": 1}'), "has no question 'x'"),
        (("solve", "lost-card", "--answers", '{"what_happened": "eaten"}'), "one of: lost"),
        (("solve", "lost-card", "--today", "tomorrow"), "must be YYYY-MM-DD"),
        (("solve", "lost-card", "--locale", "xx"), "no such language"),
        (("describe", "nothing"), "no such flow"),
        (("draw", "nothing"), "no such flow"),
        (("try", "nothing"), "no such flow"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(words: tuple[str, ...], what: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert what in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_wrong_settings_are_all_named_at_once() -> None:
    result = run("worker", ENVIRONMENT="production", PORT="x")
    assert result.exit_code == 2
    for name in ("DATA_KEYS", "LINE_CHANNEL_SECRETS", "LINE_CHANNEL_ACCESS_TOKEN", "PORT"):
        assert name in result.stderr


def test_describe_lists_questions_options_and_addresses() -> None:
    found = json.loads(run("describe", "lost-card", "--json").output)
    first = found["questions"][0]
    assert first["name"] == "what_happened" and first["kind"] == "choice"
    assert {"id": "lost", "address": "lost-card/what_happened.lost"} in first["options"]
    assert len(json.loads(run("describe", "--json").output)) >= 5


def test_draw_is_a_picture_of_every_question_and_outcome() -> None:
    picture = run("draw", "lost-card").output
    assert picture.startswith("flowchart TD")
    for name in ("what_happened", "apply_late", "found_return"):
        assert name in picture


def test_locales_counts_each_flow_in_each_language() -> None:
    found = json.loads(run("locales", "--json").output)
    english = found["lost-card"]["en"]
    assert english["fresh"] == english["total"] > 100
    assert set(found["lost-card"]) >= {"en", "ja", "ja-simple", "vi"}


def test_check_coverage_names_what_no_story_proves() -> None:
    found = run("check", "--coverage", "--flow", "photo")
    assert (found.exit_code, found.output) == (0, "photo: 0 of 18 have no story.\n")
    data = json.loads(run("check", "--coverage", "--flow", "photo", "--json").output)
    assert data["missing"] == [] and data["flows"]["photo"]["missing"] == 0
    wrong = run("check", "--coverage", "--flow", "foto")
    assert wrong.exit_code == 2 and "no such flow: foto" in wrong.stderr


def test_check_sources_lists_what_must_be_read_again() -> None:
    found = run("check", "--sources", "--today", "2027-04-01")
    assert found.exit_code == 0 and "older than 90 days" in found.output
    assert "sources must be read again." in found.output
    data = json.loads(run("check", "--sources", "--today", "2027-04-01", "--json").output)
    assert {"today", "sources", "read_through"} == set(data) and data["sources"]


def test_check_finds_no_fault() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output


def test_try_talks_in_the_terminal() -> None:
    result = CliRunner().invoke(
        main,
        ["try", "lost-card", "--today", "2026-11-22"],
        input="1\n1\n1\nyesterday\n3\n1\n3\n",
    )
    assert "What happened to the residence card?" in result.output
    assert "5 December" in result.output or "4 December" in result.output


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    result = run("migrate", DATABASE_URL=f"sqlite:///{path}", DATA_KEYS=key)
    assert result.exit_code == 0, result.output
    assert path.exists()
    listed = run("cases", DATABASE_URL=f"sqlite:///{path}", DATA_KEYS=key)
    assert listed.exit_code == 0 and listed.output == ""
    closed = run("cases", "--close", "abc", DATABASE_URL=f"sqlite:///{path}", DATA_KEYS=key)
    assert closed.exit_code == 2 and "no open case" in closed.stderr
