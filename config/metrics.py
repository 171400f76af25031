"""Prometheus metrics, read from the database when they are asked for: whichever process answers says the same."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.wiring import Engine
from dossier_engine.errors import BadInput
from dossier_engine.queries.health import health
from dossier_engine.queries.signed import behind

_OUTCOMES = ("sent", "late", "replaced", "void")


def exposition(engine: Engine) -> str:
    """The metrics in Prometheus' text format. Raises SchemaDiffers or DatabaseUnavailable."""
    return generate_latest(_registry(engine)).decode()


@contextmanager
def served(engine: Engine, port: int) -> Iterator[None]:
    """Serve the metrics at `http://127.0.0.1:port/metrics` on a thread of its own. Raises BadInput for a taken port."""
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=_registry(engine))
    except OSError as error:
        raise BadInput("--metrics", str(port), "port_taken") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _registry(engine: Engine) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Installation(engine))
    return registry


class _Installation(Collector):
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked up at registration."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Look everything up now; seconds are those of the installation's clock, a demonstration's may run fast."""
        with self.engine.database.reading() as session:
            now = self.engine.now()
            found, log = health(session, now=now), behind(session, now=now)
        ages = {name: age.total_seconds() for name, age in found.pulses.items()}
        rungs = {outcome: found.rungs.get(outcome, 0) for outcome in _OUTCOMES}
        yield _gauge("due_dossiers", "Dossiers waiting for a sweep", found.due)
        yield _gauge("sweep_lag_seconds", "How long the first of them has waited", found.sweep_lag.total_seconds())
        yield _gauge("delivery_lag_seconds", "How long the first unsent delivery has waited past its time",
                     found.delivery_lag.total_seconds())  # fmt: skip
        yield _gauge("log_waiting_entries", "Entries that wait to be brought into the log", log.waiting)
        yield _gauge("log_unsigned_entries", "Entries that no signed checkpoint covers", log.unsigned)
        yield _gauge("log_lag_seconds", "How long the first of them has waited", log.lag.total_seconds())
        if log.checkpoint is not None:
            yield _gauge("log_checkpoint_age_seconds", "Since the newest checkpoint was signed",
                         log.checkpoint.total_seconds())  # fmt: skip
        yield _labelled("rungs_last_day", "Ledger lines written in the last day", "outcome", rungs)
        yield _labelled("incidents_open", "Open incidents", "kind", found.incidents)
        yield _labelled("pulse_age_seconds", "Since what must keep going last did", "name", ages)
        deliveries = GaugeMetricFamily("dossier_deliveries", "Deliveries", labels=("channel", "status"))
        for labels, count in sorted(found.deliveries.items()):
            deliveries.add_metric(labels, count)
        yield deliveries


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dossier_{name}", what, value=value)


def _labelled(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"dossier_{name}", what, labels=(label,))
    for key, value in sorted(values.items()):
        family.add_metric((key,), value)
    return family
