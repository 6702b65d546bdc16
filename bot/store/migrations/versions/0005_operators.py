"""The office's people, their sessions, what they looked at and did, and failed logins."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, server_default="ja"),
        sa.Column("password", sa.Text()),
        sa.Column("totp", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("invite_hash", sa.Text()),
        sa.Column("invite_expires_at", sa.Double()),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double()),
    )
    op.create_index("operators_login", "operators", ["login"], unique=True)
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "operator",
            sa.Text(),
            sa.ForeignKey("operators.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("desk_sessions_operator", "desk_sessions", ["operator"])
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index("login_failures_about", "login_failures", ["about", "at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("operator", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_index("audit_case", "audit", ["case_id", "at"])
    op.create_index("audit_operator", "audit", ["operator", "at"])


def downgrade() -> None:
    for table in ("audit", "login_failures", "desk_sessions", "operators"):
        op.drop_table(table)
