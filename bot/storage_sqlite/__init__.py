"""The Store on SQLite, the embedded default: one file, one writer, everything sealed.

`file` is the database's file, `writer` the thread that writes, `store` the Store, `opening` lets a
program in, and `survey` looks from outside.
"""

from bot.storage_sqlite.file import KEPT, backup
from bot.storage_sqlite.opening import ledger_beside, open_store, rotate_key, wipe
from bot.storage_sqlite.store import SqliteStore
from bot.storage_sqlite.survey import SQLITE_VERSION, Survey, held_by, survey

__all__ = [
    "KEPT",
    "SQLITE_VERSION",
    "SqliteStore",
    "Survey",
    "backup",
    "held_by",
    "ledger_beside",
    "open_store",
    "rotate_key",
    "survey",
    "wipe",
]
