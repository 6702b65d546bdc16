"""What a person can do with their phone. Each act changes the chat and becomes a webhook event."""

import secrets
from typing import Any

from bot.simulator.people import QUOTABLE, Bubble, Content, Message, Person
from bot.simulator.platform import Platform

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class NotPossible(Exception):
    """The phone would not let a person do this (write to a blocked account, tap what is gone)."""


class Phone:
    """One person's phone, or their LINE on a PC."""

    def __init__(self, platform: Platform, user_id: str) -> None:
        self.platform = platform
        self.person: Person = platform.person(user_id)

    # ------------------------------------------------------------------ messages

    def says(self, text: str, quoting: str | None = None) -> Bubble:
        """Type a text and send it; `quoting` is the id of a message it answers."""
        return self._send({"type": "text", "text": text}, quoting=quoting)

    def sends_sticker(
        self, package: str = "11537", sticker: str = "52002734", keywords: tuple[str, ...] = ()
    ) -> Bubble:
        """Send a sticker."""
        return self._send(
            {
                "type": "sticker",
                "packageId": package,
                "stickerId": sticker,
                "stickerResourceType": "STATIC",
                "keywords": list(keywords),
            }
        )

    def sends_location(
        self,
        address: str | None = None,
        latitude: float = 35.6812,
        longitude: float = 139.7671,
        title: str | None = None,
    ) -> Bubble:
        """Send a place; LINE leaves address and title out when the map does not know them."""
        message: Message = {"type": "location", "latitude": latitude, "longitude": longitude}
        if title:
            message["title"] = title
        if address:
            message["address"] = address
        return self._send(message)

    def sends_file(
        self, body: bytes, kind: str = "image/jpeg", name: str = "", preparing: int = 0
    ) -> Bubble:
        """Send a picture, film, sound or any file; `preparing` is how often LINE says "not yet"."""
        message = _media(kind, name, len(body))
        return self._send(message, content=Content(body, kind, preparing))

    def unsends(self, message_id: str) -> None:
        """Take a message back: it vanishes from the chat and from LINE's servers."""
        with self.platform.changed:
            bubble = self.person.bubble(message_id)
            if bubble is None or bubble.side != "user" or bubble.is_unsent:
                raise NotPossible("only an own message can be unsent, and only once")
            bubble.is_unsent = True
            bubble.message = {"type": bubble.message["type"]}
            if content := self.platform.contents.get(message_id):
                content.is_gone = True
                content.body = b""
            self._event({"type": "unsend", "unsend": {"messageId": message_id}}, token=False)

    # ------------------------------------------------------------------ taps

    def does(self, action: dict[str, Any], params: dict[str, str] | None = None) -> None:
        """Carry out an action of a button; `params` is the date that was picked.

        Links, the camera and the clipboard are the phone's own business: nothing is sent.
        """
        kind = action["type"]
        with self.platform.changed:
            self._must_not_block()
            if self._is_quick_reply(action):
                self.person.used_quick_reply = self.person.bubbles[-1].id
                self.platform.touch()
            if kind == "message":
                self.says(action["text"])
            elif kind == "postback":
                if text := action.get("displayText") or action.get("text"):
                    self._put({"type": "text", "text": text})
                self._postback({"data": action["data"]})
            elif kind == "datetimepicker":
                if not params or action["mode"] not in params:
                    raise NotPossible(f"a {action['mode']} must be picked")
                self._postback({"data": action["data"], "params": params})
            elif kind == "richmenuswitch":
                self._switch_menu(action)

    def taps(self, wanted: str) -> None:
        """Tap the newest thing with this label or data that is neither picker nor link."""
        self.does(self.find(wanted))

    def picks_date(self, value: str, wanted: str | None = None) -> None:
        """Pick a date (or time, or both) in the newest picker, or in the one named."""
        action = self.find(wanted, "datetimepicker")
        self.does(action, {action["mode"]: value})

    def find(self, wanted: str | None, kind: str | None = None) -> dict[str, Any]:
        """The newest action that can be tapped now: chips, then buttons, then the rich menu."""
        with self.platform.changed:
            for action in self.actions():
                names = (action.get("label"), action.get("data"), action.get("text"))
                if (wanted is None or wanted in names) and kind in (None, action["type"]):
                    return action
            labels = [str(action.get("label") or action.get("data")) for action in self.actions()]
        raise NotPossible(f"there is no {wanted or kind!r} to tap; there are {labels}")

    def actions(self) -> list[dict[str, Any]]:
        """Everything that can be tapped now, the newest first."""
        found = [item["action"] for item in self.person.quick_replies()]
        for bubble in reversed(self.person.bubbles):
            if bubble.side == "bot":
                found += _actions_in({k: v for k, v in bubble.message.items() if k != "quickReply"})
        if menu := self.platform.menus.shown_to(self.person):
            found += [area["action"] for area in menu["areas"]]
        return found

    # ------------------------------------------------------------------ friendship

    def follows(self) -> None:
        """Add the account as a friend."""
        with self.platform.changed:
            self.person.is_friend = True
            self._event({"type": "follow", "follow": {"isUnblocked": False}})

    def blocks(self) -> None:
        """Block the account."""
        with self.platform.changed:
            if self.person.is_blocking:
                raise NotPossible("the account is blocked already")
            self.person.is_blocking = True
            self._event({"type": "unfollow"}, token=False)

    def unblocks(self) -> None:
        """Let the account write again."""
        with self.platform.changed:
            if not self.person.is_blocking:
                raise NotPossible("the account is not blocked")
            self.person.is_blocking = False
            self._event({"type": "follow", "follow": {"isUnblocked": True}})

    def changes(self, **settings: Any) -> None:
        """Change the app's settings: name, language, on_pc, consented, consented_to_language."""
        allowed = {"name", "language", "on_pc", "consented", "consented_to_language", "is_friend"}
        if unknown := set(settings) - allowed:
            raise NotPossible(f"no such setting: {', '.join(sorted(unknown))}")
        with self.platform.changed:
            for key, value in settings.items():
                setattr(self.person, key, value)
            self.platform.touch()

    # ------------------------------------------------------------------ inside

    def _send(
        self, message: Message, *, quoting: str | None = None, content: Content | None = None
    ) -> Bubble:
        with self.platform.changed:
            self._must_not_block()
            quoted = self.person.bubble(quoting) if quoting else None
            if quoting and (quoted is None or quoted.quote_token is None):
                raise NotPossible("that message cannot be quoted")
            bubble = self._put(message, quoting)
            if content:
                self.platform.contents[bubble.id] = content
            event = {"id": bubble.id, **message, "markAsReadToken": bubble.mark_token}
            if bubble.quote_token:
                event["quoteToken"] = bubble.quote_token
            if quoting:
                event["quotedMessageId"] = quoting
            self._event({"type": "message", "message": event})
            return bubble

    def _put(self, message: Message, quoting: str | None = None) -> Bubble:
        now = self.platform.clock()
        bubble = Bubble(
            self.platform.new_message_id(),
            "user",
            message,
            now,
            quote_token=secrets.token_urlsafe(24) if message["type"] in QUOTABLE else None,
            quoted_id=quoting,
            mark_token=secrets.token_urlsafe(24),
            is_read=self.platform.chat_mode == "bot",
        )
        self.person.bubbles.append(bubble)
        self.person.last_message_at = now
        self.platform.touch()
        return bubble

    def _postback(self, postback: dict[str, Any]) -> None:
        self._event({"type": "postback", "postback": postback})

    def _switch_menu(self, action: dict[str, Any]) -> None:
        alias = action["richMenuAliasId"]
        menu_id = self.platform.menus.aliases.get(alias)
        if menu_id:
            self.person.rich_menu_id = menu_id
        status = "SUCCESS" if menu_id else "RICHMENU_ALIAS_ID_NOTFOUND"
        params = {"newRichMenuAliasId": alias, "status": status}
        self._postback({"data": action.get("data", ""), "params": params})

    def _event(self, event: dict[str, Any], *, token: bool = True) -> None:
        """Stamp an event and hand it to the delivery. The lock is held."""
        now = self.platform.clock()
        stamped = {
            **event,
            "webhookEventId": event_id(now),
            "deliveryContext": {"isRedelivery": False},
            "timestamp": int(now * 1000),
            "source": {"type": "user", "userId": self.person.id},
            "mode": "active",
        }
        if token:
            stamped["replyToken"] = self.platform.tokens.issue(self.person.id, now)
        self.platform.events.put(stamped)
        self.platform.touch()

    def _is_quick_reply(self, action: dict[str, Any]) -> bool:
        return any(item["action"] == action for item in self.person.quick_replies())

    def _must_not_block(self) -> None:
        if self.person.is_blocking:
            raise NotPossible("the account is blocked")


def event_id(now: float) -> str:
    """A ULID: 48 bits of milliseconds, 80 bits of chance."""
    number = (int(now * 1000) << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def _media(kind: str, name: str, size: int) -> Message:
    family = kind.partition("/")[0]
    provider = {"contentProvider": {"type": "line"}}
    if family == "image" and not name:
        return {"type": "image", **provider}
    if family in ("video", "audio") and not name:
        return {"type": family, "duration": 1000, **provider}
    return {"type": "file", "fileName": name or "file", "fileSize": size}


def _actions_in(part: Any) -> list[dict[str, Any]]:
    """All actions of a message, in reading order."""
    if isinstance(part, list):
        return [action for entry in part for action in _actions_in(entry)]
    if not isinstance(part, dict):
        return []
    found = []
    for key, value in part.items():
        if key in ("action", "defaultAction") and isinstance(value, dict):
            found.append(value)
        elif key == "actions":
            found += [entry for entry in value if isinstance(entry, dict)]
        else:
            found += _actions_in(value)
    return found
