"""How long a session lasts, to the second."""

from datetime import UTC, datetime, timedelta

from dossier_engine.rules.sessions import is_alive, is_due

NOW = datetime(2024, 5, 6, 8, tzinfo=UTC)


def test_a_session_ends_at_the_second_of_either_limit():
    idle, absolute, second = timedelta(minutes=30), timedelta(hours=12), timedelta(seconds=1)

    assert is_alive(NOW, NOW, NOW + idle - second)
    assert not is_alive(NOW, NOW, NOW + idle)
    assert is_alive(NOW, NOW + absolute - second, NOW + absolute - second)
    assert not is_alive(NOW, NOW + absolute - second, NOW + absolute)


def test_what_was_seen_is_noted_once_a_minute():
    assert is_due(None, NOW)
    assert not is_due(NOW, NOW + timedelta(seconds=59))
    assert is_due(NOW, NOW + timedelta(seconds=60))
