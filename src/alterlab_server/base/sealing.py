"""Secrets at rest: AES-256-GCM with a key of the operator's, and older keys that can still open (rotation)."""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class CannotOpenError(ValueError):
    """The sealed bytes were changed, or sealed with a key or for a purpose that is not given."""


class Sealer:
    """Seals with the first key, opens with any of them.

    A sealed value is the key's id (4 bytes), a nonce (12 bytes) and the ciphertext with its tag. `purpose` is bound
    to the value: what was sealed for one purpose cannot be opened for another.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a sealing key has {KEY_BYTES} bytes")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Encrypt `plain`."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt; raises CannotOpenError."""
        cipher = self._ciphers.get(sealed[:_KEY_ID_BYTES])
        nonce = sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        if cipher is None or len(nonce) < _NONCE_BYTES:
            raise CannotOpenError("sealed with a key that is not configured")
        try:
            return cipher.decrypt(nonce, sealed[_KEY_ID_BYTES + _NONCE_BYTES :], purpose.encode())
        except InvalidTag as error:
            raise CannotOpenError("changed, or sealed for another purpose") from error


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"alterlab key id" + key).digest()[:_KEY_ID_BYTES]
