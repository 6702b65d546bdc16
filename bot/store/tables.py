"""The tables, the same on SQLite and PostgreSQL; what differs is in `database.py`.

Columns called `raw`, `state` (of a conversation), `messages`, `address`, `text`, `user_id`,
`intake`, `name` and `content` (of files), `totp` and `sealed` hold sealed bytes. `person` is a
keyed hash of LINE's user id. Times are seconds since 1970; `event_time` is LINE's own clock in
milliseconds and only ever orders events.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)

SCHEMA = "0010"
"""The newest migration; a test holds it to the files. `is_current` compares without alembic."""

metadata = MetaData()

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("event_time", BigInteger, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("message_id", Text),
    Column("raw", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="new"),  # new, handled, parked
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),  # a class name, never a message
    Column("handled_at", Double),
    Index("inbox_new", "event_time", "received_at", "event_id", sqlite_where=text("state = 'new'"),
          postgresql_where=text("state = 'new'")),
    Index("inbox_parked", "handled_at", sqlite_where=text("state = 'parked'"),
          postgresql_where=text("state = 'parked'")),
    Index("inbox_person", "person", "message_id"),
    Index("inbox_received", "received_at"),
)  # fmt: skip

conversations = Table(
    "conversations",
    metadata,
    Column("person", Text, primary_key=True),
    Column("user_id", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False),  # grows with every save
    Column("language", Text),
    Column("owner", Text, nullable=False, server_default="bot"),  # who speaks: bot, waiting, human
    Column("notice_version", Text),
    Column("notice_at", Double),
    Column("blocked_at", Double),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("profile_at", Double),
    Index("conversations_updated", "updated_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),  # a UUID: also the X-Line-Retry-Key
    Column("person", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", Text),
    Column("address", LargeBinary),  # reply token and user id; null once it is over
    Column("received_at", Double, nullable=False),
    Column("about", Text),  # "flow/question" the messages ask, for quotes
    Column("message_ids", Text),  # LINE's ids of what was sent, JSON
    Column("must_arrive", Boolean, nullable=False),
    Column("forget", Boolean, nullable=False),  # the row goes as soon as it is over
    Column("owner", Text),  # the worker that has it in hand
    Column("tried_at", Double),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Double),
    Column("state", Text, nullable=False),  # due, sent, unclear, given_up, held
    Column("sent_at", Double),
    Column("error", Text),
    Column("via", Text),  # reply or push
    Column("created_at", Double, nullable=False),
    # bot: only while the bot speaks; house: at any time; operator: only while a human speaks
    Column("speaker", Text, nullable=False, server_default="bot"),
    Column("operator", Text),  # who wrote it, of the office's people
    Index("outbox_due", "person", "position", sqlite_where=text("state = 'due'"),
          postgresql_where=text("state = 'due'")),
    Index("outbox_person", "person", "state"),
    Index("outbox_created", "created_at"),
    Index("outbox_troubled", "state", sqlite_where=text("state IN ('unclear', 'given_up')"),
          postgresql_where=text("state IN ('unclear', 'given_up')")),
    Index("outbox_held", "created_at", sqlite_where=text("state = 'held'"),
          postgresql_where=text("state = 'held'")),
    Index("outbox_operator", "person", "created_at", sqlite_where=text("speaker = 'operator'"),
          postgresql_where=text("speaker = 'operator'")),
)  # fmt: skip

# What was said, apart: a state that changes must not rewrite twelve kilobytes.
bodies = Table(
    "bodies",
    metadata,
    Column("id", Text, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("messages", LargeBinary, nullable=False),
)

talk = Table(
    "talk",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("direction", Text, nullable=False),  # in
    Column("kind", Text, nullable=False),
    Column("text", LargeBinary),
    Column("message_id", Text),
    Column("unsent", Boolean, nullable=False),
    Index("talk_person", "person", "at"),
    Index("talk_message", "message_id"),
    Index("talk_at", "at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),  # human, urgent, delete, parked
    Column("opened_at", Double, nullable=False),
    Column("due_at", Double),
    Column("closed_at", Double),
    Column("flow", Text),
    Column("language", Text),
    Column("event_id", Text),
    Column("number", BigInteger, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),  # open, taken, snoozed, closed
    Column("reason", Text),  # why it was closed
    Column("operator", Text),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("deadline", Text),  # the person's next last day, as 2026-12-01
    Column("waiting_since", Double),  # the person wrote, and nobody answered since
    Column("snoozed_until", Double),
    Column("outcome", Text),
    Column("fingerprint", Text),  # of the flow, as the person was told
    Column("last_message_at", Double),  # of the person's
    Column("last_seen_at", Double),  # by an operator
    Column("changed_at", Double, nullable=False, server_default="0"),
    Column("intake", LargeBinary),  # what the person wants passed on
    Index("cases_person", "person"),
    Index("cases_number", "number", unique=True),
    Index("cases_opened", "opened_at"),
    Index("cases_open", "priority", "deadline", "waiting_since",
          sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'")),
    Index("cases_changed", "changed_at",
          sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'")),
    Index("cases_closed", "closed_at", sqlite_where=text("state = 'closed'"),
          postgresql_where=text("state = 'closed'")),
)  # fmt: skip

case_tags = Table(
    "case_tags",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index("case_tags_tag", "tag"),
)

# What was done to a case and by whom; rows are only ever added.
case_events = Table(
    "case_events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("at", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text),  # an operator's id; null: the person or the bot
    Column("details", Text, nullable=False),  # coded, JSON; never a text of anybody's
    Index("case_events_case", "case_id", "at"),
    Index("case_events_kind", "kind", "at"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("at", Double, nullable=False),
    Column("operator", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Index("notes_case", "case_id", "at"),
)

# What people sent to the office while a human answered.
files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("message_id", Text),
    Column("at", Double, nullable=False),
    Column("origin", Text, nullable=False),  # line, upload
    Column("name", LargeBinary),
    Column("kind", Text),  # its media type, by content
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # wanted, kept, refused, gone
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Double),
    Column("content", LargeBinary),
    Index("files_person", "person", "message_id"),
    Index("files_wanted", "next_try_at", sqlite_where=text("state = 'wanted'"),
          postgresql_where=text("state = 'wanted'")),
    Index("files_at", "at"),
)  # fmt: skip

# The office's people. A password is kept as its argon2 hash, an invitation as a hash of its token.
operators = Table(
    "operators",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # operator, admin
    Column("state", Text, nullable=False),  # invited, active, disabled
    Column("language", Text, nullable=False, server_default="ja"),
    Column("password", Text),
    Column("totp", LargeBinary),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),  # the last code used
    Column("is_demo", Boolean, nullable=False, server_default=false()),
    Column("invite_hash", Text),
    Column("invite_expires_at", Double),
    Column("made_at", Double, nullable=False),
    Column("seen_at", Double),
    Index("operators_login", "login", unique=True),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("id", Text, nullable=False),  # what a page may show
    Column("operator", Text, ForeignKey("operators.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    Index("desk_sessions_operator", "operator"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("about", Text, nullable=False),  # a keyed hash of a login or an address
    Column("at", Double, nullable=False),
    Index("login_failures_about", "about", "at"),
)

# Every look and every change of the office's people; rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Double, nullable=False),
    Column("operator", Text),
    Column("action", Text, nullable=False),
    Column("case_id", Text),
    Column("details", Text, nullable=False),  # coded, JSON; never a text of anybody's
    Index("audit_at", "at"),
    Index("audit_case", "case_id", "at"),
    Index("audit_operator", "operator", "at"),
)

links = Table(
    "links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("used_at", Double),
    Index("links_person", "person"),
)

# Appointments with the office: codes and times, no words. What was cancelled stays in the list.
bookings = Table(
    "bookings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("case_id", Text),
    Column("way", Text, nullable=False),  # online, phone, visit
    Column("start_at", Double, nullable=False),
    Column("end_at", Double, nullable=False),
    Column("state", Text, nullable=False),  # booked, cancelled
    Column("operator", Text),  # whose appointment it is, of the office's people
    Column("made_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Index("bookings_person", "person", "start_at"),
    Index("bookings_start", "start_at"),
)

# A quarter of an hour of one place at the office: its key is what makes double booking impossible.
booked_quarters = Table(
    "booked_quarters",
    metadata,
    Column("at", BigInteger, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("booking", Text, ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    Index("booked_quarters_booking", "booking"),
)

# Hours in which nobody can book.
blocked_hours = Table(
    "blocked_hours",
    metadata,
    Column("id", Text, primary_key=True),
    Column("start_at", Double, nullable=False),
    Column("end_at", Double, nullable=False),
    Column("operator", Text),
    Index("blocked_hours_end", "end_at"),
)

# What was not understood: masked, and of nobody.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of the message's id
    Column("day", Double, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Index("unanswered_day", "day"),
)

# Where each of the office's people wants to be told of cases.
notice_wishes = Table(
    "notice_wishes",
    metadata,
    Column("operator", Text, ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True),
    Column("address", LargeBinary),  # of e-mail
    Column("mail_wish", Text, nullable=False, server_default="none"),  # none, urgent, all
    Column("line_user", LargeBinary),
    Column("person", Text),  # the same LINE account, as everywhere
    Column("line_wish", Text, nullable=False, server_default="none"),
    Column("code_hash", Text),
    Column("code_expires_at", Double),
    Index("notice_wishes_person", "person", unique=True),
    Index("notice_wishes_code", "code_hash"),
)

# That a case is there or waits: one row for each operator and way, put with the case itself.
notices = Table(
    "notices",
    metadata,
    Column("id", Text, primary_key=True),  # case/occasion/mark/way/operator: told once
    Column("case_id", Text, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("operator", Text, ForeignKey("operators.id", ondelete="CASCADE"), nullable=False),
    Column("way", Text, nullable=False),  # mail, line
    Column("occasion", Text, nullable=False),  # new, urgent, waits
    Column("made_at", Double, nullable=False),
    Column("next_try_at", Double),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),  # due, sent, given_up
    Column("ended_at", Double),
    Column("error", Text),
    Index("notices_due", "next_try_at", sqlite_where=text("state = 'due'"),
          postgresql_where=text("state = 'due'")),
    Index("notices_case", "case_id"),
    Index("notices_made", "made_at"),
)  # fmt: skip

# What LINE said of the month's messages: one row a month.
message_budget = Table(
    "message_budget",
    metadata,
    Column("month", Text, primary_key=True),  # 2026-11, of Japan
    Column("most", BigInteger),  # null: no limit
    Column("used", BigInteger, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("refused_at", Double),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

SEALED = {
    secrets: ("name", ("sealed",)),
    inbox: ("event_id", ("raw",)),
    conversations: ("person", ("user_id", "state")),
    outbox: ("id", ("address",)),
    bodies: ("id", ("messages",)),
    talk: ("id", ("text",)),
    unanswered: ("id", ("text",)),
    cases: ("id", ("intake",)),
    notes: ("id", ("text",)),
    files: ("id", ("name", "content")),
    operators: ("id", ("totp",)),
    notice_wishes: ("operator", ("address", "line_user")),
}
"""Table -> its key and its sealed columns; every sealed value is bound to table, column, key."""
