import pytest

from alterlab_server.extract.structured.normalise.dates import iso_date


@pytest.mark.parametrize(
    ("raw", "language", "date"),
    [
        ("2024-03-05", "", "2024-03-05"),
        ("2024-3-5T7:08:09.123Z", "", "2024-03-05T07:08:09Z"),
        ("2024-03-05T07:08:09+0100", "", "2024-03-05T07:08:09+01:00"),
        ("2024-03-05 07:08", "", "2024-03-05T07:08:00"),
        ("2024/03/05", "", "2024-03-05"),
        ("20240305", "", "2024-03-05"),
        ("Tue, 05 Mar 2024 07:08:09 GMT", "", "2024-03-05T07:08:09Z"),
        (1709622489, "", "2024-03-05T07:08:09Z"),
        (1709622489000, "", "2024-03-05T07:08:09Z"),
        ("March 5, 2024", "", "2024-03-05"),
        ("5. März 2024", "de", "2024-03-05"),
        ("5 de marzo de 2024", "es", "2024-03-05"),
        ("Mar 5th, 2024", "", "2024-03-05"),
        ("5 марта 2024", "ru", "2024-03-05"),
        ("5. maaliskuuta 2024", "fi", "2024-03-05"),
        ("Tuesday 5 March 2024", "en", "2024-03-05"),
        ("5 mars 2024", "fr", "2024-03-05"),
        ("March 5, 2024", "fr", "2024-03-05"),
        ("5 March 2024", "xx", "2024-03-05"),
        ("2024-02-31", "", None),
        ("0001-01-01", "", None),
        ("yesterday", "en", None),
        ("12", "", None),
        ("Published by the team that has been at it since 2011", "en", None),
        (None, "", None),
    ],
)
def test_iso_date(raw, language, date):
    assert iso_date(raw, language) == date
