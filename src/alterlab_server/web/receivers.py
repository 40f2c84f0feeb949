"""Which URLs may receive webhooks. Asked when a webhook is given; egress judges again at every delivery."""

from collections.abc import Sequence
from ipaddress import ip_address

from alterlab_server.base.errors import InvalidUrl, UrlNotAllowed
from alterlab_server.base.url import parse_url
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.egress.addresses import Network
from alterlab_server.fetch.outcome import Failure, Verdict


class ReceiverPolicy:
    """A receiver speaks https; plain http is for the networks that the operator allowed, such as this machine."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self._gate = Gate(networks)

    async def check(self, url: str, field: str) -> str:
        """The URL, normalised. Raises InvalidUrl and UrlNotAllowed, which name `field`.

        A name that cannot be resolved now is no reason to refuse it: it is tried again at delivery.
        """
        try:
            parsed = parse_url(url)
        except InvalidUrl as error:
            raise InvalidUrl(f"{field}: {error.message}", field=field) from None
        admitted = await self._gate.admit(parsed.without_fragment)
        if isinstance(admitted, Failure) and admitted.verdict is Verdict.REFUSED:
            raise UrlNotAllowed(f"{field}: {admitted.reason}", details={"field": field})
        if parsed.scheme != "https" and (isinstance(admitted, Failure) or not self._own(admitted.addresses)):
            raise UrlNotAllowed(f"{field}: a webhook must be an https URL.", details={"field": field})
        return parsed.without_fragment

    def _own(self, addresses: Sequence[str]) -> bool:
        """Whether all addresses lie in the networks that the operator allowed."""
        return all(any(ip_address(text) in network for network in self._networks) for text in addresses)
