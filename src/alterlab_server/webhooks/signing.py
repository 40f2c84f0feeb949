"""Signatures of deliveries: the two schemes of the spec, and that of standardwebhooks.com beside them."""

import base64
import hashlib
import hmac
import string

from alterlab_server.base.clock import new_token

SECRET_PREFIX = "whsec_"  # noqa: S105  # what every secret begins with, not one
# 44 letters and digits are valid base64, of 33 bytes: standardwebhooks decodes the secret to get its key.
_SECRET_LENGTH = 44


def new_secret() -> str:
    """A fresh signing secret."""
    return SECRET_PREFIX + new_token(string.ascii_letters + string.digits, _SECRET_LENGTH)


def signature_headers(secret: str | None, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that tell a receiver which message this is and, when there is a secret, that it is genuine.

    `timestamp` is in unix seconds. A secret that is no base64 gives no `webhook-signature`: no receiver could check it.
    """
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    if not secret:
        return headers
    key = secret.encode()
    headers["X-AlterLab-Signature"] = f"sha256={_hex(key, body)}"
    headers["X-Webhook-Timestamp"] = str(timestamp)
    headers["X-Webhook-Signature"] = f"sha256={_hex(key, f'{timestamp}.'.encode() + body)}"
    standard_key = _standard_key(secret)
    if standard_key:
        signed = hmac.digest(standard_key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
        headers["webhook-signature"] = f"v1,{base64.b64encode(signed).decode()}"
    return headers


def _hex(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, hashlib.sha256).hex()


def _standard_key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return None
