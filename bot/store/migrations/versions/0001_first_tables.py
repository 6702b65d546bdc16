"""The first tables: inbox, conversations, outbox, talk, cases, links, counters, secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double()),
        sa.Column("closed_at", sa.Double()),
        sa.Column("flow", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("event_id", sa.Text()),
    )
    op.create_index("cases_person", "cases", ["person"])
    op.create_table(
        "conversations",
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("notice_version", sa.Text()),
        sa.Column("notice_at", sa.Double()),
        sa.Column("blocked_at", sa.Double()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("profile_at", sa.Double()),
    )
    op.create_index("conversations_updated", "conversations", ["updated_at"])
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("event_time", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="new"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.Column("handled_at", sa.Double()),
    )
    only = sa.text("state = 'new'")
    op.create_index(
        "inbox_new",
        "inbox",
        ["event_time", "received_at", "event_id"],
        sqlite_where=only,
        postgresql_where=only,
    )
    only = sa.text("state = 'parked'")
    op.create_index(
        "inbox_parked", "inbox", ["handled_at"], sqlite_where=only, postgresql_where=only
    )
    op.create_index("inbox_person", "inbox", ["person", "message_id"])
    op.create_index("inbox_received", "inbox", ["received_at"])
    op.create_table(
        "links",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double()),
    )
    op.create_index("links_person", "links", ["person"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text()),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("about", sa.Text()),
        sa.Column("message_ids", sa.Text()),
        sa.Column("must_arrive", sa.Boolean(), nullable=False),
        sa.Column("forget", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("tried_at", sa.Double()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", sa.Double()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Double()),
        sa.Column("error", sa.Text()),
        sa.Column("via", sa.Text()),
        sa.Column("created_at", sa.Double(), nullable=False),
    )
    op.create_index("outbox_created", "outbox", ["created_at"])
    only = sa.text("state = 'due'")
    op.create_index(
        "outbox_due", "outbox", ["person", "position"], sqlite_where=only, postgresql_where=only
    )
    op.create_index("outbox_person", "outbox", ["person", "state"])
    only = sa.text("state IN ('unclear', 'given_up')")
    op.create_index(
        "outbox_troubled", "outbox", ["state"], sqlite_where=only, postgresql_where=only
    )
    op.create_table(
        "bodies",
        sa.Column(
            "id", sa.Text(), sa.ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "talk",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("message_id", sa.Text()),
        sa.Column("unsent", sa.Boolean(), nullable=False),
    )
    op.create_index("talk_at", "talk", ["at"])
    op.create_index("talk_message", "talk", ["message_id"])
    op.create_index("talk_person", "talk", ["person", "at"])


def downgrade() -> None:
    op.drop_table("talk")
    op.drop_table("secrets")
    op.drop_table("bodies")
    op.drop_table("outbox")
    op.drop_table("links")
    op.drop_table("inbox")
    op.drop_table("counters")
    op.drop_table("conversations")
    op.drop_table("cases")
