"""The desk: cases that operators work on, their log, notes and tags; who speaks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBERED = """
UPDATE cases SET changed_at = opened_at, last_message_at = opened_at,
    state = CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END,
    priority = CASE WHEN kind = 'urgent' THEN 2 ELSE 0 END,
    waiting_since = CASE WHEN closed_at IS NULL THEN opened_at END,
    number = (
        SELECT count(*) FROM cases AS earlier
        WHERE earlier.opened_at < cases.opened_at
            OR (earlier.opened_at = cases.opened_at AND earlier.id <= cases.id)
    )
"""


def upgrade() -> None:
    op.add_column(
        "conversations", sa.Column("owner", sa.Text(), nullable=False, server_default="bot")
    )
    op.add_column("outbox", sa.Column("speaker", sa.Text(), nullable=False, server_default="bot"))
    op.add_column("outbox", sa.Column("operator", sa.Text()))
    _grow_cases()
    op.create_table(
        "case_tags",
        sa.Column(
            "case_id", sa.Text(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("tag", sa.Text(), primary_key=True),
    )
    op.create_index("case_tags_tag", "case_tags", ["tag"])
    op.create_table(
        "case_events",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column(
            "case_id", sa.Text(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("case_events_case", "case_events", ["case_id", "at"])
    op.create_table(
        "notes",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column(
            "case_id", sa.Text(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
    )
    op.create_index("notes_case", "notes", ["case_id", "at"])


def _grow_cases() -> None:
    for column in (
        sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("state", sa.Text(), nullable=False, server_default="open"),
        sa.Column("reason", sa.Text()),
        sa.Column("operator", sa.Text()),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("deadline", sa.Text()),
        sa.Column("waiting_since", sa.Double()),
        sa.Column("snoozed_until", sa.Double()),
        sa.Column("outcome", sa.Text()),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("last_message_at", sa.Double()),
        sa.Column("last_seen_at", sa.Double()),
        sa.Column("changed_at", sa.Double(), nullable=False, server_default="0"),
        sa.Column("intake", sa.LargeBinary()),
    ):
        op.add_column("cases", column)
    op.execute(_NUMBERED)
    # The next number is taken from here, under the row's lock.
    op.execute("INSERT INTO counters (name, value) SELECT 'case_number', count(*) FROM cases")
    op.create_index("cases_number", "cases", ["number"], unique=True)
    still_open, over = sa.text("state <> 'closed'"), sa.text("state = 'closed'")
    op.create_index(
        "cases_open", "cases", ["priority", "deadline", "waiting_since"],
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index(
        "cases_closed", "cases", ["closed_at"], sqlite_where=over, postgresql_where=over
    )


def downgrade() -> None:
    for table in ("notes", "case_events", "case_tags"):
        op.drop_table(table)
    op.execute("DELETE FROM counters WHERE name = 'case_number'")
    for index in ("cases_closed", "cases_open", "cases_number"):
        op.drop_index(index, "cases")
    for name in (
        "number", "state", "reason", "operator", "priority", "deadline", "waiting_since",
        "snoozed_until", "outcome", "fingerprint", "last_message_at", "last_seen_at",
        "changed_at", "intake",
    ):  # fmt: skip
        op.drop_column("cases", name)
    for name in ("speaker", "operator"):
        op.drop_column("outbox", name)
    op.drop_column("conversations", "owner")
