"""Tokens and secrets: their form is read strictly, and of their scopes nobody has more than their roles give."""

import random
from datetime import timedelta

import pytest

from dossier_engine.errors import BadInput
from dossier_engine.rules.tokens import (
    check_scopes,
    hash_of,
    lifetime,
    new_secret,
    new_token,
    parse_token,
    scopes_of,
)  # fmt: skip

TOKEN = new_token(random.Random(1))


def test_a_token_is_read_back_as_it_was_made():
    assert TOKEN.text.startswith("dsr_")
    assert len(TOKEN.text) == len("dsr_") + 16 + 1 + 43
    assert parse_token(TOKEN.text) == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dsr_",
        TOKEN.text + "\n",
        " " + TOKEN.text,
        TOKEN.text[:-1],
        TOKEN.text + "A",
        TOKEN.text.upper(),
        TOKEN.text.replace("dsr_", "dsx_"),
        TOKEN.text[:-1] + "=",
        TOKEN.text[:-1] + "ạ",
        TOKEN.text.replace("_", "-", 2),
    ],
)
def test_anything_else_is_no_token(text):
    assert parse_token(text) is None


def test_secrets_differ_and_only_their_hash_is_kept():
    rng = random.Random(1)

    made = {new_secret(rng) for _ in range(100)}

    assert len(made) == 100
    assert {len(secret) for secret in made} == {43}
    assert {len(hash_of(secret)) for secret in made} == {32}
    assert len(hash_of("\ud800")) == 32


def test_auditors_look_and_everybody_else_writes():
    assert scopes_of({"auditor"}) == {"read", "audit"}
    assert scopes_of({"auditor", "administrator"}) == {"read", "audit"}
    assert scopes_of({"commune_officer"}) == {"read", "write"}
    assert scopes_of(set()) == {"read", "write"}


@pytest.mark.parametrize(
    ("asked", "roles", "value", "why"),
    [
        ((), {"auditor"}, "", "missing"),
        (("admin",), {"administrator"}, "admin", "unknown_scope"),
        (("read", "audit"), {"administrator"}, "audit", "scope_of_auditors"),
        (("read", "write"), {"auditor"}, "write", "auditors_only_read"),
    ],
)
def test_a_scope_that_the_roles_do_not_have_is_refused(asked, roles, value, why):
    with pytest.raises(BadInput) as refused:
        check_scopes(asked, roles)

    assert refused.value.facts == {"field": "scopes", "value": value, "why": why}


def test_scopes_asked_for_twice_are_given_once():
    assert check_scopes(["read", "read", "write"], {"commune_officer"}) == {"read", "write"}


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_a_token_is_valid_for_a_day_at_least_and_ninety_at_most(days):
    with pytest.raises(BadInput):
        lifetime(days)

    assert (lifetime(1), lifetime(90)) == (timedelta(days=1), timedelta(days=90))
