from pathlib import Path

import pytest
import trustme

from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.home import environment, trust_authorities
from alterlab_server.fetch.browser.options import PoolOptions


def test_a_browser_inherits_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALTERLAB_SECRET_KEY", "00ff")
    assert environment(tmp_path) == {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}


def test_every_authority_of_the_file_is_written(tmp_path: Path) -> None:
    if find_executable(PoolOptions()) is None:
        pytest.skip("no Chromium on this machine, whose NSS it is")
    authorities = [trustme.CA(), trustme.CA()]
    file = tmp_path / "ca.pem"
    file.write_bytes(b"".join(authority.cert_pem.bytes() for authority in authorities))
    for home in (tmp_path / "first", tmp_path / "second"):
        trust_authorities(home, str(file))
        written = (home / ".pki" / "nssdb" / "cert9.db").read_bytes()
        assert b"authority 0" in written
        assert b"authority 1" in written


def test_a_file_without_authorities_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nothing")
    with pytest.raises(OSError, match=r"PEM|crl"):
        trust_authorities(tmp_path / "home", str(file))
