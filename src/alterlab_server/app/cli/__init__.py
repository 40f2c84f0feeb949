"""The command line, `alterlab`. One file a group of commands; what they need is imported when they run."""

from alterlab_server.app.cli.main import app, main

__all__ = ["app", "main"]
