"""What a notice says: number, kind, urgent or not, and the way to the desk. Nothing of a person."""

from collections.abc import Mapping

from bot.console.labels import KINDS
from bot.console.words import Words
from bot.store.notices import NEW, URGENT, WAITS, Notice


def _(message: str) -> str:
    """Marks a message for the catalogue of the desk."""
    return message


OCCASIONS: Mapping[str, str] = {
    NEW: _("A new case"),
    URGENT: _("An urgent case"),
    WAITS: _("A case waits for an answer"),
}
_END = _("This notice was sent by the desk. Which notices you get is set on your account page.")


def in_words(words: Words, notice: Notice, public_url: str) -> tuple[str, str]:
    """The subject and the text of a notice."""
    what = words.gettext(OCCASIONS.get(notice.occasion, OCCASIONS[NEW]))
    urgent = words.gettext("urgent") if notice.is_urgent else ""
    subject = f"#{notice.number} {what}" + (f" ({urgent})" if urgent else "")
    kind = words.gettext(KINDS.get(notice.kind, notice.kind))
    about = kind if not urgent or notice.kind == "urgent" else f"{kind}, {urgent}"
    link = f"{public_url}/operators/cases/{notice.number}"
    return subject, f"{what}: #{notice.number} ({about})\n{link}"


def mail_text(words: Words, text: str) -> str:
    """The text of an e-mail: how it came about stands below."""
    return f"{text}\n\n-- \n{words.gettext(_END)}\n"
