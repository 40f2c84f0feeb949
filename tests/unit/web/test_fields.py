from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from alterlab_server.web.fields import StorableJson, StorableText

TEXT = TypeAdapter(StorableText)
JSON = TypeAdapter(StorableJson)


def nested(levels: int) -> dict[str, Any]:
    return {"a": nested(levels - 1)} if levels else {}


@pytest.mark.parametrize("value", [{"a": [1, None, "é"]}, {"a": "\\u0000"}, {"a": 2**63}, nested(100)])
def test_what_the_store_can_hold_stays_as_it_is(value: dict[str, Any]) -> None:
    assert JSON.validate_python(value) == value


@pytest.mark.parametrize(
    "value", [{"a": "\0"}, {"a\0": 1}, {"a": "\\\0"}, {"a": 10**30}, {"a": "\ud800"}, {"\ud800": 1}, nested(400)]
)
def test_what_it_cannot_hold_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        JSON.validate_python(value)


def test_text_has_no_nul() -> None:
    assert TEXT.validate_python("a") == "a"
    with pytest.raises(ValidationError, match="NUL"):
        TEXT.validate_python("a\0")
