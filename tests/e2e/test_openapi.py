"""Whatever the OpenAPI document allows, and what it does not: no answer is a fault, and each is as documented."""

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.running import BOOTSTRAP_KEY, Running, closed_port
from tests.support.waiting import PATIENCE

# What a target does to a request is told with these statuses; they are no fault of the server.
OF_THE_TARGET = {502, 503, 504}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nothing listens: a page that is asked for fails at once, and no byte leaves this machine."""
    with closed_port() as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_is_a_fault_of_the_server(
    server: Running, subtests: pytest.Subtests, nowhere: str, mode: GenerationMode
) -> None:
    document = schemathesis.openapi.from_dict(httpx2.get(f"{server.url}/openapi.json", timeout=PATIENCE).json())
    for operation in (found.ok() for found in document.get_all_operations()):

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.body = _sent_to(nowhere, case.body)
            answer = case.call(base_url=server.url, headers={"X-API-Key": BOOTSTRAP_KEY}, timeout=PATIENCE)
            faults = [] if answer.status_code in OF_THE_TARGET else [not_a_server_error]
            case.validate_response(answer, checks=[*faults, *CHECKS])

        # An operation without parameters has no wrong ones.
        with subtests.test(operation=operation.label), contextlib.suppress(Unsatisfiable):
            ask()


def _sent_to(nowhere: str, value: Any) -> Any:
    """The same, with every address replaced by this one, and short in time."""
    if isinstance(value, dict):
        shortened = {"timeout": 5} if isinstance(value.get("timeout"), int) else {}
        return {name: _sent_to(nowhere, item) for name, item in value.items()} | shortened
    if isinstance(value, list):
        return [_sent_to(nowhere, item) for item in value]
    return nowhere if isinstance(value, str) and value.lower().startswith("http") else value
