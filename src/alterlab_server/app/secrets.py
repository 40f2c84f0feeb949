"""The key that seals secrets: from the settings, else one that is made once in the data folder."""

import os
import secrets
from pathlib import Path

from alterlab_server.app.settings import Settings
from alterlab_server.base.sealing import KEY_BYTES, Sealer

FILE_NAME = "secret.key"


def make_sealer(settings: Settings) -> Sealer:
    """The sealer of this installation. Raises ValueError when a configured key is not 64 hex digits."""
    if settings.secret_key is not None:
        texts = settings.secret_key.get_secret_value().split(",")
        return Sealer([bytes.fromhex(text.strip()) for text in texts])
    return Sealer([_key_in(settings.data)])


def _key_in(folder: Path) -> bytes:
    """The key of the data folder, made readable to its owner only; of two processes that make it, one wins."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    draft = folder / f".{FILE_NAME}.{os.getpid()}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its key is the one
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text().strip())
