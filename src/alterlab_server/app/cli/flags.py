"""Flags that several commands share. Each overrides the setting of its name (docs/settings.md)."""

from pathlib import Path
from typing import Annotated

import typer

DataFlag = Annotated[Path | None, typer.Option("--data", help="Data folder.")]
DatabaseFlag = Annotated[str | None, typer.Option("--database-url", help="PostgreSQL to use, not the embedded one.")]
HostFlag = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
PortFlag = Annotated[int | None, typer.Option("--port", help="Port to listen on.")]
WorkersFlag = Annotated[int | None, typer.Option("--workers", help="Number of worker processes.")]
NetworksFlag = Annotated[
    str | None, typer.Option("--allow-networks", help="Networks (CIDR) that may be reached besides the public ones.")
]
