"""The body as a flow of blocks (paragraphs, lists, tables, …): what markdown, json_v2, rag and content are made of."""

from alterlab_server.extract.flow.read import read_flow

__all__ = ["read_flow"]
