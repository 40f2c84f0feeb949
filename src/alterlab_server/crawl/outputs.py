"""The wire types of `output`: where the results of a crawl are sent besides being kept."""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from alterlab_server.scrape.schemas import MAX_URL_CHARS
from alterlab_server.scrape.schemas.fields import Tolerant

ExportFormat = Literal["jsonl", "json", "csv"]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
# Of S3 and of Google, taken together; neither may lead out of its place in a URL.
BucketName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$")]
_KEY_CHARACTERS = re.compile(r"[\w !'()*.=@&+,:;~$/-]*")
# What a service account's file needs to sign with; the rest would name hosts to talk to.
_ACCOUNT_FIELDS = ("type", "client_email", "private_key", "private_key_id")


class _Credentials(Tolerant):
    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return ()  # no log and no trace shows them


class S3Credentials(_Credentials):
    """Who may write to a bucket of S3."""

    access_key_id: Secret
    secret_access_key: Secret
    session_token: Secret | None = None


class GcsCredentials(_Credentials):
    """Who may write to a bucket of Google Cloud Storage: the JSON file of a service account, as text or as object."""

    service_account_json: Annotated[str, StringConstraints(min_length=2, max_length=16_384)]

    @field_validator("service_account_json", mode="before")
    @classmethod
    def _usable(cls, value: Any) -> str:
        try:
            account = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            account = None
        if not isinstance(account, dict) or not all(isinstance(account.get(name), str) for name in _ACCOUNT_FIELDS):
            raise ValueError(f"must be a service account's JSON file, with {', '.join(_ACCOUNT_FIELDS)}")
        return json.dumps({name: account[name] for name in _ACCOUNT_FIELDS})


class _BucketOutput(Tolerant):
    bucket: BucketName
    prefix: str = Field("", max_length=500, description="begins the name of every object")
    format: ExportFormat = Field(
        "jsonl",
        description="json: an object for each page, as it ends; jsonl, csv: one for the crawl, rewritten as it grows",
    )
    endpoint: str | None = Field(None, max_length=MAX_URL_CHARS, description="where the store stands, if not there")

    @field_validator("prefix")
    @classmethod
    def _folder(cls, value: str) -> str:
        parts = [part for part in value.split("/") if part]
        if ".." in parts or "." in parts or not _KEY_CHARACTERS.fullmatch(value):
            raise ValueError("may have letters, digits, slashes and plain punctuation, and no . or .. between slashes")
        return "/".join(parts)


class S3Output(_BucketOutput):
    """Results go to a bucket of S3, or of what speaks its protocol at `endpoint`."""

    type: Literal["s3"]
    region: str = Field("us-east-1", pattern="^[a-z0-9-]{2,40}$")
    credentials: S3Credentials


class GcsOutput(_BucketOutput):
    """Results go to a bucket of Google Cloud Storage."""

    type: Literal["gcs"]
    credentials: GcsCredentials


class StreamOutput(Tolerant):
    """Each page is sent to a webhook as it ends."""

    type: Literal["webhook_stream"]
    url: str = Field(max_length=MAX_URL_CHARS)
    secret: str | None = Field(None, min_length=1, max_length=500, repr=False)


Output = Annotated[S3Output | GcsOutput | StreamOutput, Field(discriminator="type")]
