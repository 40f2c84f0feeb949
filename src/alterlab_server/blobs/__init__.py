"""Objects: screenshots, PDFs, exports. A folder by default, an S3-compatible store by its URL."""

from alterlab_server.blobs.store import BlobStore

__all__ = ["BlobStore"]
