"""Which addresses are files that are no pages, by their extension."""

from alterlab_server.frontier.address import split

# What no mode reads as a page. PDF, text, JSON, XML, scripts and style sheets are read.
_EXTENSIONS = frozenset(
    (
        *("7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zip", "zst"),
        *("avif", "bmp", "gif", "heic", "ico", "jpeg", "jpg", "png", "psd", "tif", "tiff", "webp"),
        *("aac", "aiff", "flac", "m4a", "mid", "mp3", "ogg", "opus", "wav", "wma"),
        *("avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"),
        *("doc", "docx", "epub", "mobi", "odp", "ods", "odt", "pps", "ppt", "pptx", "xls", "xlsx"),
        *("eot", "otf", "ttf", "woff", "woff2"),
        *("apk", "bin", "deb", "dmg", "exe", "img", "iso", "jar", "msi", "pkg", "rpm", "whl"),
    )
)


def is_file(href: str) -> bool:
    """Whether an absolute, normalised URL ends like an image, a recording, an archive or the like.

    `/wiki/File:Tower.jpg` is a page about a file.
    """
    name = split(href).path.rpartition("/")[2]
    _, dot, extension = name.rpartition(".")
    return bool(dot) and extension.lower() in _EXTENSIONS and ":" not in name and "%3a" not in name.lower()
