"""What a kept file is called: as the person called it, made harmless, and as a download tells it to a browser.

The name is shown and sent, never used on a file system of ours: there a file is called by its SHA-256.
"""

import unicodedata
from urllib.parse import quote

LONGEST = 150

# The extensions under which a system opens what a type is; the first is put where a name has none of them. Without
# it a picture called `x.html` would be opened from the disk as a page.
_EXTENSIONS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}
_NAMELESS = "document"
# Control and format characters (those that turn the direction of text are among them), halves of characters, and
# what no version of Unicode has a meaning for; line and paragraph separators break lines.
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_UNRESERVED = "!#$&+-.^_`|~"  # with letters and digits what RFC 8187 lets stand in a value
_D_WITH_STROKE = str.maketrans("đĐ", "dD")


def called(name: str) -> str:
    """`name` in NFC, without control, format and bidirectional characters, at most 150 characters; may be empty."""
    kept = "".join(c for c in name if unicodedata.category(c) not in _REMOVED)
    return " ".join(unicodedata.normalize("NFC", kept).split())[:LONGEST].rstrip()


def download_name(name: str, media_type: str) -> str:
    """The name under which a browser may save the file: no path in it, and an extension that fits its type."""
    safe = "".join("_" if c in _NOT_IN_NAMES else c for c in called(name)).strip(" .") or _NAMELESS
    known = _EXTENSIONS[media_type]
    return safe if safe.lower().endswith(known) else f"{safe}{known[0]}"


def attachment(name: str, media_type: str) -> str:
    """The value of `Content-Disposition` (RFC 6266) for a download; printable ASCII, whatever `name` is."""
    whole = download_name(name, media_type)
    return f"attachment; filename=\"{_ascii(whole)}\"; filename*=UTF-8''{quote(whole, safe=_UNRESERVED)}"


def _ascii(name: str) -> str:
    """For browsers that know the old parameter only: letters without marks; `%` is an escape to some of them."""
    bare = (c for c in unicodedata.normalize("NFD", name.translate(_D_WITH_STROKE)) if not unicodedata.combining(c))
    return "".join(c if c.isascii() and c not in "%;" else "_" for c in bare)
