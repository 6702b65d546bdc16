"""The report: what was measured, and each demand beside its figure."""

from collections.abc import Iterator, Mapping, Sequence

from tests.load.desk import LOOKS, OPEN, OPERATORS
from tests.load.figures import Demand, Ratio, Round, at_least, at_most, below, ratio, spread, table
from tests.load.rounds import DELAYS, Found

ECHO, FILE, MEMORY, OURS = "echo (SDK)", "Bottender file", "Bottender memory", "ours (SQLite)"


def report(found: Found) -> str:
    """All tables as Markdown."""
    parts = [
        _rounds(found),
        _waiting(
            found.talk, "Sixteen people, each of whom waits for the reply (the same load for all):"
        ),
        _waiting(
            found.paced,
            "At a pace that all can bear (a bot that cannot is left out): "
            + ", ".join(f"{rate:.0f}/s at {delay} ms" for delay, rate in found.rate.items()),
        ),
        _sizes(found),
        _growth(found),
        _flat(found),
        _understanding(found),
        _desk(found),
        "Required and measured (median of the rounds' ratios, least and most):\n\n"
        + table(("demand", "required", "measured", "met"), [one.row() for one in demands(found)]),
        *_doubts(found),
    ]
    return "\n\n".join(part for part in parts if part)


def demands(found: Found) -> Iterator[Demand]:
    """Each thing that is required of the bot's speed."""

    def against(name: str, delay: int, figure: str) -> Ratio | None:
        return ratio(_all(found, OURS, delay, figure), _all(found, name, delay, figure))

    yield at_least("accepted webhooks, beside echo, API at once", 2, against(ECHO, 0, "accepted"))
    yield at_least("accepted webhooks, beside echo, API 50 ms", 5, against(ECHO, 50, "accepted"))
    yield at_least("answered messages, beside echo, API at once", 1.2, against(ECHO, 0, "answered"))
    yield at_least("answered messages, beside echo, API 50 ms", 3, against(ECHO, 50, "answered"))
    for delay in DELAYS:
        yield at_least(
            f"answered messages, beside Bottender with files, API {delay} ms", 1,
            against(FILE, delay, "answered"),
        )  # fmt: skip
    for name in (FILE, MEMORY):
        for delay in DELAYS:
            talk = [
                [one["reply_p99"] for one in found.talk.get((n, delay), ())] for n in (OURS, name)
            ]
            yield at_most(
                f"p99 webhook to reply, 16 people, beside {name}, API {delay} ms",
                0.5, ratio(*talk),
            )  # fmt: skip
            pace = f"{found.rate.get(delay, 0):.0f}/s"
            paced = [
                [one["reply_p99"] for one in found.paced.get((n, delay), ())] for n in (OURS, name)
            ]
            yield at_most(
                f"p99 webhook to reply, beside {name}, {pace}, API {delay} ms",
                0.5, ratio(*paced),
            )  # fmt: skip
    web, memory = found.starts.get(OURS, []), found.memory.get(OURS, {})
    yield below("start of a web process", 1.5, sorted(web)[len(web) // 2] if web else 0, "s")
    yield below("memory of a loaded web process", 95, memory.get("loaded", 0), "MB")
    yield below(
        "memory of a loaded worker (95 + 60 for nlu)", 155, memory.get("worker loaded", 0), "MB"
    )
    if (one := found.understanding) is not None:
        yield below("understanding of ten languages is ready", 2, one.ready, "s")
        yield below("a message is understood (median)", 5, one.median_ms, "ms")
        yield below("memory of the understanding", 60, one.megabytes, "MB")
    if (desk := found.desk) is not None:
        yield below("the inbox opens (5,000 open cases)", 200, desk.inbox[0], "ms")
        yield below("a case opens", 200, desk.case[0], "ms")
        grown = Ratio(*(desk.inbox_with_closed / desk.inbox[0],) * 3)
        yield at_most("the inbox with closed cases beside without", 1.2, grown)
    names = list(found.flat)
    for few, many in zip(names[::2], names[1::2], strict=True):
        yield at_most(
            f"CPU a message, {many} beside {few}", 1.2,
            ratio(*([one["cpu"] for one in found.flat[name]] for name in (many, few))),
        )  # fmt: skip
    fastest = max((_middle(found, *key, "answered") for key in found.flood), default=0.0)
    yield at_least(
        "the bench's API beside the fastest bot", 3,
        ratio([found.ceiling], [fastest]) if fastest else None,
    )  # fmt: skip


def _rounds(found: Found) -> str:
    rows = []
    for (name, delay), all_of_it in found.flood.items():
        against_echo = ratio(
            [one["answered"] for one in all_of_it], _all(found, ECHO, delay, "answered")
        )
        rows.append((
            name, f"{delay} ms", _of(all_of_it, "accepted"), _of(all_of_it, "answered"),
            str(against_echo or "-"), _of(all_of_it, "answer_p50", 1000, 1),
            _of(all_of_it, "answer_p99", 1000, 1), _of(all_of_it, "cpu", 1000, 2),
        ))  # fmt: skip
    rows.sort(key=lambda row: row[1])
    head = ("bot", "API", "accepted/s", "answered/s", "x echo, answered", "HTTP p50 ms",
            "HTTP p99 ms", "CPU ms a message")  # fmt: skip
    return (
        "As fast as it goes (16 connections; the next webhook when the last was answered; then "
        f"until all replies are delivered). The API alone takes {found.ceiling:.0f} replies/s.\n\n"
        + table(head, rows)
    )


def _waiting(runs: Mapping[tuple[str, int], Sequence[Round]], title: str) -> str:
    rows = [
        (
            name, f"{delay} ms", _of(all_of_it, "answered"), _of(all_of_it, "reply_p50", 1000, 1),
            _of(all_of_it, "reply_p99", 1000, 1), _of(all_of_it, "answer_p99", 1000, 1),
            _of(all_of_it, "cpu", 1000, 2),
        )
        for (name, delay), all_of_it in runs.items()
    ]  # fmt: skip
    head = ("bot", "API", "answered/s", "webhook to reply p50 ms", "p99 ms", "HTTP p99 ms",
            "CPU ms a message")  # fmt: skip
    rows.sort(key=lambda row: row[1])
    return f"{title}\n\n{table(head, rows)}"


def _sizes(found: Found) -> str:
    rows = []
    for name, memory in found.memory.items():
        if "idle" not in memory:
            continue
        worker = "-"
        if memory.get("worker loaded"):
            worker = f"{memory['worker idle']:.0f} / {memory['worker loaded']:.0f}"
        web = f"{memory['idle']:.0f} / {memory['loaded']:.0f}"
        rows.append((
            name, spread(found.starts[name], 1, 2), web, worker,
        ))  # fmt: skip
    head = ("bot", "start of the web process, s", "its MB idle / loaded", "worker MB idle / loaded")
    return "Start and memory:\n\n" + table(head, rows)


def _understanding(found: Found) -> str:
    one = found.understanding
    if one is None:
        return ""
    row = (
        f"{one.messages}", f"{one.ready:.2f}", f"{one.median_ms:.2f}", f"{one.slow_ms:.2f}",
        f"{one.megabytes:.0f}",
    )  # fmt: skip
    head = ("messages of all languages", "ready in s", "median ms a message", "p99 ms", "MB more")
    return "Understanding free text:\n\n" + table(head, [row])


def _desk(found: Found) -> str:
    one = found.desk
    if one is None:
        return ""
    rows = [
        ("inbox", *_ms(one.inbox), f"{one.inbox_with_closed:.0f}"),
        ("a case with 2,000 messages", *_ms(one.case), f"{one.case_with_closed:.0f}"),
        ("an open inbox asks, nothing changed", *_ms(one.news), ""),
    ]
    head = ("the desk", "median ms", f"slowest of {LOOKS}, ms", f"with {one.closed:,} closed, ms")
    return (
        f"{OPEN:,} open cases, {one.messages:,} messages, {OPERATORS} operators with two open "
        "pages each:\n\n" + table(head, rows)
    )


def _ms(figures: tuple[float, float]) -> tuple[str, str]:
    return f"{figures[0]:.0f}", f"{figures[1]:.0f}"


def _growth(found: Found) -> str:
    if not found.growth:
        return ""
    one = found.growth[1]
    rows = [
        (str(number), spread(figures), str(ratio(figures, one) or "-"))
        for number, figures in found.growth.items()
    ]
    head = ("workers", "answered/s", "x one worker")
    return "A backlog on PostgreSQL, workers on all cores:\n\n" + table(head, rows)


def _flat(found: Found) -> str:
    rows = [
        (
            name, _of(all_of_it, "answered"), _of(all_of_it, "cpu", 1000, 2),
            f"{found.memory[name]['worker loaded']:.0f}",
        )
        for name, all_of_it in found.flat.items()
    ]  # fmt: skip
    head = ("with", "answered/s", "CPU ms a message", "worker MB")
    return "Flatness (SQLite, one language):\n\n" + table(head, rows)


def _doubts(found: Found) -> Iterator[str]:
    """Runs in which not everything went as it should: their figures say less."""
    everything = [
        *found.flood.items(), *found.talk.items(), *found.paced.items(), *found.flat.items(),
    ]  # fmt: skip
    for key, all_of_it in everything:
        lost = sum(one["lost"] for one in all_of_it)
        refused = sum(one["refused"] for one in all_of_it)
        odd = sum(one["odd"] for one in all_of_it)
        if lost or refused or odd:
            yield (
                f"Note: {key}: {lost:.0f} not delivered, {refused:.0f} refused, "
                f"{odd:.0f} repeated or pushed."
            )


def _all(found: Found, name: str, delay: int, figure: str) -> list[float]:
    return [one[figure] for one in found.flood.get((name, delay), ())]


def _middle(found: Found, name: str, delay: int, figure: str) -> float:
    values = sorted(_all(found, name, delay, figure))
    return values[len(values) // 2] if values else 0.0


def _of(all_of_it: Sequence[Round], figure: str, scale: float = 1.0, digits: int = 0) -> str:
    return spread([one[figure] for one in all_of_it], scale, digits)
