"""`HUONG-DAN-KIEM-TRA.txt`: how somebody who trusts nobody here checks the bundle."""

from dossier_engine.catalogue import Catalogue

_PARTS = ("guide.need", "guide.first", "guide.second", "guide.third", "guide.policy")


def guide(words: Catalogue) -> bytes:
    """The file, as the plainest editor of an old Windows opens it: with a byte order mark and its line ends."""
    parts = [words.say("guide.title"), words.say("guide.what").strip()]
    parts += [f"{words.say(f'{part}_title')}\n{words.say(part).rstrip()}" for part in _PARTS]
    text = "\n\n".join(parts) + "\n"
    return ("\ufeff" + text.replace("\n", "\r\n")).encode()
