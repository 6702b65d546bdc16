"""Appointments, the quarters of an hour that they take, and blocked hours."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text()),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("start_at", sa.Double(), nullable=False),
        sa.Column("end_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text()),
        sa.Column("made_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
    )
    op.create_index("bookings_person", "bookings", ["person", "start_at"])
    op.create_index("bookings_start", "bookings", ["start_at"])
    op.create_table(
        "booked_quarters",
        sa.Column("at", sa.BigInteger(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column(
            "booking", sa.Text(), sa.ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False
        ),
    )
    op.create_index("booked_quarters_booking", "booked_quarters", ["booking"])
    op.create_table(
        "blocked_hours",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("start_at", sa.Double(), nullable=False),
        sa.Column("end_at", sa.Double(), nullable=False),
        sa.Column("operator", sa.Text()),
    )
    op.create_index("blocked_hours_end", "blocked_hours", ["end_at"])


def downgrade() -> None:
    op.drop_table("blocked_hours")
    op.drop_table("booked_quarters")
    op.drop_table("bookings")
