"""Object stores of callers: S3, whatever speaks its protocol, and Google Cloud Storage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from obstore.store import GCSStore, S3Store

from alterlab_server.blobs.errors import translated
from alterlab_server.blobs.store import BlobStore

if TYPE_CHECKING:  # types that obstore has for type checkers alone
    from obstore.store import ClientConfig, GCSConfig, RetryConfig, S3Config

_RETRY: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=60)}
_REQUEST_SECONDS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and who may write to it.

    `credentials` are those of S3 (access_key_id, secret_access_key, perhaps session_token), or of Google
    (service_account_json); `endpoint` is where a store stands that is not the vendor's own.
    """

    type: Literal["s3", "gcs"]
    name: str
    credentials: Mapping[str, str] = field(repr=False)
    region: str = "us-east-1"
    endpoint: str | None = None


def open_bucket(bucket: Bucket, proxy_url: str | None = None, authorities: bytes | None = None) -> BlobStore:
    """The bucket, reached through a proxy where one is given; `authorities` (PEM) are trusted besides the usual ones.

    obstore completes what is missing from the environment of this process: it must hold no credentials of the
    operator's (`app.settings.forget_cloud_variables`). Raises BlobError for credentials that are malformed.
    """
    client: ClientConfig = {"allow_http": True, "timeout": _REQUEST_SECONDS}
    if proxy_url is not None:
        client["proxy_url"] = proxy_url
    if authorities is not None:
        client["root_certificate"] = authorities
    with translated():
        if bucket.type == "gcs":
            google: GCSConfig = {"service_account_key": bucket.credentials["service_account_json"]}
            if bucket.endpoint is not None:
                google["base_url"] = bucket.endpoint
            return BlobStore(GCSStore(bucket.name, config=google, client_options=client, retry_config=_RETRY))
        amazon: S3Config = {"region": bucket.region, **_s3_credentials(bucket.credentials)}
        if bucket.endpoint is not None:
            amazon["endpoint"] = bucket.endpoint
        return BlobStore(S3Store(bucket.name, config=amazon, client_options=client, retry_config=_RETRY))


def _s3_credentials(given: Mapping[str, str]) -> "S3Config":
    config: S3Config = {"access_key_id": given["access_key_id"], "secret_access_key": given["secret_access_key"]}
    if "session_token" in given:
        config["session_token"] = given["session_token"]
    return config
