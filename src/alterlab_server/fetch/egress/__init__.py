"""The egress gate: the one place that decides which addresses outgoing connections may reach."""

from alterlab_server.fetch.egress.gate import Admitted, Gate
from alterlab_server.fetch.egress.resolver import Resolver

__all__ = ["Admitted", "Gate", "Resolver"]
