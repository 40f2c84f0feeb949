"""What the browser says it is: a Chromium of its own version with a window or on a telephone, not a headless one."""

from typing import Any


def user_agent(version: str, *, mobile: bool = False) -> str:
    """The User-Agent of Chromium `version` on Linux or Android, reduced to its major version as Chromium does."""
    system, window = ("Linux; Android 10; K", " Mobile") if mobile else ("X11; Linux x86_64", "")
    chrome = f"Chrome/{_major(version)}.0.0.0{window}"
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) {chrome} Safari/537.36"


def user_agent_override(
    version: str, language: str, named: str | None = None, *, mobile: bool = False
) -> dict[str, Any]:
    """The parameters of `Emulation.setUserAgentOverride` (DevTools protocol): User-Agent and client hints alike.

    A User-Agent that the caller has `named` comes without client hints, which would contradict it.
    """
    if named is not None:
        return {"userAgent": named, "acceptLanguage": language}
    return {
        "userAgent": user_agent(version, mobile=mobile),
        "userAgentMetadata": {
            "brands": [
                {"brand": "Chromium", "version": _major(version)},
                {"brand": "Not:A-Brand", "version": "8"},
            ],
            "platform": "Android" if mobile else "Linux",
            "platformVersion": "",
            "architecture": "" if mobile else "x86",
            "model": "",
            "mobile": mobile,
        },
        "acceptLanguage": language,
        **({"platform": "Linux armv81"} if mobile else {}),
    }


def _major(version: str) -> str:
    return version.partition(".")[0]
