"""The items, in our words, and what keeps each; `open` says why nothing here proves one yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """Some requirements of the standard that one control answers."""

    requirements: tuple[str, ...]
    asked: str
    control: str
    open: str = ""


ITEMS = (
    Item(
        ("V1.2.1",), "Output is encoded for where it stands", "the manual escapes whatever it shows; all else is JSON"
    ),
    Item(("V1.2.4",), "Queries take parameters", "SQLAlchemy Core; no text of a request becomes SQL"),
    Item(("V1.2.10",), "No formula in what a spreadsheet opens", "cells that would be one are text"),
    Item(
        ("V1.3.6",),
        "The server asks only whom it should",
        "webhooks go to named hosts, at judged addresses",
    ),
    Item(("V1.3.7",), "No templates by users that can do anything", "`$field` of a fixed list, checked when set"),
    Item(("V1.3.11",), "No mail headers from data", "addresses and subjects cannot end a header"),
    Item(("V1.5.1", "V1.5.2"), "No entities, no objects out of data", "no DOCTYPE, no YAML aliases or tags, JSON only"),
    Item(("V2.2.1", "V2.2.2"), "What comes in is what was described", "shapes that take nothing else, on the server"),
    Item(("V2.3.1",), "Steps in their order only", "one machine a definition, every requirement asked"),
    Item(("V2.3.3",), "All or nothing", "one transaction, killed at any point"),
    Item(("V2.3.4", "V15.4.2"), "Two at once do not pass each other", "locks, versions, unique keys"),
    Item(("V2.3.5",), "What takes two people takes two", "separation of duties under a unique constraint"),
    Item(("V2.4.1",), "Nobody asks without end", "so many requests a minute for each sender and address"),
    Item(("V3.3.1", "V3.3.2", "V3.3.3", "V3.3.4"), "Cookies for us alone", "`__Host-`, Secure, HttpOnly, SameSite=Lax"),
    Item(("V3.4.1",), "Only over TLS, for a year", "Strict-Transport-Security on every answer"),
    Item(("V3.4.3",), "A policy for what a page may load", "Content-Security-Policy without inline script or style"),
    Item(
        ("V3.4.4", "V3.4.5", "V3.4.6"),
        "No sniffing, no referrer, no frames",
        "headers on every answer, files and failures",
    ),
    Item(
        ("V3.5.1", "V3.5.3"), "Other sites cannot act for a person", "Sec-Fetch-Site, Origin, or the session's own word"
    ),
    Item(("V4.1.3",), "Proxies are believed only if named", "DOSSIER_TRUSTED_PROXIES"),
    Item(("V5.2.1", "V5.2.2", "V5.2.3"), "Files of known size, type and unpacked size", "judged while they are read"),
    Item(("V5.3.2",), "No path from a name", "files are kept by their SHA-256"),
    Item(("V5.4.1", "V5.4.2"), "Names in answers cannot break out", "RFC 6266, attachments only"),
    Item(("V5.4.3",), "Files are searched for viruses", "", "no scanner is called; an office runs its own"),
    Item(
        ("V6.2.1", "V6.2.2", "V6.2.3", "V6.2.4", "V6.2.5", "V6.2.8", "V6.2.9", "V6.2.11", "V6.2.12"),
        "Passwords that cannot be guessed",
        "12 to 128 characters, never a name, an office or a common one; no rules of composition",
    ),
    Item(("V6.3.1", "V6.3.8"), "Guessing is slow, and locks nobody out", "counted for each account and network"),
    Item(("V6.3.3",), "A second factor for who decides", "TOTP for appraisers, clerks and administrators"),
    Item(("V6.5.1",), "A code counts once", "the last step is kept, compared and swapped"),
    Item(("V7.2.3", "V7.2.4"), "A session is a long secret, new each time", "256 bits, only a hash is kept"),
    Item(
        ("V7.3.1", "V7.3.2", "V7.4.1", "V7.4.2", "V7.4.3"), "What is signed out is out", "sessions live on the server"
    ),
    Item(("V8.1.1",), "Who may what is written down", "one table of expectations for every route and role"),
    Item(("V8.2.1",), "Every function asks for its role", "every route with every role"),
    Item(("V8.2.2", "V8.4.1"), "Every thing asks for its territory", "every route in own and foreign territories"),
    Item(("V8.2.3", "V15.3.1", "V15.3.3"), "Every field is named", "shapes apart from tables, both ways"),
    Item(("V8.3.2",), "What is taken away is gone at once", "appointments are read with each request"),
    Item(("V10.1.2", "V10.5.1"), "Sign-in through another house", "", "not offered; local accounts only"),
    Item(("V11.2.2", "V11.4.2"), "Passwords hashed slowly, and anew", "argon2id, hashed again when parameters change"),
    Item(
        ("V13.2.2", "V13.3.1"), "No more rights than needed", "the application's role; key files for their owner alone"
    ),
    Item(("V13.4.2", "V13.4.5"), "No debug, nothing served by accident", "a list of every route"),
    Item(
        ("V16.2.1", "V16.2.5", "V16.3.2", "V16.4.1"),
        "Logs that say who and what, and no secret",
        "one line a request; reads noted",
    ),
    Item(("V16.5.1", "V16.5.2", "V16.5.3"), "Failures deny and tell nothing", "a number, and no more"),
)
