"""Sessions and tokens in rows, without what lets anybody in."""

from typing import Any

from sqlalchemy import Row as Found

from dossier_engine.shown import Row


def session(found: Found[Any]) -> Row:
    """A session that is not over."""
    return {
        "session": found.id,
        "created_at": found.created_at,
        "seen_at": found.seen_at,
        "has_second_factor": found.second_factor_at is not None,
        "address": found.address,
        "agent": found.agent,
    }


def token(found: Found[Any]) -> Row:
    """A token that is valid."""
    return {
        "token": found.id,
        "handle": found.handle,
        "name": found.name,
        "scopes": found.scopes.split(),
        "created_at": found.created_at,
        "expires_at": found.expires_at,
        "last_used_at": found.last_used_at,
    }
