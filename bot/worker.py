"""The worker: handle what came in, send what is due, let old data go.

One thread takes batches and hands the committed messages to the sender pool; one marks what was
sent, many rows in a commit. On SQLite there is one worker, held by a lock file; on PostgreSQL
any number. A worker that was killed leaves rows that are due: the next one recovers them.
"""

import logging
import os
import sys
import threading
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from bot.budgeting import Budgeting
from bot.carrying_out import Sending
from bot.console.words import Dictionary
from bot.ends import Ends
from bot.fetching import Fetcher
from bot.handle import Handled, handle_batch
from bot.house import House
from bot.line import incoming
from bot.line.api import LineApi
from bot.line.express import Express
from bot.line.loading import Loading
from bot.line.menus import Menus
from bot.line.profiles import Profiles
from bot.line.send import Outgoing, Rules, deliver
from bot.line.sender_pool import SenderPool
from bot.logs import write_logs
from bot.mail import mailer_of
from bot.notices import Notifier
from bot.opening import open_house
from bot.settings import Settings
from bot.store import cases, inbox, operators, outbox
from bot.store.alone import AnotherWorker, take_place
from bot.store.bell import Doorbell
from bot.store.checkpoints import Checkpoints
from bot.store.conversations import ChangedMeanwhile
from bot.store.database import Database
from bot.store.listen import Listener
from bot.store.marks import Marks, Tally
from bot.store.outbox import Ended, Row
from bot.store.owners import Owners
from bot.store.spool import Spool
from bot.upkeep import delete_old, end_quiet_talks, end_waits, tell_of_waiting

log = logging.getLogger(__name__)

BATCH = 64
LONG = 1.0
"""Waiting longer than this for an answer deserves the loading animation (seconds)."""
_LOOK = 1.0  # for spooled events, due rows, leases: the safety net behind the wake-ups
_SOON = 0.02  # while rows wait behind others
_RETENTION = 3600.0
_WAKE = 30.0
_RENEW = 3.0
LOCALES = Path(__file__).resolve().parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Look:
    """How often the worker looks by itself when nothing wakes it: `idle` seconds at most.

    Separate processes on SQLite cannot wake each other; there `idle` grows from 20 to 100 ms.
    """

    first: float = _LOOK
    most: float = _LOOK


class Worker:
    """One worker; `run` returns after `stop`. `step` does one round and returns what it did."""

    def __init__(
        self,
        house: House,
        api: LineApi,
        settings: Settings,
        wake: threading.Event | None = None,
    ) -> None:
        self._tell = house.alarm
        self._owners = Owners(house.database)
        self.house = replace(house, alarm=self._alarm)
        self.me = uuid.uuid4().hex[:12]
        self._api = api
        self._settings = settings
        self._database: Database = house.database
        self._spool = Spool(settings.spool, house.database.sealer)
        self._doorbell = None if wake else _doorbell_of(house.database)
        self.wake: threading.Event | Doorbell = wake or self._doorbell or threading.Event()
        self._look = Look() if wake or not settings.is_sqlite else Look(_SOON, 0.1)
        self.tally = Tally()
        self._count = self.tally.count
        self._budget = Budgeting(house.database, api, house.clock, settings.staff_message_reserve)
        self._marks = Marks(self._mark)
        ends = Ends(
            self._owners, self._budget, house.clock, self._count, self._marks.add, self._alarm
        )  # fmt: skip
        rules = Rules(
            api, house.clock, house.plain, self._alarm,
            may_speak=ends.may_speak, may_push=ends.may_push,
        )  # fmt: skip
        self._pool = SenderPool(
            lambda message: deliver(message, rules),
            ends.note,
            settings.senders,
            api.close,
            Express(rules),
        )
        self._profiles = Profiles(api, self.wake.set, most=min(16, settings.senders or 1))
        self._loading = Loading(api.show_loading)
        self._menus = Menus(api)
        self._fetcher = Fetcher(house.database, api, house.clock)
        self._notifier = Notifier(
            house.database, api, mailer_of(settings), Dictionary(LOCALES), settings.public_url,
            house.clock, self._budget.leaves_reserve, self._budget.note_push,
        )  # fmt: skip
        self._behind = True  # rows may wait in the outbox: those of an earlier life, at first
        self._due_at = 0.0
        self._look_at = 0.0
        self._renew_at = 0.0
        self._retention_at = 0.0
        self._wake_at = 0.0
        self._failures = 0
        self._is_stopping = threading.Event()
        self._has_signal = False
        self._has_all = False
        self._lock: IO[str] | None = None
        self._listener: Listener | None = None
        self._checkpoints: Checkpoints | None = None

    # ------------------------------------------------------------ life

    def run(self) -> None:
        """Work until `stop`; then finish what is under way and give back the rest."""
        self.start()
        idle = self._look.first
        try:
            while not (self._is_stopping.is_set() or self._has_signal):
                self.wake.clear()
                if self.step():
                    idle = self._look.first
                    if not self._has_all:
                        continue
                self.wake.wait(min(idle, self._patience()))
                idle = min(self._look.most, idle * 1.5)
        finally:
            self.close()

    def start(self) -> None:
        """Take the place of the one worker (SQLite), listen for wake-ups."""
        if self._settings.is_sqlite:
            self._lock = take_place(self._settings.database_url)
            if path := self._database.file:
                self._checkpoints = Checkpoints(path)
        else:
            self._listener = Listener(self._database, self.wake.set)
        self._fetcher.start()
        self._budget.start()
        self._notifier.start()
        log.info("worker %s started", self.me)

    def stop(self) -> None:
        """Ask `run` to end; called from another thread."""
        self._is_stopping.set()
        self.wake.set()

    def stop_by_signal(self) -> None:
        """Ask `run` to end within a second; called from a signal handler, where taking the lock
        of an event that the interrupted code may hold would never return."""
        self._has_signal = True

    def close(self) -> None:
        """Finish the calls under way, note their ends, give the untried rows back."""
        self._is_stopping.set()
        self._profiles.close()
        self._loading.close()
        self._menus.close()
        self._fetcher.close()
        self._budget.close()
        self._notifier.close()
        untried = self._pool.close()
        self._marks.close()
        if untried:
            try:
                with self._database.write() as session:
                    outbox.put_back(session, untried, self.me)
            except Exception as error:  # noqa: BLE001 - the lease ends by itself
                log.warning("rows not put back: %s", type(error).__name__)
        self.tally.keep(self._database)
        self._owners.close()
        if self._listener is not None:
            self._listener.close()
        if self._checkpoints is not None:
            self._checkpoints.close()
        if self._doorbell is not None:
            self._doorbell.close()
        if self._lock is not None:
            self._lock.close()
        log.info("worker %s stopped", self.me)

    # ------------------------------------------------------------ one round

    def step(self) -> int:
        """One round: events handled plus rows taken. Never raises for a database that is away."""
        try:
            done = self._handle() + self._send_due()
            self._now_and_then()
        except Exception as error:
            self._failures += 1
            log.error("worker: %s", type(error).__name__, exc_info=self._failures == 1)
            self._is_stopping.wait(min(2.0, 0.05 * 2 ** min(self._failures, 6)))
            return 0
        self._failures = 0
        return done

    def _handle(self) -> int:
        sending = Sending(self.me, self._pool.has_room())
        waiting = self._profiles.still_asking()
        self._has_all = False
        try:
            handled = handle_batch(self.house, sending, BATCH, self._profiles.known, waiting)
        except ChangedMeanwhile:
            return 1  # an operator wrote to one of them just now: read again
        except self._database.away:
            raise
        except Exception as error:  # noqa: BLE001 - one event of the batch cannot be written
            log.error("worker: a batch failed: %s; one by one", type(error).__name__)
            handled = self._handle_one(sending, waiting)
        self._pool.submit([outgoing(row) for row in handled.to_send])
        self._behind = self._behind or handled.left > 0
        self._profiles.ask(handled.newcomers)
        if handled.files:
            self._fetcher.wake()
        if handled.cases:
            self._notifier.wake()
        if handled.languages:
            self._menus.link(handled.languages)
        for name in ("events", "failed", "parked"):
            self._count(name, getattr(handled, name))
        if handled.events:
            self._profiles.forget()
        seen = handled.events + len(handled.newcomers)
        # Less than a batch: that was all there was. What came since has rung.
        self._has_all = seen < BATCH and not handled.failed
        if seen >= BATCH and self._loading.is_due():
            self._comfort()
        return seen

    def _comfort(self) -> None:
        """The loading animation for those who have waited and still have to."""
        with self._database.read() as session:
            since = self.house.clock() - LONG
            waiting = inbox.waiting_long(session, since, 2 * BATCH, 2 * BATCH)
        people = {}
        for event in waiting:
            coming = incoming.read(event.raw or b"", event.event_id, event.event_time)
            if coming.user_id:
                people[event.person] = coming.user_id
        self._loading.show(people)

    def _handle_one(self, sending: Sending, waiting: set[str]) -> Handled:
        """The oldest event alone; when it cannot be written, that counts against it."""
        try:
            return handle_batch(self.house, sending, 1, self._profiles.known, waiting)
        except (ChangedMeanwhile, *self._database.away):
            raise
        except Exception as error:  # noqa: BLE001
            with self._database.write() as session:
                oldest = inbox.take(session, 1, waiting)
                if oldest and oldest[0].attempts + 1 >= 3:
                    inbox.park(
                        session, oldest[0].event_id, self.house.clock(), type(error).__name__
                    )
                elif oldest:
                    inbox.mark_failed(session, {oldest[0].event_id: type(error).__name__})
            return Handled(events=1, failed=1)

    def _send_due(self) -> int:
        now = time.monotonic()
        if now < self._due_at or not self._pool.has_room():
            return 0
        with self._database.read() as session:
            self._behind = outbox.some_wait(session, self.me, self.house.clock())
        rows: list[Row] = []
        if self._behind:
            in_hand = self._in_hand()  # before: what ends meanwhile must not be sent again
            with self._database.write() as session:
                rows = outbox.take_due(
                    session, self.me, self.house.clock(), BATCH, self._settings.is_sqlite
                )
            rows = [row for row in rows if row.id not in in_hand]
            self._pool.submit([outgoing(row) for row in rows])
        self._due_at = now + (_SOON if self._behind else _LOOK)
        return len(rows)

    def _now_and_then(self) -> None:
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK
            if self._spool.has_any():
                self._spool.drain(self._keep_spooled)
                self.wake.set()
            self.tally.keep(self._database)
        if now >= self._renew_at:
            self._renew_at = now + _RENEW
            if in_hand := self._in_hand():
                with self._database.write() as session:
                    outbox.keep_in_hand(session, in_hand, self.me, self.house.clock())
        if now >= self._retention_at:
            self._retention_at = now + _RETENTION
            delete_old(self.house, self._settings, self._is_stopping.is_set)
            end_quiet_talks(self.house)
        if now >= self._wake_at:
            self._wake_at = now + _WAKE
            with self._database.write() as session:
                cases.wake(session, self.house.clock())
            tell_of_waiting(self.house, self._settings)
            end_waits(self.house, self._settings)

    def _in_hand(self) -> set[str]:
        # In this order: a row leaves the pool only after its end was noted.
        return {*self._pool.ids_in_hand(), *self._marks.ids()}

    def _patience(self) -> float:
        """How long the next round can wait."""
        if self._behind:
            return _SOON
        return min(_LOOK, self._profiles.patience())

    def _keep_spooled(self, events: Any) -> None:
        with self._database.write() as session:
            inbox.put(session, events)

    # ------------------------------------------------------------ ends

    def _alarm(self, name: str, properties: list[str]) -> None:
        """Something that an operator must see; `properties` are paths, never texts."""
        self._count("alarm_" + name, 1)
        if name == "monthly_limit":
            self._budget.note_refused()
        log.error("alarm: %s %s", name, [one.split()[0] for one in properties if one.strip()])
        self._tell(name, properties)

    def _mark(self, ended: list[Ended]) -> None:
        with self._database.write() as session:
            outbox.mark(session, ended)
        if self._behind:
            self.wake.set()


def outgoing(row: Row) -> Outgoing:
    """The outbox row as the sender takes it."""
    return Outgoing(
        row.id, row.person, row.user_id, row.reply_token, row.received_at, row.messages,
        row.must_arrive, may_have_arrived=row.tried_before, row=row,
    )  # fmt: skip


def _doorbell_of(database: Database) -> Doorbell | None:
    if database.bell is None:
        return None
    try:
        return Doorbell(database.bell)
    except OSError as error:  # a file system without pipes: the worker looks by itself
        log.warning("bell: %s", type(error).__name__)
        return None


def open_api(settings: Settings) -> LineApi:
    """LINE as these settings name it."""
    return LineApi(settings.line_api, settings.channel_token, settings.line_data_api)


def run_worker(settings: Settings, flows: Path, locales: Path) -> None:
    """Work until SIGTERM or Ctrl-C; then finish what is under way."""
    import gc
    import signal

    write_logs(settings.log_level)
    database = Database.of(settings)
    if settings.is_production:
        try:
            operators.must_have_no_demo(database)
        except operators.DemoInProduction as error:
            sys.exit(str(error))
    worker = Worker(open_house(settings, database, flows, locales), open_api(settings), settings)
    # The content stays for good: the collector need not look through it again and again.
    # A card alone is a thousand objects, and next to none of them form circles.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    # Where both share a core, LINE gets its 200 first: thinking can wait, two seconds cannot.
    os.nice(5)
    # A sender that has an answer in hand need not wait 5 ms for the thinking thread.
    sys.setswitchinterval(0.001)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: worker.stop_by_signal())
    try:
        worker.run()
    except AnotherWorker as error:
        sys.exit(str(error))
    finally:
        database.close()
