"""By which settings the supervisor reads whole replies: those of the route that each came in by."""

from __future__ import annotations

from proxy.config.schema import Config, RouteTable
from proxy.consent.policy import Policy
from proxy.service.assembly import policy_of


class Policies:
    """The policy of each route, made when it is asked for first."""

    def __init__(self, config: Config) -> None:
        self._routes: dict[str, tuple[Config, RouteTable]] = {}
        self._made: dict[str, Policy] = {}
        self.go_by(config)

    def go_by(self, config: Config) -> None:
        """Go by these settings. A route that they have no more stays as it was: its sessions may still be draining."""
        self._routes |= {route.name: (config, route) for route in config.route}
        self._made.clear()

    def of(self, route: str) -> Policy:
        """The policy of a route that is there, or was."""
        if route not in self._made:
            self._made[route] = policy_of(*self._routes[route])
        return self._made[route]
