"""All settings, and the only place that reads the environment. docs/settings.md lists them; a test holds it true."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alterlab_server.accounts.keys import require_key

Network = IPv4Network | IPv6Network
_CLOUD_PREFIXES = ("AWS_", "GOOGLE_", "AZURE_", "OBJECT_STORE_")


def _default_data_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/alterlab")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "alterlab"


def _comma_separated(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_separated)]


def forget_cloud_variables() -> None:
    """Remove the cloud vendors' variables from this process, once its own object store is open.

    obstore completes every store that it opens from them: a caller's would be given the operator's credentials.
    """
    for name in [name for name in os.environ if name.startswith(_CLOUD_PREFIXES)]:
        del os.environ[name]


class Settings(BaseSettings):
    """One value for a whole process. Each field's environment name is ALTERLAB_ and its name, unless it says other."""

    model_config = SettingsConfigDict(env_prefix="ALTERLAB_", populate_by_name=True, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the API listens on.")
    public_url: str | None = Field(None, description="Address under which clients reach the API, for links in answers.")
    forwarded_allow_ips: str = Field("127.0.0.1", description="Proxies whose X-Forwarded headers are believed.")
    data: Path = Field(
        default_factory=_default_data_folder,
        description="Data folder; by default /var/lib/alterlab for root, else ~/.local/share/alterlab.",
    )
    database_url: str | None = Field(
        None, validation_alias="DATABASE_URL", description="PostgreSQL to use instead of the embedded one."
    )
    allow_networks: CommaSeparated = Field(
        (), description="Networks in CIDR form that egress may reach besides the public ones, comma-separated."
    )
    ca_file: Path | None = Field(None, description="PEM file of certificate authorities trusted besides the system's.")
    user_agent: str | None = Field(
        None, description="What tier 1 calls itself; the other tiers say they are a browser."
    )
    bootstrap_api_key: SecretStr | None = Field(
        None, description="API key of the first account, instead of a random one that is printed once."
    )
    bootstrap_balance: int = Field(1000, ge=0, description="Dollars on the first account.")
    secret_key: SecretStr | None = Field(
        None,
        description="Keys that seal secrets at rest, 64 hex digits each, comma-separated: the first seals, all open. "
        "By default one is made in the data folder.",
    )
    workers: int = Field(1, ge=1, le=64, description="Worker processes of `alterlab serve`.")
    concurrency: int = Field(
        64,
        ge=2,
        le=1000,
        description="Jobs that one worker process runs at a time, and as many items of batches besides.",
    )
    extraction_processes: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1),
        ge=1,
        le=64,
        description="Extraction processes of one worker, and a quarter more; by default one a core, at most 4.",
    )
    pool_size: int = Field(20, ge=2, le=200, description="Database connections of one process.")
    blobs_url: str | None = Field(
        None,
        description="Object store for screenshots, PDFs and exports, such as s3://bucket/a; else the data folder.",
    )
    chromium: str | None = Field(None, description="Path of the browser, when it is not found by its usual names.")
    browser_contexts: int = Field(
        8, ge=1, le=64, description="Pages that one worker's browser renders at a time, and a quarter more."
    )
    captcha_url: str = Field(
        "https://api.2captcha.com", description="Solver of CAPTCHAs that speaks createTask and getTaskResult."
    )
    captcha_key: SecretStr | None = Field(None, description="Key with that solver; without one there is no tier 5.")
    proxies: CommaSeparated = Field(
        (),
        description="The operator's proxies, comma-separated: http, https or socks5 URLs, each with its exit country "
        "before it where that is known (`DE=http://user:secret@host:3128`).",
        repr=False,
    )
    simple_content: Literal["string", "object"] = Field(
        "string", description="Shape of `content` when a synchronous call names no formats: the HTML, or an object."
    )
    result_ttl: int = Field(3600, ge=60, description="Seconds that the result of a job is kept.")
    usage_days: int = Field(
        400, ge=31, description="Days that finished jobs and extractions are kept for the usage figures."
    )
    webhook_retry_seconds: float = Field(
        10, gt=0, le=3600, description="Seconds before a webhook is tried again; the third try waits six times as long."
    )
    webhook_days: int = Field(7, ge=1, description="Days that the deliveries of webhooks can be looked at.")
    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token that opens /metrics to whoever has it; by default only this machine may read it.",
    )
    rate_limits: bool = Field(True, description="Whether calls are limited by the rate tier of their account.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written.")

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            ip_network(text)
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("it needs the form postgresql://user:secret@host/database")
        return value

    @field_validator("bootstrap_api_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            require_key(value.get_secret_value())
        return value

    @property
    def networks(self) -> tuple[Network, ...]:
        """`allow_networks`, parsed."""
        return tuple(ip_network(text) for text in self.allow_networks)

    @classmethod
    def with_flags(cls, **flags: Any) -> Self:
        """Settings from the environment, with the flags that were given on the command line before them."""
        return cls(**{name: value for name, value in flags.items() if value is not None})

    @classmethod
    def environment_name(cls, field: str) -> str:
        """The environment variable of a field."""
        alias = cls.model_fields[field].validation_alias
        return str(alias) if alias else f"ALTERLAB_{field.upper()}"

    def environment(self, **changes: str) -> dict[str, str]:
        """This process's environment with these settings written into it, for a child process."""
        environment = dict(os.environ)
        for name in self.model_fields_set | set(changes):
            value = changes.get(name, getattr(self, name))
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            if isinstance(value, tuple):
                value = ",".join(value)
            if value is not None:
                environment[self.environment_name(name)] = str(value)
        return environment
