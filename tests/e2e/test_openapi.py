"""Whatever the OpenAPI document allows, and what it does not: no answer is a fault, and each is as documented."""

import contextlib
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
from tests.support.running import BOOTSTRAP_KEY, Running

# Nothing listens there: a page that is asked for fails at once, and no byte leaves this machine.
NOWHERE = "http://127.0.0.1:9898/"
# What a target does to a request is told with these statuses; they are no fault of the server.
OF_THE_TARGET = {502, 503, 504}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_is_a_fault_of_the_server(server: Running, subtests: pytest.Subtests, mode: GenerationMode) -> None:
    document = schemathesis.openapi.from_dict(httpx2.get(f"{server.url}/openapi.json").json())
    for operation in (found.ok() for found in document.get_all_operations()):

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.body = _to_nowhere(case.body)
            answer = case.call(base_url=server.url, headers={"X-API-Key": BOOTSTRAP_KEY}, timeout=60)
            faults = [] if answer.status_code in OF_THE_TARGET else [not_a_server_error]
            case.validate_response(answer, checks=[*faults, *CHECKS])

        # An operation without parameters has no wrong ones.
        with subtests.test(operation=operation.label), contextlib.suppress(Unsatisfiable):
            ask()


def _to_nowhere(value: Any) -> Any:
    """The same, with every address replaced by one where nothing is, and short in time."""
    if isinstance(value, dict):
        shortened = {"timeout": 5} if isinstance(value.get("timeout"), int) else {}
        return {name: _to_nowhere(item) for name, item in value.items()} | shortened
    if isinstance(value, list):
        return [_to_nowhere(item) for item in value]
    return NOWHERE if isinstance(value, str) and value.lower().startswith("http") else value
