"""Notices to the office's people, and who wishes them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_wishes",
        sa.Column(
            "operator",
            sa.Text(),
            sa.ForeignKey("operators.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("mail_wish", sa.Text(), nullable=False, server_default="none"),
        sa.Column("line_user", sa.LargeBinary()),
        sa.Column("person", sa.Text()),
        sa.Column("line_wish", sa.Text(), nullable=False, server_default="none"),
        sa.Column("code_hash", sa.Text()),
        sa.Column("code_expires_at", sa.Double()),
    )
    op.create_index("notice_wishes_person", "notice_wishes", ["person"], unique=True)
    op.create_index("notice_wishes_code", "notice_wishes", ["code_hash"])
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column(
            "case_id", sa.Text(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "operator",
            sa.Text(),
            sa.ForeignKey("operators.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("next_try_at", sa.Double()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Double()),
        sa.Column("error", sa.Text()),
    )
    op.create_index(
        "notices_due",
        "notices",
        ["next_try_at"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("notices_case", "notices", ["case_id"])
    op.create_index("notices_made", "notices", ["made_at"])


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("notice_wishes")
