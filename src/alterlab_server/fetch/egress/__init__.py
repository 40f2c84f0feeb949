"""The egress gate: the one place that decides which addresses outgoing connections may reach."""

from alterlab_server.fetch.egress.gate import Admitted, Gate, Resolver

__all__ = ["Admitted", "Gate", "Resolver"]
