"""The column of a territory's path."""

from sqlalchemy import String

# Compared byte by byte whatever the database's locale: a scope is a range of paths.
PATH = String().with_variant(String(collation="C"), "postgresql")

# On SQLite the rows lie in the tree of the primary key itself; otherwise each is written twice, there and in a tree of
# rowids. For rows that are small and found by that key: half the pages that a commit has to bring to the disk.
BY_KEY = {"sqlite_with_rowid": False}
