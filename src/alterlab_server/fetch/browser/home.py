"""The folder that a browser takes for its user's home, and the certificate authorities that it finds there."""

import ctypes
import ssl
import threading
from pathlib import Path

# Where Chromium looks below the home folder on Linux (net/third_party, crypto/nss_util.cc).
_DATABASE = Path(".pki", "nssdb")
_SSL_AUTHORITY = 0x08 | 0x10  # CERTDB_VALID_CA | CERTDB_TRUSTED_CA of NSS's certdb.h, which certutil writes as "C,,"
_ONE_AT_A_TIME = threading.Lock()  # NSS keeps its database in global variables


def environment(home: Path) -> dict[str, str | float | bool]:
    """The whole environment of a browser: it inherits nothing, least of all this server's secrets."""
    return {"HOME": str(home), "TMPDIR": str(home)}


def trust_authorities(home: Path, ca_file: str) -> None:
    """Make a browser with this home trust the authorities of a PEM file as it trusts those it came with.

    Chromium reads the user's authorities from a database of NSS, the library that it brings with it; there is no flag
    that adds one. Raises OSError when that library is missing or refuses.
    """
    authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authorities.load_verify_locations(ca_file)
    folder = home / _DATABASE
    folder.mkdir(parents=True)
    with _ONE_AT_A_TIME:
        _write(folder, authorities.get_ca_certs(binary_form=True))


class _Item(ctypes.Structure):
    """SECItem."""

    _fields_ = (("type", ctypes.c_int), ("data", ctypes.c_char_p), ("length", ctypes.c_uint))


class _Trust(ctypes.Structure):
    """CERTCertTrust."""

    _fields_ = (("ssl", ctypes.c_uint), ("email", ctypes.c_uint), ("signing", ctypes.c_uint))


def _write(folder: Path, certificates: list[bytes]) -> None:
    nss = ctypes.CDLL("libnss3.so")
    for name in ("CERT_GetDefaultCertDB", "CERT_NewTempCertificate", "PK11_GetInternalKeySlot"):
        getattr(nss, name).restype = ctypes.c_void_p
    _check(nss.NSS_InitReadWrite(f"sql:{folder}".encode()))
    try:
        slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
        _check(nss.PK11_InitPin(slot, None, b""))
        for number, encoded in enumerate(certificates):
            _add(nss, slot, f"authority {number}".encode(), encoded)
        nss.PK11_FreeSlot(slot)
    finally:
        _check(nss.NSS_Shutdown())


def _add(nss: ctypes.CDLL, slot: ctypes.c_void_p, name: bytes, encoded: bytes) -> None:
    database = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    item = _Item(0, encoded, len(encoded))
    certificate = ctypes.c_void_p(nss.CERT_NewTempCertificate(database, ctypes.byref(item), None, 0, 1))
    try:
        _check(nss.PK11_ImportCert(slot, certificate, ctypes.c_ulong(0), name, 0))
        trust = _Trust(_SSL_AUTHORITY, 0, 0)
        _check(nss.CERT_ChangeCertTrust(database, certificate, ctypes.byref(trust)))
    finally:
        nss.CERT_DestroyCertificate(certificate)


def _check(status: int) -> None:
    if status:
        raise OSError("the database of certificate authorities could not be written")
