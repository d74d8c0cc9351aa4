"""Answers at rest: sealed, opened, and moved from one master key to the next.

The law of this room: nothing that a person said, and no chat id, leaves it in the clear. Every
session has a data key of its own; the data key is wrapped, together with the chat id, by a master
key that lives in a file outside the database's folder. Destroying the wrapped key destroys the
session. AES-256-GCM throughout; the additional data binds a ciphertext to its table, row and
version, so that one row's content cannot be passed off as another's.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
CHAT_BYTES = 8
ID_BYTES = 8
LONGEST_KEY_FILE = 65_536
MAGIC = "lmn-bot-key"
HEADER = """\
# The key of lmn-bot's database. Whoever has this file and the database can read what people said.
# Without it nobody can, you included: keep a copy, apart from copies of the database.
# The first key is in use. Others are being retired; `lmn-bot rotate-key` finishes that.
"""


class KeyFileError(Exception):
    """The key file cannot be used; the text says where, what, and what to try."""


class Unreadable(Exception):
    """Something sealed does not open: it is damaged, or was sealed for another place or key."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key and what is derived from it; its secret never shows in a ``repr``."""

    secret: bytes = field(repr=False)
    made: str
    id: bytes = field(init=False)
    """A fingerprint. The database remembers it and so recognizes a wrong key."""
    _wrapping: bytes = field(init=False, repr=False)
    _lookup: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        object.__setattr__(self, "id", self._derive("id", ID_BYTES))
        object.__setattr__(self, "_wrapping", self._derive("wrapping", KEY_BYTES))
        object.__setattr__(self, "_lookup", self._derive("lookup", KEY_BYTES))

    @classmethod
    def new(cls) -> MasterKey:
        """A fresh random key, made today."""
        return cls(secrets.token_bytes(KEY_BYTES), datetime.now(UTC).date().isoformat())

    def lookup(self, chat: int) -> bytes:
        """The keyed hash by which a chat's row is found (HMAC-SHA256)."""
        return hmac.digest(self._lookup, _chat_bytes(chat), sha256)

    def wrap(self, data_key: bytes, chat: int, row: bytes) -> bytes:
        """A session's data key and chat id, sealed for one row."""
        return _seal(self._wrapping, data_key + _chat_bytes(chat), self._place(row))

    def unwrap(self, wrapped: bytes, row: bytes) -> tuple[bytes, int]:
        """The data key and chat id that ``wrap`` sealed. Raises ``Unreadable``."""
        plain = _open(self._wrapping, wrapped, self._place(row))
        return plain[:KEY_BYTES], int.from_bytes(plain[KEY_BYTES:], "big", signed=True)

    def _place(self, row: bytes) -> bytes:
        return f"data key:{row.hex()}:{self.id.hex()}".encode()

    def _derive(self, purpose: str, length: int) -> bytes:
        info = f"lmn-bot {purpose}".encode()
        return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(self.secret)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one key file; the first is in use, others are being retired."""

    keys: tuple[MasterKey, ...]

    @property
    def current(self) -> MasterKey:
        """The key that new sessions are wrapped with."""
        return self.keys[0]

    @property
    def ids(self) -> frozenset[bytes]:
        """The fingerprints of all keys."""
        return frozenset(key.id for key in self.keys)

    def lookups(self, chat: int) -> tuple[bytes, ...]:
        """Every hash under which a chat's row may stand while a rotation is under way."""
        return tuple(key.lookup(chat) for key in self.keys)

    def unwrap(self, key_id: bytes, wrapped: bytes, row: bytes) -> tuple[bytes, int]:
        """The data key and chat id of a row. Raises ``Unreadable``."""
        for key in self.keys:
            if key.id == key_id:
                return key.unwrap(wrapped, row)
        raise Unreadable("the master key of this row is gone")

    def to_text(self) -> str:
        """This ring as a key file's text."""
        lines = (
            f"{MAGIC} {key.made} {base64.urlsafe_b64encode(key.secret).decode()}"
            for key in self.keys
        )
        return HEADER + "".join(f"{line}\n" for line in lines)

    @staticmethod
    def from_text(text: str, where: str) -> KeyRing:
        """The ring that ``to_text`` wrote. Raises ``KeyFileError``, which never quotes the text."""
        keys = tuple(
            _read_line(line, f"{where}:{number}")
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.startswith("#")
        )
        if not keys:
            raise KeyFileError(f"{where}: there is no key in this file. {_PUT_BACK}")
        if len({key.id for key in keys}) < len(keys):
            raise KeyFileError(f"{where}: a key stands in this file twice. {_PUT_BACK}")
        return KeyRing(keys)


_PUT_BACK = "Put the copy back that you kept of the key file."


def new_data_key() -> bytes:
    """A fresh random key for one session."""
    return secrets.token_bytes(KEY_BYTES)


def seal(data_key: bytes, plain: bytes, *, table: str, row: bytes, version: int) -> bytes:
    """Seal content for one place: a table, a row, and the row's version."""
    return _seal(data_key, plain, _address(table, row, version))


def unseal(data_key: bytes, sealed: bytes, *, table: str, row: bytes, version: int) -> bytes:
    """The content that ``seal`` sealed for this very place. Raises ``Unreadable``."""
    return _open(data_key, sealed, _address(table, row, version))


# --- the key file --------------------------------------------------------------------------


def read_key_file(path: Path) -> KeyRing:
    """The keys in a file that only its owner may read. Raises ``KeyFileError``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise KeyFileError(f"{path}: this is not a file. Name the key file itself.")
            if mode & 0o077:
                raise KeyFileError(
                    f"{path}: others on this machine may read the key. Run: chmod 600 {path}"
                )
            content = file.read(LONGEST_KEY_FILE)
    except OSError as error:
        raise KeyFileError(f"{path}: the key cannot be read ({error.strerror}).") from error
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        raise KeyFileError(f"{path}: this is not a key file. {_PUT_BACK}") from None
    return KeyRing.from_text(text, str(path))


def create_key_file(path: Path) -> KeyRing:
    """Make a new key in a new file, mode 0600. Raises ``KeyFileError``; never overwrites."""
    ring = KeyRing((MasterKey.new(),))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # First the whole content, then the name: a crash never leaves half a key under it.
        with _written(path, ring.to_text()) as draft:
            os.link(draft, path)
    except OSError as error:
        raise KeyFileError(f"{path}: the key cannot be made ({error.strerror}).") from error
    return ring


def replace_key_file(path: Path, ring: KeyRing) -> None:
    """Write other keys to an existing key file, all or nothing. Raises ``KeyFileError``."""
    try:
        with _written(path, ring.to_text()) as draft:
            draft.replace(path)
    except OSError as error:
        raise KeyFileError(f"{path}: the key cannot be written ({error.strerror}).") from error


def destroy_key_file(path: Path) -> None:
    """Overwrite a key file and remove it. Raises ``KeyFileError``."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * os.fstat(file.fileno()).st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise KeyFileError(f"{path}: the key cannot be removed ({error.strerror}).") from error


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable: without this a crash may undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    """A draft beside ``path``, mode 0600, durable; it is gone afterwards, unless it was renamed."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _read_line(line: str, where: str) -> MasterKey:
    parts = line.split()
    if len(parts) != 3 or parts[0] != MAGIC:
        raise KeyFileError(f"{where}: this is not a line of a key file. {_PUT_BACK}")
    try:
        return MasterKey(base64.b64decode(parts[2], altchars=b"-_", validate=True), parts[1])
    except (ValueError, binascii.Error):
        raise KeyFileError(f"{where}: this key is damaged. {_PUT_BACK}") from None


# --- AES-256-GCM ---------------------------------------------------------------------------


def _seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise Unreadable("it is damaged, or was sealed for another place") from None


def _address(table: str, row: bytes, version: int) -> bytes:
    return f"{table}:{row.hex()}:{version}".encode()


def _chat_bytes(chat: int) -> bytes:
    return chat.to_bytes(CHAT_BYTES, "big", signed=True)
