"""Notes that others made, and the keys that signed them."""

from pathlib import Path

_NOTES = Path(__file__).parent / "data"

# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_NOTE = (_NOTES / "go.note").read_bytes()
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

# The examples of C2SP signed-note and tlog-cosignature. Their keys are not published.
EXAMPLES = [(_NOTES / "signed-note.note").read_bytes(), (_NOTES / "tlog-cosignature.note").read_bytes()]

# A checkpoint of the Certificate Transparency log arche2025h1 (staging), as the log and its witnesses published it. Its
# first signature is of a type that we do not check.
OBSERVED = (_NOTES / "arche2025h1.note").read_bytes()
OBSERVED_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
OBSERVED_WITNESSES = [
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]
