"""How a demonstration's clock runs: from an instant of its own, faster than the true one while somebody keeps it so.

Time never runs backwards, for no process, whichever state of the clock it knows: a new state begins only where the
lease of the old one ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FASTEST = 86_400  # a day a second


@dataclass(frozen=True, slots=True)
class Pace:
    """A clock that showed `at` at the true instant `since` and runs `speed` times as fast until the true `until`.

    After `until` it keeps the true pace: what drives it must renew its lease, or has been killed.
    """

    at: datetime
    since: datetime
    speed: int
    until: datetime

    def shows(self, true: datetime) -> datetime:
        """What the clock shows at a true instant; before `since` it stands still."""
        quick = max(min(true, self.until) - self.since, timedelta())
        return self.at + self.speed * quick + max(true - max(self.until, self.since), timedelta())

    def speed_at(self, true: datetime) -> int:
        """How fast it runs at a true instant."""
        return self.speed if true < self.until else 1

    def driven(self, true: datetime, *, speed: int, lease: timedelta, ahead: timedelta = timedelta()) -> "Pace":
        """The clock put forward by `ahead` and driven at `speed` from now on, or from the end of the present lease."""
        start = max(true, self.until)
        return Pace(self.shows(start) + ahead, start, speed, start + lease)

    def renewed(self, true: datetime, lease: timedelta) -> "Pace":
        """The clock driven on for `lease` from now; what was lost where the lease had run out stays lost."""
        if true >= self.until:
            return self.driven(true, speed=self.speed, lease=lease)
        return replace(self, until=max(self.until, true + lease))

    def let_go(self, true: datetime) -> "Pace":
        """The clock at the true pace again. It stands still until the lease ends where others may believe it is."""
        start = max(true, self.until)
        return Pace(self.shows(start), start, 1, start)


def standing(at: datetime, since: datetime) -> Pace:
    """A clock that showed `at` at the true instant `since` and keeps the true pace."""
    return Pace(at, since, 1, since)
