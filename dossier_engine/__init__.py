"""The dossier engine: recognition dossiers as state machines with a verifiable history."""
