"""Files that people send to the office."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("kind", sa.Text()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.Double()),
        sa.Column("content", sa.LargeBinary()),
    )
    op.create_index("files_person", "files", ["person", "message_id"])
    only = sa.text("state = 'wanted'")
    op.create_index(
        "files_wanted", "files", ["next_try_at"], sqlite_where=only, postgresql_where=only
    )
    op.create_index("files_at", "files", ["at"])


def downgrade() -> None:
    op.drop_table("files")
