"""Settings that a worker has made ready for, so that going by them can't fail any more."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from proxy.config.schema import Config, LogTable
from proxy.consent.parts import Keeping
from proxy.mms.dialect import MmsDialect
from proxy.net.path import RoutePath
from proxy.net.timeouts import Limits
from proxy.relay.session.dialect import Dialect
from proxy.service.assembly import dialect_of, keeping_of, limits_of, mms_dialect_of, path_of


class PreparedSettings(NamedTuple):
    """What a configuration makes of the routes that a worker has; to go by it can't fail any more."""

    smpp: dict[str, tuple[RoutePath, Dialect]]
    mms: dict[str, tuple[RoutePath, MmsDialect]]
    limits: Limits
    keeping: Keeping
    log: LogTable

    @classmethod
    def read(cls, text: str) -> PreparedSettings:
        """From a configuration in JSON; raises ``SettingsError`` or ``ValueError`` for what can't be used here."""
        config = Config.model_validate_json(text)
        smpp: dict[str, tuple[RoutePath, Dialect]] = {}
        mms: dict[str, tuple[RoutePath, MmsDialect]] = {}
        for section in config.route:
            if section.protocol == "mm7":
                mms[section.name] = path_of(section), mms_dialect_of(config, section)
            else:
                smpp[section.name] = path_of(section), dialect_of(config, section)
        policies = [*(each.policy for _, each in smpp.values()), *(each.policy for _, each in mms.values())]
        for policy in policies:
            deque(policy.replies.warm(), maxlen=0)
        return cls(smpp, mms, limits_of(config), keeping_of(config), config.log)
