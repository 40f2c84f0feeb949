"""Fields that are kept as the caller gave them: what the store can hold, and nothing else."""

from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BeforeValidator
from pydantic.json_schema import SkipJsonSchema


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


def _refused(instead: str) -> BeforeValidator:
    def refuse(value: Any) -> None:
        if value is not None:
            raise ValueError(instead)

    return BeforeValidator(refuse)


StorableText = Annotated[str, AfterValidator(_storable_text)]
StorableJson = Annotated[dict[str, Any], AfterValidator(_storable_json)]
Name = Annotated[StorableText, AfterValidator(_named)]
# Fields that are none here, though it would matter to who gives them that they are ignored.
NoSecret = Annotated[
    SkipJsonSchema[None],
    _refused(
        "the server makes it: the answer to POST /user-webhooks has it, and POST …/{id}/rotate-secret makes another"
    ),
]
NoWebhook = Annotated[SkipJsonSchema[None], _refused("is a field of crawls; here give `webhook_url`")]
