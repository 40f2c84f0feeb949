"""The health endpoints tell what is so: with workers, without, and without a database."""

import socket
from importlib.metadata import version
from pathlib import Path

import asyncpg
import httpx2
from tests.support.running import BOOTSTRAP_KEY, Running, free_port, started
from tests.support.waiting import PATIENCE, eventually


async def get(running: Running, path: str) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(f"{running.url}/api/v1/health{path}")


async def test_all_is_well(server: Running) -> None:
    answer = await get(server, "")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(checks) >= {"database", "queue", "workers", "tiers"}
    assert answer.json()["version"] == version("alterlab-server")
    (worker,) = checks["workers"]["alive"]
    assert set(worker) == {"since"}, "neither its host nor its process is anybody's business"
    assert checks["tiers"]["1"] == {"name": "curl", "available": True}
    assert checks["tiers"]["5"] == {"name": "captcha", "available": False}
    assert (await get(server, "/live")).json() == {"status": "ok"}
    assert (await get(server, "/ready")).json()["checks"] == {"database": {"status": "ok"}}
    jobs = (await get(server, "/jobs")).json()["checks"]
    assert set(jobs) == {"database", "queue", "workers"}
    assert set(jobs["queue"]["jobs"]) == {"pending", "running"}


async def test_worker_that_stops_is_missed(dsn: str, tmp_path: Path) -> None:
    with started(["api"], tmp_path, free_port(), DATABASE_URL=dsn) as api:
        with started(["worker"], tmp_path, DATABASE_URL=dsn):
            api.wait_until_healthy()
        answer = await get(api, "")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"]["workers"] == {"status": "degraded", "alive": []}
        assert answer.json()["checks"]["tiers"]["1"]["available"] is False
        told = (await get(api, "/ocr")).json()
        assert (told["available"], told["languages"], told["tesseract_version"]) == (False, [], None)
        assert (await get(api, "/ready")).status_code == 200


async def test_database_that_is_gone_makes_it_unready(dsn: str, tmp_path: Path) -> None:
    name = dsn.partition("?")[0].rpartition("/")[2]
    with started(["api"], tmp_path, free_port(), DATABASE_URL=dsn) as api:
        eventually(lambda: api.health() == "degraded", what="an API without workers")
        connection = await asyncpg.connect(dsn.replace(f"/{name}?", "/postgres?"))
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        for path in ("", "/ready", "/jobs"):
            answer = await get(api, path)
            assert (answer.status_code, answer.json()["status"]) == (503, "down")
        assert (await get(api, "/live")).status_code == 200
        ocr = await get(api, "/ocr")
        assert (ocr.status_code, ocr.json()["status"], ocr.json()["available"]) == (503, "down", False)
        async with httpx2.AsyncClient(timeout=PATIENCE, headers={"X-API-Key": BOOTSTRAP_KEY}) as client:
            refused = await client.post(f"{api.url}/api/v1/scrape", json={"url": "http://127.0.0.1:8080/"})
        assert (refused.status_code, refused.json()["code"]) == (503, "STORE_UNAVAILABLE")
        assert refused.headers["Retry-After"] == "5"
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await connection.close()
        eventually(lambda: api.health() == "degraded", what="the database to be found again")


def test_a_port_that_is_taken_is_said_and_not_that_it_is_listened_on(tmp_path: Path, dsn: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(["api"], tmp_path, port, DATABASE_URL=dsn) as api:
            api.process.wait(PATIENCE)
            log = api.log.read_text()
    assert "Address already in use." in log
    assert "listens on" not in log


async def test_it_is_said_where_the_service_listens_once_it_does(server: Running) -> None:
    assert f"AlterLab listens on {server.url}\n" in server.log.read_text()
