"""The types of single fields: enumerations, headers, cookies, schemas."""

import re
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from alterlab_server.web.fields import StorableJson

Mode = Literal["auto", "html", "js", "pdf", "ocr"]
Format = Literal["text", "json", "json_v2", "html", "markdown", "rag", "content", "raw"]
TierName = Literal["1", "2", "3", "3.5", "4", "5"]
WaitCondition = Literal["domcontentloaded", "networkidle", "load"]
Provider = Literal["openai", "anthropic", "openrouter", "groq"]
Profile = Literal[
    "auto",
    "product",
    "article",
    "job_posting",
    "faq",
    "recipe",
    "event",
    "ecommerce_homepage",
    "directory_listing",
]

MAX_URL_CHARS = 8192
MAX_RESPONSE_BYTES = 52_428_800
MAX_HEADERS = 50
MAX_HEADERS_BYTES = 32_768
MAX_HEADER_VALUE = 8192
# What belongs to the connection, not to the caller (RFC 9110, section 7.6.1).
_FORBIDDEN_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
MAX_COOKIES = 100
MAX_SCHEMA_BYTES = 65_536
# What would end a cookie, or the header it stands in (RFC 6265, section 4.1.1, but spaces and commas are in use).
_COOKIE_NAME = re.compile(r"[^\x00-\x20\x7f;,=]+")
_COOKIE_VALUE = re.compile(r"[^\x00-\x1f\x7f;]*")
DEFAULT_FORMATS: tuple[Format, ...] = ("markdown", "json")
# What clients read that know no other formats.
ALL_TEXTS: tuple[Format, ...] = ("text", "html", "json", "markdown")
# Names that older clients use for a tier, in the order of the tiers.
_TIER_WORDS = {"curl": "1", "http": "2", "stealth": "3", "lightjs": "3.5", "browser": "4", "captcha": "5"}

_RESOURCE_WORDS = {"css": "stylesheet", "js": "script"}


def _tier_name(value: object) -> object:
    """4, 4.0, "4" and "browser" all mean tier "4"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    if isinstance(value, str):
        return _TIER_WORDS.get(value.strip().lower(), value.strip().removesuffix(".0"))
    return value


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name[:64]!r} is no header name")
        if name.lower() in _FORBIDDEN_HEADERS:
            raise ValueError(f"the header {name} cannot be set; it belongs to the connection")
        if len(value) > MAX_HEADER_VALUE or any(ord(c) < 32 and c != "\t" for c in value):
            raise ValueError(f"the value of {name} has control characters, or more than {MAX_HEADER_VALUE}")
    if sum(len(name) + len(value.encode()) for name, value in headers.items()) > MAX_HEADERS_BYTES:
        raise ValueError(f"headers are above {MAX_HEADERS_BYTES} bytes in all")
    return headers


def _from_header(cookies: object) -> object:
    """Cookies as the header writes them, `name=value; other=value`, are the same as an object."""
    if not isinstance(cookies, str):
        return cookies
    pairs = (pair.strip().partition("=") for pair in cookies.split(";") if pair.strip())
    return {name: value for name, _, value in pairs}


def _settable(cookies: dict[str, str]) -> dict[str, str]:
    for name, value in cookies.items():
        if not _COOKIE_NAME.fullmatch(name):
            raise ValueError(f"{name[:64]!r} is no cookie name")
        if not _COOKIE_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name[:64]!r} has a semicolon or control characters")
    return cookies


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    if len(orjson.dumps(schema)) > MAX_SCHEMA_BYTES:
        raise ValueError(f"the schema is above {MAX_SCHEMA_BYTES} bytes")
    return schema


def at_fault(field: str, problem: str) -> PydanticCustomError:
    """The error of a check of several fields, which names the one at fault."""
    return PydanticCustomError("inconsistent", "{problem}", {"field": field, "problem": problem})


def _resource_name(value: object) -> object:
    """`images` and `image` mean the same, and so do `css` and `stylesheet`."""
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    return _RESOURCE_WORDS.get(word, word.removesuffix("s"))


Tier = Annotated[TierName, BeforeValidator(_tier_name)]
Resource = Annotated[Literal["image", "stylesheet", "font", "media", "script"], BeforeValidator(_resource_name)]
# The first fault is enough: a body may hold a hundred thousand, and the length is looked at behind them.
_Words = Annotated[dict[str, str], Field(fail_fast=True)]
Headers = Annotated[_Words, Field(max_length=MAX_HEADERS), AfterValidator(_sendable)]
Cookies = Annotated[_Words, BeforeValidator(_from_header), Field(max_length=MAX_COOKIES), AfterValidator(_settable)]
Schema = Annotated[StorableJson, AfterValidator(_bounded)]


class Tolerant(BaseModel):
    """Unknown fields are ignored, and a null means that the field was not given: clients send both."""

    # What a caller sent can be a secret, and an error goes into the log.
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data

    def gives(self, path: str) -> bool:
        """Whether a field, such as `advanced.screenshot`, is other than its default."""
        owner, _, name = path.rpartition(".")
        holder = getattr(self, owner) if owner else self
        return bool(getattr(holder, name) != type(holder).model_fields[name].default)
