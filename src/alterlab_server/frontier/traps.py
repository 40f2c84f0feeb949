"""URLs that a site makes without end. Depth, pages and discoveries are bounded besides."""

from alterlab_server.frontier.address import Address

MAX_PATH_CHARS = 1_500
MAX_SEGMENTS = 24
MAX_PARAMETERS = 16
# A link relative to the wrong base repeats one or several segments (/a/b/a/b/a/b); so often no real path does.
MAX_REPEATS = 3
LONGEST_CYCLE = 4


def trap(address: Address) -> str | None:
    """What makes a URL look endless: long_path, deep_path, many_parameters, repeating_path; or None."""
    if len(address.path) > MAX_PATH_CHARS:
        return "long_path"
    segments = [segment for segment in address.path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return "deep_path"
    if address.query.count("&") >= MAX_PARAMETERS:
        return "many_parameters"
    return "repeating_path" if _repeats(segments) else None


def _repeats(segments: list[str]) -> bool:
    if len(segments) < MAX_REPEATS:
        return False
    return any(
        segments[start : start + cycle] * MAX_REPEATS == segments[start : start + cycle * MAX_REPEATS]
        for cycle in range(1, LONGEST_CYCLE + 1)
        for start in range(len(segments) - cycle * MAX_REPEATS + 1)
    )
