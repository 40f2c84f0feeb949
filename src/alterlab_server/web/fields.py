"""Fields that are kept as the caller gave them: what the store can hold, and nothing else."""

from typing import Annotated, Any

import orjson
from pydantic import AfterValidator


def _storable_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("it must not hold a NUL character")
    return text


def _storable_json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        text = orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise ValueError("it is nested too deeply, or holds a number beyond 64 bits or a broken character") from None
    if b"\\u0000" in text.replace(b"\\\\", b""):
        raise ValueError("it must not hold a NUL character")
    return value


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("it must not be blank")
    return name.strip()


StorableText = Annotated[str, AfterValidator(_storable_text)]
StorableJson = Annotated[dict[str, Any], AfterValidator(_storable_json)]
Name = Annotated[StorableText, AfterValidator(_named)]
