"""Keep the PO files in step with the flows' English texts."""

from __future__ import annotations

from collections.abc import Mapping

from bot.translations import Entry, read_po, write_po


def updated(english: Mapping[str, str], text: str, path: str, language: str) -> str:
    """The PO file with every text the flows now have, in the flows' order.

    A translation of a text that has changed is kept, marked fuzzy, until somebody renews it; one
    that no flow has any more is dropped.
    """
    old = {entry.context: entry for entry in read_po(text, path)[0]} if text else {}
    entries = []
    for context, words in english.items():
        before = old.get(context)
        if before is None:
            entries.append(Entry(context, words, "", False, 0))
        else:
            stale = before.english != words
            entries.append(
                Entry(context, words, before.translated, before.fuzzy or stale, before.line)
            )
    return write_po(entries, language)
