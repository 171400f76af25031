"""Checks an exported bundle with no network, no database and no trust in the server it came from."""
