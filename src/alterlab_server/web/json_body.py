"""How the body of a request is read."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from alterlab_server.web.auth import check_caller

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _StrictRequest(Request):
    async def json(self) -> Any:
        """The body as RFC 8259 has it: in UTF-8 (after its mark, if any), without NaN and without half characters,
        which nothing behind could encode again."""
        return orjson.loads((await self.body()).removeprefix(_BYTE_ORDER_MARK))


class JsonRoute(APIRoute):
    """A route of callers with a key that takes no JSON but well-formed; what is not is a validation error of type
    `json_invalid`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, on a request that reads strictly."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            try:
                return await handle(_StrictRequest(request.scope, request.receive))
            except RequestValidationError as error:
                if error.errors()[0]["type"] == "json_invalid":
                    await check_caller(request)  # who is calling is asked only once the body is read
                raise

        return handle_strictly
