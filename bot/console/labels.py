"""What the codes of a case are called on the pages; each is a message of console.po."""

from collections.abc import Mapping

from bot.line.send import KEPT_FOR_STAFF, REFUSED


def _(message: str) -> str:
    """Marks a message for the catalogue of the desk."""
    return message


KINDS: Mapping[str, str] = {
    "human": _("wants a person"),
    "urgent": _("urgent"),
    "delete": _("wants their data deleted"),
    "parked": _("a message could not be handled"),
}
STATES: Mapping[str, str] = {
    "open": _("waiting"), "taken": _("in hand"), "snoozed": _("snoozed"), "closed": _("closed"),
}  # fmt: skip
OWNERS: Mapping[str, str] = {
    "bot": _("The bot speaks"),
    "waiting": _("The person waits; the bot is silent"),
    "human": _("The office speaks; the bot is silent"),
}
REASONS: Mapping[str, str] = {
    "answered": _("answered"), "mandate": _("became a client"),
    "referred": _("referred to somebody else"), "no_reply": _("no reply"),
    "bot_again": _("the person took the bot back"), "by_person": _("the person ended it"),
    "duplicate": _("duplicate"), "other": _("other"),
}  # fmt: skip
CLOSING = ("answered", "mandate", "referred", "no_reply", "duplicate", "other")
"""The reasons an operator may choose."""
PRIORITIES: Mapping[int, str] = {2: _("most urgent"), 1: _("high"), 0: _("normal"), -1: _("low")}
SORTS: Mapping[str, str] = {
    "urgency": _("urgency"), "deadline": _("last day"), "waiting": _("waiting time"),
    "newest": _("newest"), "number": _("number"),
}  # fmt: skip
VIEWS: Mapping[str, str] = {
    "waiting": _("Waiting"), "mine": _("Mine"), "all": _("All open"), "closed": _("Closed"),
}  # fmt: skip
EVENTS: Mapping[str, str] = {
    "opened": _("case opened"), "taken": _("taken"), "handed_over": _("handed over"),
    "snoozed": _("snoozed"), "woken": _("back from snooze"), "urgent": _("became urgent"),
    "priority": _("priority changed"), "tagged": _("tag added"), "untagged": _("tag removed"),
    "closed": _("closed"), "reopened": _("reopened"), "owner": _("who speaks changed"),
    "asked": _("the bot was asked to go through a procedure"),
    "rated": _("the person said how it went"),
    "unanswered": _("the wait was ended: the person was given phone and hours"),
    "forgotten": _("the person took something back"),
    "booked": _("appointment booked"), "booking_moved": _("appointment moved"),
    "booking_cancelled": _("appointment cancelled"), "booking_offered": _("appointment offered"),
    "uploaded": _("files came over the upload page"),
}  # fmt: skip
SENT: Mapping[str, str] = {
    "due": _("on its way"), "sent": _("sent"), "unclear": _("unclear whether it arrived"),
    "given_up": _("not delivered"), "held": _("held back"),
}  # fmt: skip
NOT_SENT: Mapping[str, str] = {
    "HeldBack": _("somebody else speaks by now"),
    KEPT_FOR_STAFF: _("this month's last messages are kept for the office"),
    "monthly limit": _("this month's messages are used up"),
    "no answer in time": _("LINE did not say whether it arrived"),
    "too old": _("could not be sent for too long"),
    "nobody to push to": _("the person cannot be reached"),
    "unreadable": _("could not be read"),
}


def why_not_sent(code: str | None) -> tuple[str, str]:
    """The message for the reason that a row of the outbox gives, and what fills its %(code)s."""
    if code is None:
        return "–", ""
    if code.startswith(REFUSED):
        return _("LINE refused it (%(code)s)"), code.removeprefix(REFUSED)
    return NOT_SENT.get(code, "%(code)s"), code


SAID: Mapping[str, str] = {
    "button": _("button"), "date": _("date"), "location": _("location"), "image": _("picture"),
    "file": _("file"), "sticker": _("sticker"), "video": _("video"), "audio": _("voice message"),
    "follow": _("added the account"), "unfollow": _("blocked the account"),
}  # fmt: skip
FILES: Mapping[str, str] = {
    "wanted": _("being fetched"), "refused": _("not kept"), "gone": _("gone"),
    "type": _("of a kind we do not keep"), "size": _("too large"),
    "away": _("LINE did not give it"),
    "taken_back": _("taken back by the person"),
}  # fmt: skip
NOT_DONE: Mapping[str, str] = {
    "gone": _("It is not there any more."),
    "closed": _("The case is closed."),
    "not_yours": _("The case is in somebody else's hands: %(operator)s."),
    "bot_speaks": _("The bot is speaking. Take the conversation over first."),
    "blocked": _("The person has blocked the account; nothing can be sent."),
    "unreadable": _("The conversation cannot be opened with the keys of this installation."),
    "too_long": _("Too long: at most five messages of 5,000 characters."),
    "empty": _("There is nothing to send."),
    "elsewhere": _("This office answers in LINE's own chat, not here."),
}
RATINGS: Mapping[str, str] = {"well": _("well"), "so": _("so-so"), "badly": _("badly")}
ROLES: Mapping[str, str] = {"operator": _("operator"), "admin": _("admin")}
OPERATOR_STATES: Mapping[str, str] = {
    "invited": _("invited"), "active": _("active"), "disabled": _("disabled"),
}  # fmt: skip
