"""robots.txt (RFC 9309), read by protego."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

PRODUCT = "AlterLab"
# RFC 9309, section 2.5: at least so much must be read.
MAX_BYTES = 512_000
_MAX_DISALLOWED = 500
_AGENT = re.compile(r"\s*user(?:-|\s*)agent\s*[:\s]([^#]*)", re.IGNORECASE)
_NO_FOLLOWING = frozenset({"nofollow", "none"})
# "examplebot: nofollow"; "max-snippet: 20" looks the same.
_RULE_OF_AGENT = re.compile(r"\s*([^\s:]+)\s*:(.*)", re.DOTALL)
_RULES_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_FOR_US = ("", "*", PRODUCT.lower())
_LINE = re.compile(r"^[ \t]*(user-agent|disallow)[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
# What every agent that is not us is called, so that thousands of them in one group cost what one does.
_OTHER = "-"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows us. `exists` is false when it has no robots.txt; `delay` is its crawl-delay in seconds, `size`
    its length in bytes."""

    rules: Protego
    exists: bool = True
    delay: float = 0.0
    sitemaps: Sequence[str] = ()
    disallowed: Sequence[str] = ()
    size: int = 0

    def allows(self, href: str) -> bool:
        """Whether we may fetch this absolute URL."""
        return bool(self.rules.can_fetch(href, PRODUCT))


def parse_robots(body: bytes) -> Robots:
    """Read a robots.txt; what cannot be understood in it says nothing."""
    text = "\n".join(map(_renamed, body[:MAX_BYTES].decode("utf-8-sig", errors="replace").splitlines()))
    rules = Protego.parse(text)
    return Robots(
        rules,
        delay=max(0.0, rules.crawl_delay(PRODUCT) or 0.0),
        sitemaps=tuple(dict.fromkeys(rules.sitemaps)),
        disallowed=_disallowed(text),
        size=len(body),
    )


def forbids_following(metadata: Mapping[str, object], headers: Mapping[str, str]) -> bool:
    """Whether a page asks that its links are not followed: in its `<meta name="robots">`, or in its `X-Robots-Tag`,
    where a rule may begin with the name of the agent that it and those behind it are for."""
    agent = ""
    for part in headers.get("x-robots-tag", "").lower().split(","):
        named = _RULE_OF_AGENT.match(part)
        agent, rule = named.groups() if named and named[1] not in _RULES_WITH_VALUE else (agent, part)
        if agent in _FOR_US and rule.strip() in _NO_FOLLOWING:
            return True
    return not _NO_FOLLOWING.isdisjoint(re.split(r"[\s,]+", str(metadata.get("robots", "")).lower()))


@lru_cache(maxsize=1)
def no_robots() -> Robots:
    """A site without robots.txt allows everything (RFC 9309, section 2.3.1.3)."""
    return Robots(Protego.parse(""), exists=False)


@lru_cache(maxsize=1)
def unreachable_robots() -> Robots:
    """A site whose robots.txt cannot be had for a fault of its own allows nothing (RFC 9309, section 2.3.1.4)."""
    return Robots(Protego.parse("User-agent: *\nDisallow: /"), exists=False)


def _renamed(line: str) -> str:
    """The same line, but for the name of an agent that is not us."""
    agent = _AGENT.match(line)
    name = agent[1].strip().lower() if agent else ""
    if not name or name == "*":
        return line
    ours = name.replace("*", "")  # the parser takes no notice of them
    return f"User-agent: {ours if ours and PRODUCT.lower().startswith(ours) else _OTHER}"


def _disallowed(text: str) -> tuple[str, ...]:
    """The Disallow lines of the group that is about us, else of the group about everyone, as they are written."""
    groups: dict[str, list[str]] = {}
    agents: set[str] = set()
    in_rules = False
    for field, value in _LINE.findall(text):
        if field.lower() == "user-agent":
            if in_rules:
                agents = set()
            agents.add(value.strip().lower())
            in_rules = False
        else:
            in_rules = True
            for agent in agents:
                groups.setdefault(agent, []).append(value.strip())
    found = groups.get(PRODUCT.lower(), groups.get("*", ()))
    return tuple(dict.fromkeys(path for path in found if path))[:_MAX_DISALLOWED]
