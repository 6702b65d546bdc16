"""What was not understood, without a person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("day", sa.Double(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
    )
    op.create_index("unanswered_day", "unanswered", ["day"])


def downgrade() -> None:
    op.drop_table("unanswered")
