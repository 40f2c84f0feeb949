"""How Chromium is found and started."""

import shutil

from alterlab_server.fetch.browser.options import PoolOptions

EXECUTABLES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Playwright's own list (no background networking, no updates, no first run) comes first; these are added to it.
FLAGS = (
    "--disable-quic",  # would leave by UDP, past the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # the same flag under its older name
    "--dns-prefetch-disable",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-site-isolation-trials",  # a frame in a process of its own would pass the interception of its page
    "--no-pings",
    "--mute-audio",
    "--disable-notifications",
    "--disable-speech-api",
    "--disable-blink-features=AutomationControlled",
    "--js-flags=--max-old-space-size=1024",  # MiB; one page's scripts cannot eat the machine
)
"""The flags of every browser, besides those that Playwright sets."""


def find_executable(options: PoolOptions) -> str | None:
    """The path of the Chromium to use, or None when there is none."""
    names = (options.executable,) if options.executable else EXECUTABLES
    return next((path for name in names if (path := shutil.which(name))), None)
