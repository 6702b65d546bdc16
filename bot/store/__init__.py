"""What must survive: SQLite or PostgreSQL behind functions that take a session.

Dataclasses go in and out; nothing above this room writes SQL. The caller owns the
transaction (`Database.write`, `Database.batch`). Texts, tokens and LINE's user ids are kept
sealed (`sealing.py`); a person is a keyed hash everywhere else. The clock is an argument.
"""
