"""Codes of a second factor (TOTP, RFC 6238): six digits, a step of thirty seconds, each step good for one code once."""

import base64
import hmac
import random
import re
from datetime import datetime

import pyotp

ISSUER = "Dossier engine"

_CODE = re.compile(r"[0-9]{6}")
_SECRET_BYTES = 20  # as long as the SHA-1 that the phones' programs all know
_STEPS_OFF = (0, -1, 1)  # a phone's clock may be half a minute off, and somebody types for a while


def new_secret(rng: random.Random) -> str:
    """A secret nobody has yet, as phones take it."""
    return base64.b32encode(rng.randbytes(_SECRET_BYTES)).decode()


def address_of(secret: str, handle: str) -> str:
    """The `otpauth:` address that a phone reads as a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=handle, issuer_name=ISSUER)


def step_of(secret: str, typed: str, *, now: datetime, after: int) -> int | None:
    """The step whose code was typed, if it is near `now` and later than `after`, the last one used; None if not."""
    code = "".join(typed.split())
    if _CODE.fullmatch(code) is None:
        return None
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    near = (present + off for off in _STEPS_OFF)
    return next((step for step in near if step > after and hmac.compare_digest(totp.generate_otp(step), code)), None)
