"""What the codes of the administration are called; each is a message of console.po."""

from collections.abc import Mapping


def _(message: str) -> str:
    """Marks a message for the catalogue of the desk."""
    return message


PAGES: Mapping[str, str] = {
    "overview": _("Overview"), "people": _("Operators"), "deletions": _("Wishes to be deleted"),
    "deliveries": _("Deliveries"), "parked": _("Not handled"), "unanswered": _("Not understood"),
    "sources": _("Sources"), "statistics": _("Statistics"), "log": _("Audit log"),
    "settings": _("Settings"),
}  # fmt: skip
"""The pages, by name; a page NAME is the view `desk.admin_NAME`."""
SOURCES: Mapping[str, str] = {
    "expected": _("A change of law is near"),
    "old": _("Read more than 90 days ago"),
    "unsure": _("Statements that are not certain"),
}
FAULTS: Mapping[str, str] = {
    "login": _("This login is taken or empty. It may have letters, digits and . - _ @ +."),
    "last_admin": _("This is the last admin. Make somebody else an admin first."),
    "demo": _("The demonstration operator has no invitation and no other role."),
    "disabled": _("This operator is disabled. Enable first."),
    "gone": _("It is not there any more."),
}
DONE: Mapping[str, str] = {
    "role": _("The role is changed; their sessions have ended."),
    "disabled": _("The operator is disabled, and logged out everywhere."),
    "enabled": _("The operator may log in again."),
    "invite_again": _("The operator is enabled. Give them a new invitation."),
    "ended": _("Their sessions have ended."),
    "passed_on": _("Their cases are passed on."),
}
NUMBERS: Mapping[str, str] = {
    "open_cases": _("open cases"),
    "events_waiting": _("messages that came in and are not handled yet"),
    "events_parked": _("messages that could not be handled"),
    "messages_due": _("messages on their way to LINE"),
    "deliveries_unclear": _("deliveries that stayed unclear, since the beginning"),
    "messages_given_up": _("messages that were not delivered, since the beginning"),
    "messages_refused": _("messages that LINE refused, since the beginning"),
    "conversations": _("conversations that are kept"),
}
ACTIONS: Mapping[str, str] = {
    "login": _("logged in"),
    "login_failed": _("failed to log in"),
    "logout": _("logged out"),
    "joined": _("joined by invitation"),
    "session_ended": _("ended a session of their own"),
    "password_changed": _("changed their password"),
    "notices_changed": _("changed their notices"),
    "line_code_made": _("made a code to link their LINE account"),
    "line_unlinked": _("unlinked their LINE account"),
    "looked": _("looked at a case"),
    "looked_admin": _("looked at a page of the administration"),
    "looked_bookings": _("looked at the appointments"),
    "booking_cancel": _("cancelled an appointment"),
    "booking_assign": _("gave an appointment to somebody"),
    "booking_block": _("blocked hours"),
    "booking_unblock": _("freed blocked hours"),
    "booking_file": _("took the calendar file of an appointment"),
    "booking_book": _("booked or moved an appointment"),
    "booking_offer": _("offered an appointment"),
    "brief": _("took the brief as a file"),
    "file": _("opened a file"),
    "take": _("took the case"),
    "release": _("let the bot speak"),
    "say": _("wrote an answer"),
    "repeat": _("sent again"),
    "ask": _("let the bot go through a procedure"),
    "close": _("closed the case"),
    "reopen": _("reopened the case"),
    "hand_over": _("handed the case over"),
    "snooze": _("snoozed the case"),
    "wake": _("brought the case back from snooze"),
    "priority": _("changed the priority"),
    "tag": _("added a tag"),
    "untag": _("removed a tag"),
    "note": _("added a note"),
    "operator_added": _("invited an operator"),
    "operator_invited": _("gave an operator a new invitation"),
    "operator_role": _("changed a role"),
    "operator_disabled": _("disabled an operator"),
    "operator_enabled": _("enabled an operator"),
    "operator_sessions_ended": _("ended the sessions of an operator"),
    "operator_cases_passed_on": _("passed on the cases of an operator"),
    "exported": _("exported a case"),
    "person_deleted": _("deleted all data of a person"),
}
