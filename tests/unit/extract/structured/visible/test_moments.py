import pytest

from alterlab_server.extract.structured.visible.moments import days_in, hour_in


@pytest.mark.parametrize(
    ("text", "language", "days", "hour"),
    [
        ("12-14 December 2026", "en", ("2026-12-12", "2026-12-14"), None),
        ("Sat 12 Dec 2026 7.30pm", "en", ("2026-12-12", None), "19:30:00"),
        ("Dec 12, 2026 at 12 AM", "en", ("2026-12-12", None), "00:00:00"),
        ("December 12–14, 2026", "en", ("2026-12-12", "2026-12-14"), None),
        ("28 December – 3 January 2027", "en", ("2026-12-28", "2027-01-03"), None),
        ("Samstag, 12.12.2026, 19:30 Uhr", "de", ("2026-12-12", None), "19:30:00"),
        ("12.12.2026 – 14.12.2026", "de", ("2026-12-12", "2026-12-14"), None),
        ("du 12 au 14 décembre 2026", "fr", ("2026-12-12", "2026-12-14"), None),
        ("samedi 12 décembre 2026 à 20h30", "fr", ("2026-12-12", None), "20:30:00"),
        ("del 12 al 14 de diciembre de 2026", "es", ("2026-12-12", "2026-12-14"), None),
        ("sabato 12 dicembre 2026 ore 21.00", "it", ("2026-12-12", None), "21:00:00"),
        ("12 t/m 14 december 2026", "nl", ("2026-12-12", "2026-12-14"), None),
        ("12 grudnia 2026, godz. 19:00", "pl", ("2026-12-12", None), "19:00:00"),
        ("12 de dezembro de 2026 às 21h", "pt", ("2026-12-12", None), "21:00:00"),
        ("every Friday", "en", None, None),
    ],
)
def test_moments(text: str, language: str, days: tuple[str, str | None] | None, hour: str | None) -> None:
    assert (days_in(text, language), hour_in(text)) == (days, hour)
