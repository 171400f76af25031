"""How a stage of the verification ends early: with what it found."""

from dossier_engine.verifier.finding import Finding


class FlawedError(Exception):
    """Nothing after this finding can be looked at."""

    def __init__(self, code: str, detail: str = "", *, stream: str = "", seq: int = 0) -> None:
        super().__init__(code, detail, stream, seq)
        self.finding = Finding(stream, seq, code, detail)
