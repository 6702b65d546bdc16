"""What LINE said of the month's messages."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_budget",
        sa.Column("month", sa.Text(), primary_key=True),
        sa.Column("most", sa.BigInteger()),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("refused_at", sa.Double()),
    )


def downgrade() -> None:
    op.drop_table("message_budget")
