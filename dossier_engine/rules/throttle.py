"""How long somebody who failed to sign in must wait: the longer the more often, and never because of a stranger.

Failures are counted in buckets, each of a network (an IPv4 address, or the /64 that an IPv6 address lies in):

- an account's own bucket in a network from which its owner has signed in before: FREE failures cost nothing, each more
  doubles the wait up to LONGEST. Only what is tried from that network fills it, so nobody elsewhere can keep the owner
  out, and no failure for another name there either;
- where the owner never came in from, a bucket of the name that was typed, by the same figures, and one of the whole
  network, in which FREE_OF_NETWORK failures cost nothing: a list of names is tried as slowly as one name.

There is deliberately no bucket of an account over all networks: whoever may fail from everywhere could keep its owner
out everywhere. What is left to somebody with many addresses is a few guesses each, at a password of twelve characters
that is not a common one. A bucket that nobody touched for FORGOTTEN_AFTER begins anew. An attempt counts as a failure
before the password is looked at, so attempts at the same instant do not share one look; success takes it back.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

FREE = 5
FREE_OF_NETWORK = 50
LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=12)
KNOWN_FOR = timedelta(days=180)
"""How long a network counts as one that the owner comes from, after they last did."""

_DOUBLED_AT_MOST = 10  # 2 ** 10 seconds is more than LONGEST
_OF_IPV6 = 64
_SLOT = 4


def network_of(address: str) -> str:
    """The network whose failures count together; an address that is none stands for itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), _OF_IPV6), strict=False))
    return str(found)


def bucket_of_name(typed: str) -> str:
    """The bucket of a name as it was typed, whether or not there is such a person: neither tells the other.

    Too short a part of a hash to give away a password that was typed in the place of the name.
    """
    return "name/" + hashlib.sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()[:_SLOT]


def bucket_of_person(person: str) -> str:
    """A person's own bucket."""
    return f"person/{person}"


OF_NETWORK = "network"
"""The bucket of all names in a network that nobody known came in from."""


def seconds_to_wait(failures: int, last_at: datetime, now: datetime, *, free: int) -> int:
    """How many seconds are left of the wait after `failures` of which the last was at `last_at`; 0 for none."""
    over = failures - free
    if over <= 0:
        return 0
    wait = min(timedelta(seconds=2 ** min(over, _DOUBLED_AT_MOST)), LONGEST)
    left = last_at + wait - now
    return max(0, -(-left // timedelta(seconds=1)))


def failures_now(failures: int, last_at: datetime, now: datetime) -> int:
    """The failures that still count."""
    return 0 if now - last_at >= FORGOTTEN_AFTER else failures
