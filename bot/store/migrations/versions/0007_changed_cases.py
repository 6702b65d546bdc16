"""An index for what an open inbox asks every few seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    only = sa.text("state <> 'closed'")
    op.create_index(
        "cases_changed", "cases", ["changed_at"], sqlite_where=only, postgresql_where=only
    )


def downgrade() -> None:
    op.drop_index("cases_changed", "cases")
