"""How much goes in and comes out."""

from collections.abc import Mapping
from typing import Any

# The API's cap on what is read for content, and ours on what one format may give.
INPUT_BYTES = 2 * 1024 * 1024
OUTPUT_CHARACTERS = 2_000_000


def cut_input(text: str) -> tuple[str, Mapping[str, Any] | None]:
    """The part of a decoded body that is read, with the API's note on what was left out."""
    if len(text) * 4 <= INPUT_BYTES or (size := len(text.encode("utf-8", "replace"))) <= INPUT_BYTES:
        return text, None
    cut = text.encode("utf-8", "replace")[:INPUT_BYTES].decode("utf-8", "ignore")
    return cut, _note(INPUT_BYTES, size, "readability_input_cap")


def cut_output(text: str) -> tuple[str, Mapping[str, Any] | None]:
    """A format's text up to the cap, ended at a line where there is one close by, with the API's note."""
    if len(text) <= OUTPUT_CHARACTERS:
        return text, None
    end = text.rfind("\n", OUTPUT_CHARACTERS - 2_000, OUTPUT_CHARACTERS)
    cut = text[: end if end > 0 else OUTPUT_CHARACTERS]
    return cut, _note(len(cut.encode()), len(text.encode()), "readability_output_cap")


def _note(at: int, size: int, reason: str) -> dict[str, Any]:
    return {"truncated": True, "truncated_at_bytes": at, "original_size_bytes": size, "truncation_reason": reason}
