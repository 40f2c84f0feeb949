"""Objects: screenshots, PDFs, exports. A folder by default, an S3-compatible store by its URL."""

from alterlab_server.blobs.buckets import Bucket, open_bucket
from alterlab_server.blobs.errors import BlobError
from alterlab_server.blobs.store import BlobStore

__all__ = ["BlobError", "BlobStore", "Bucket", "open_bucket"]
