"""Serve the site by hand: python -m tests.site [--host 127.0.0.1] [--port 8099]."""

import argparse
import asyncio
import sys

from tests.site.server import HostileSite, listing


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    options = parser.parse_args()
    async with HostileSite(options.host, options.port) as site:
        sys.stdout.write(f"{site.base_url}\n{listing()}\nCtrl-C ends it.\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
