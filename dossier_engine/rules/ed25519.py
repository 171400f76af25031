"""Ed25519 of RFC 8032, checking only: for the verifier that has nothing but the standard library.

Slow (milliseconds) and not hardened against timing, which checking public signatures does not need. It refuses more
than RFC 8032 must: public keys of small order, under which one signature fits many messages. It compares the encoding
of R, so that R too has one form only.
"""

import hashlib

Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_NEUTRAL: Point = (0, 1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is by the holder of `public`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = _decoded(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= _ORDER or _is_small(key):
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    minus_key = (_P - key[0], key[1], 1, _P - key[3])
    return _encoded(_combined(s, int.from_bytes(challenge, "little") % _ORDER, minus_key)) == signature[:32]


def _add(p: Point, q: Point) -> Point:
    """RFC 8032, 5.1.4; holds for every pair of points, equal ones included."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _combined(s: int, k: int, q: Point) -> Point:
    """[s]B + [k]q, both in one pass over the bits."""
    table = (_NEUTRAL, _BASE, q, _add(_BASE, q))
    found = _NEUTRAL
    for bit in range(_ORDER.bit_length() - 1, -1, -1):
        found = _add(found, found)
        chosen = (s >> bit & 1) + 2 * (k >> bit & 1)
        if chosen:
            found = _add(found, table[chosen])
    return found


def _is_small(p: Point) -> bool:
    for _ in range(3):
        p = _add(p, p)
    return p[0] == 0 and p[1] == p[2]  # [8]p is the neutral point


def _decoded(data: bytes) -> Point | None:
    y, odd = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= _P:
        return None
    # There is always an inverse: -1/d is no square.
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != square or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _encoded(p: Point) -> bytes:
    inverse = pow(p[2], -1, _P)
    x, y = p[0] * inverse % _P, p[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE: Point = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or _NEUTRAL
