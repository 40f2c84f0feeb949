"""The elements that a flow knows."""

from alterlab_server.extract.body.blocks import BLOCK_TAGS

BLOCKS = BLOCK_TAGS
SKIPPED = frozenset(
    "script style template noscript iframe object embed svg canvas head select textarea datalist map".split()
)
BLOCK_SELECTOR = ",".join(sorted(BLOCKS))
