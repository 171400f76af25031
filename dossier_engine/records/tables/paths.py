"""The column of a territory's path."""

from sqlalchemy import String

# Compared byte by byte whatever the database's locale: a scope is a range of paths.
PATH = String().with_variant(String(collation="C"), "postgresql")
