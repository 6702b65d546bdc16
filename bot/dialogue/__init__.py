"""One conversation, pure: events come in, replies and requests go out.

Nothing here knows LINE, a language, a database or the clock. `turn.take_turn` is the door.
"""
