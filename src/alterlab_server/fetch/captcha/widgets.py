"""The kinds of CAPTCHA that can be solved, a row each, and the widget of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alterlab_server.fetch.browser.values import well_formed


@dataclass(frozen=True, slots=True)
class WidgetKind:
    """One kind of CAPTCHA.

    `task_type` and `solution` are its names in the solver protocol: what is asked for, and the fields in which the
    token comes back. `fields` are the form fields in which the site expects the token.
    """

    name: str
    task_type: str
    solution: tuple[str, ...]
    fields: tuple[str, ...]


KINDS: Mapping[str, WidgetKind] = {
    kind.name: kind
    for kind in (
        WidgetKind("recaptcha_v2", "RecaptchaV2TaskProxyless", ("gRecaptchaResponse",), ("g-recaptcha-response",)),
        WidgetKind("recaptcha_v3", "RecaptchaV3TaskProxyless", ("gRecaptchaResponse",), ("g-recaptcha-response",)),
        WidgetKind(
            "hcaptcha",
            "HCaptchaTaskProxyless",
            ("gRecaptchaResponse", "token"),
            ("h-captcha-response", "g-recaptcha-response"),
        ),
        WidgetKind("turnstile", "TurnstileTaskProxyless", ("token",), ("cf-turnstile-response",)),
    )
}

_MIN_SCORE = 0.7  # what reCAPTCHA v3's documentation has sites accept is 0.5; solvers sell 0.3, 0.7 and 0.9


@dataclass(frozen=True, slots=True)
class Widget:
    """A CAPTCHA in a page. `action`, `data` and `page_data` are what the site gave the widget, if it did."""

    kind: WidgetKind
    page_url: str
    site_key: str
    invisible: bool = False
    action: str | None = None
    data: str | None = None
    page_data: str | None = None

    def task(self) -> dict[str, Any]:
        """The `task` object of createTask."""
        task: dict[str, Any] = {
            "type": self.kind.task_type,
            "websiteURL": self.page_url,
            "websiteKey": self.site_key,
        }
        if self.invisible:
            task["isInvisible"] = True
        if self.kind.name == "recaptcha_v3":
            task |= {"minScore": _MIN_SCORE, "pageAction": self.action or "verify"}
        if self.kind.name == "turnstile":
            given = {"action": self.action, "data": self.data, "pagedata": self.page_data}
            task |= {name: value for name, value in given.items() if value}
        return task


def widget_from(found: Mapping[str, Any], page_url: str) -> Widget | None:
    """The widget that the search in the page reported; None when its kind is not known or it names no key."""
    kind = KINDS.get(str(found.get("kind")))
    site_key = found.get("siteKey")
    if kind is None or not isinstance(site_key, str) or not site_key:
        return None
    texts = {name: well_formed(value) for name, value in found.items() if isinstance(value, str)}
    return Widget(
        kind,
        page_url,
        texts["siteKey"],
        invisible=found.get("invisible") is True,
        action=texts.get("action"),
        data=texts.get("data"),
        page_data=texts.get("pageData"),
    )
