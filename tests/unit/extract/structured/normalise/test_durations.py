import pytest

from alterlab_server.extract.structured.normalise.durations import iso_duration


@pytest.mark.parametrize(
    ("raw", "duration"),
    [
        ("PT30M", "PT30M"),
        ("PT90M", "PT1H30M"),
        ("P0Y0M0DT1H5M0S", "PT1H5M"),
        ("P1DT12H", "PT36H"),
        ("P3D", "P3D"),
        ("1 hr 20 min", "PT1H20M"),
        ("1½ hours", "PT1H30M"),
        ("1 ½ Stunden", "PT1H30M"),
        ("20-25 minutes", "PT20M"),
        ("1h30", "PT1H30M"),
        ("0:45", "PT45M"),
        ("2 heures et 15 minutes", "PT2H15M"),
        ("45 минут", "PT45M"),
        ("30分", "PT30M"),
        (45, "PT45M"),
        ("PT0M", None),
        ("soon", None),
        ("Stir for about 10 minutes until the sauce thickens and coats the back of a spoon", None),
    ],
)
def test_iso_duration(raw, duration):
    assert iso_duration(raw) == duration
