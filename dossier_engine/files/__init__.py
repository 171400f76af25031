"""Evidence files as they lie on disk: which ones are taken, and the folder that keeps them by their SHA-256."""
