"""The page behind an upload link: papers for the office that should not lie on LINE.

Plain HTML without script, for the browser inside LINE. Opening it changes nothing. A submission
that is right uses the link; one with a fault keeps nothing and leaves it open. Files stay in
memory until they are sealed: no copy is written to a disk of ours.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from flask import Flask, Request, Response, render_template_string, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from bot.documents.kinds import ENDINGS, MOST_BYTES, kind_of, safe_name
from bot.link_pages import STYLE, Desk, dead, look, page
from bot.store import case_log, cases, conversations, files, links
from bot.store.database import Session

MOST_FILES = 10
MOST_TOGETHER = 30_000_000
_AROUND = 200_000
"""What a form adds to its files."""
_PATIENCE = 3 * MOST_TOGETHER
_PIECE = 64 * 1024
_INPUTS = 4
"""Some phones take one file for each field, whatever the field says."""
_LONGEST_NAME = 80

FORM = """<!doctype html>
<html lang="{{ language }}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ words.upload_title }}</title>
<style>{{ style }}</style>
<main><h1>{{ words.upload_title }}</h1>
{% if faults %}<div class="fault" role="alert">{% for fault in faults %}<p>{{ words[fault.why] }}
{% if fault.name %}<span dir="auto">{{ fault.name }}</span>{% endif %}</p>{% endfor %}
<p>{{ words.upload_not_sent }}</p></div>{% endif %}
<p>{{ words.upload_about }}</p>
<form method="post" enctype="multipart/form-data">
{% for number in numbers %}<label>{{ words.upload_file }} {{ number }}
<input type="file" name="files" multiple accept="{{ accept }}"></label>
{% endfor %}<p>{{ words.upload_once }}</p>
<button>{{ words.upload_send }}</button></form></main>
</html>
"""
ACCEPT = ",".join((*ENDINGS, "image/heif", ".heic", ".heif"))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a submission was not taken: the name of a sentence, and the file it is about."""

    why: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was looked at: its name made safe, its kind by content."""

    name: str
    kind: str
    content: bytes


class InMemory(Request):
    """A request whose files are never written to a disk on the way."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def register(flask: Flask, desk: Desk) -> None:
    """Put the page into the application."""
    flask.request_class = InMemory

    def form(language: str | None, *faults: Refused, status: int = 200) -> Response:
        html = render_template_string(
            FORM, language=language or "en", style=STYLE, words=desk.words(language),
            faults=faults, numbers=range(1, _INPUTS + 1), accept=ACCEPT,
        )  # fmt: skip
        return Response(html, status, mimetype="text/html")

    @flask.get("/upload/<token>")
    def upload(token: str) -> Response:
        link, language = _look(desk, token)
        if link is None or link.state != links.OPEN:
            return dead(desk, link, language, "upload")
        return form(language)

    @flask.post("/upload/<token>")
    def receive(token: str) -> Response:
        link, language = _look(desk, token)
        if link is None or link.state != links.OPEN:
            _let_pass(most=_PATIENCE if link else 0)
            return dead(desk, link, language, "upload")
        papers, faults = _read()
        if faults:
            status = 413 if faults[0].why == "upload_too_much" else 400
            return form(language, *faults, status=status)
        if not _keep(desk, token, link.person, papers):
            return dead(desk, links.Link(link.person, links.USED), language, "upload")
        words = desk.words(language)
        return page(language, words["upload_done_title"], words["upload_done"])


def _look(desk: Desk, token: str) -> tuple[links.Link | None, str | None]:
    """The link and the language of its person. It is over when nobody at the office waits for
    the files any more: they would lie there unseen."""
    with desk.database.read() as session:
        link, language = look(session, token, links.UPLOAD, desk.clock())
        if link and link.state == links.OPEN and cases.open_talk(session, link.person) is None:
            link = links.Link(link.person, links.EXPIRED)
        return link, language


# ---------------------------------------------------------------- what was sent


def _read() -> tuple[list[Paper], list[Refused]]:
    """The files of this request, or everything that is wrong with them."""
    request.max_content_length = MOST_TOGETHER + _AROUND
    try:
        sent = [one for one in request.files.getlist("files") if one.filename]
    except RequestEntityTooLarge:
        _let_pass(most=_PATIENCE)
        return [], [Refused("upload_too_much")]
    except ClientDisconnected:
        return [], [Refused("upload_none")]
    if not sent:
        return [], [Refused("upload_none")]
    if len(sent) > MOST_FILES:
        return [], [Refused("upload_too_many")]
    papers: list[Paper] = []
    faults: list[Refused] = []
    for number, one in enumerate(sent, 1):
        found = _looked_at(one, str(number))
        (papers if isinstance(found, Paper) else faults).append(found)  # type: ignore[arg-type]
    return papers, faults


def _looked_at(one: FileStorage, number: str) -> Paper | Refused:
    content = one.stream.read()
    if len(content) > MOST_BYTES:
        return Refused("upload_too_large", _shown(one.filename))
    kind = kind_of(content)
    if kind is None:
        return Refused("upload_wrong_kind", _shown(one.filename))
    return Paper(safe_name(one.filename, kind, number), kind, content)


def _shown(name: str | None) -> str:
    """The name of a file as its sender knows it."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:_LONGEST_NAME]


def _let_pass(most: int) -> None:
    """Read on to the end without keeping anything: a browser shows an answer only when all that
    it sends was taken."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or 0, most)
    while left > 0 and (piece := stream.read(min(_PIECE, left))):
        left -= len(piece)


# ---------------------------------------------------------------- keeping it


def _keep(desk: Desk, token: str, person: str, papers: list[Paper]) -> bool:
    """Use the link and keep the files, sealed; False when somebody was quicker."""
    now = desk.clock()
    with desk.database.write() as session:
        conversations.lock(session, person)
        if links.use(session, token, links.UPLOAD, now) is None:
            return False
        kept = [
            files.put_upload(session, person, one.name, one.kind, one.content, now)
            for one in papers
        ]
        _tell(session, person, kept, now)
    return True


def _tell(session: Session, person: str, kept: list[str], now: float) -> None:
    """The office sees it: in the thread, and as something that waits for an answer."""
    case = cases.open_talk(session, person)
    if case is not None:
        case_log.add(session, case.id, now, "uploaded", None, files=kept)
    cases.note_person_wrote(session, {person: now})
