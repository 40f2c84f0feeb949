"""What the browser says it is: a Chromium of its own version with a window, instead of a headless one."""

from typing import Any


def user_agent(version: str) -> str:
    """The User-Agent of Chromium `version` on Linux, reduced to its major version as Chromium does."""
    chrome = f"Chrome/{_major(version)}.0.0.0"
    return f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {chrome} Safari/537.36"


def user_agent_override(version: str, language: str, named: str | None = None) -> dict[str, Any]:
    """The parameters of `Emulation.setUserAgentOverride` (DevTools protocol): User-Agent and client hints alike.

    A User-Agent that the caller has `named` comes without client hints, which would contradict it.
    """
    if named is not None:
        return {"userAgent": named, "acceptLanguage": language}
    return {
        "userAgent": user_agent(version),
        "userAgentMetadata": {
            "brands": [
                {"brand": "Chromium", "version": _major(version)},
                {"brand": "Not:A-Brand", "version": "8"},
            ],
            "platform": "Linux",
            "platformVersion": "",
            "architecture": "x86",
            "model": "",
            "mobile": False,
        },
        "acceptLanguage": language,
    }


def _major(version: str) -> str:
    return version.partition(".")[0]
