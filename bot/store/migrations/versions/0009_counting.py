"""Indexes for the statistics and for what was held back: a span of time, not the whole table."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("cases_opened", "cases", ["opened_at"])
    op.create_index("case_events_kind", "case_events", ["kind", "at"])
    held, office = sa.text("state = 'held'"), sa.text("speaker = 'operator'")
    op.create_index(
        "outbox_held", "outbox", ["created_at"], sqlite_where=held, postgresql_where=held
    )
    op.create_index(
        "outbox_operator", "outbox", ["person", "created_at"],
        sqlite_where=office, postgresql_where=office,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("outbox_operator", "outbox")
    op.drop_index("outbox_held", "outbox")
    op.drop_index("case_events_kind", "case_events")
    op.drop_index("cases_opened", "cases")
