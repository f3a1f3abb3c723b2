"""Which files are broken on purpose, and which tests must notice."""

from __future__ import annotations

_SESSION = (
    "tests/relay/session/test_session.py",
    "tests/relay/session/test_lifecycle.py",
    "tests/relay/session/test_edits.py",
    "tests/relay/session/test_told.py",
    "tests/relay/session/test_dialect.py",
    "tests/relay/session/test_confirmation.py",
    "tests/relay/session/test_glance.py",
    "tests/relay/session/test_doors.py",
    "tests/relay/session/test_retries.py",
    "tests/relay/session/test_worst.py",
)
_LEDGER = (
    "tests/ledger/tables/test_records.py",
    "tests/ledger/test_ledger.py",
    "tests/ledger/test_confirmation.py",
    "tests/consent/test_refusals.py",
    "tests/ledger/tables/test_journal.py",
    "tests/ledger/upkeep/test_retention.py",
    "tests/ledger/tables/test_parts.py",
    "tests/ledger/upkeep/test_lists.py",
    "tests/relay/session/test_retries.py",
)

TARGETS: dict[str, tuple[str, ...]] = {
    "proxy/relay/session/session.py": _SESSION,
    "proxy/relay/session/deliveries.py": _SESSION,
    "proxy/relay/session/submits.py": _SESSION,
    "proxy/relay/session/from_esme.py": _SESSION,
    "proxy/relay/session/from_smsc.py": _SESSION,
    "proxy/relay/session/lifecycle.py": (*_SESSION[1:], *_SESSION[:1]),
    "proxy/relay/session/standing.py": _SESSION,
    "proxy/relay/session/binds.py": _SESSION,
    "proxy/relay/session/dialect.py": (*_SESSION[4:], *_SESSION[:4]),
    "proxy/consent/policy.py": ("tests/consent/test_policy.py", *_SESSION),
    "proxy/relay/session/glance.py": (*_SESSION[6:], *_SESSION[:6]),
    "proxy/relay/session/actions.py": _SESSION,
    "proxy/consent/rules.py": ("tests/consent/test_rules.py", *_SESSION, "tests/ledger/test_confirmation.py"),
    "proxy/ledger/tables/parts.py": ("tests/ledger/tables/test_parts.py",),
    "proxy/consent/scope.py": ("tests/consent/test_scope.py", *_SESSION),
    "proxy/consent/numbers.py": ("tests/consent/test_numbers.py", *_SESSION),
    "proxy/ledger/ledger.py": _LEDGER,
    "proxy/ledger/store.py": _LEDGER,
    "proxy/ledger/tables/journal.py": _LEDGER,
    "proxy/ledger/tables/pairs.py": _LEDGER,
    "proxy/ledger/upkeep/bulk.py": _LEDGER,
    "proxy/ledger/tables/records.py": ("tests/ledger/test_reader.py", *_LEDGER),
    "proxy/ledger/tables/aging.py": _LEDGER,
    "proxy/ledger/tables/turned_back.py": (*_LEDGER, "tests/relay/session/test_doors.py"),
    "proxy/consent/plans.py": ("tests/consent/test_numbers.py", "tests/consent/test_numbers_survey.py"),
    "proxy/consent/written.py": ("tests/consent/test_written.py", "tests/ledger/upkeep/test_lists.py"),
    "proxy/relay/session/bind_rates.py": ("tests/relay/session/test_bind_rates.py",),
    "proxy/ledger/reader.py": ("tests/ledger/test_reader.py", *_LEDGER),
}
"""Files of tests by the file they are to guard; those that notice most come first."""

ORDINARY = (
    "AddNot",
    "ExceptionReplacer",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ZeroIterationForLoop",
    "ReplaceComparisonOperator",
    "ReplaceBinaryOperator_Add",
    "ReplaceBinaryOperator_Sub",
    "ReplaceBinaryOperator_Mul",
    "ReplaceUnaryOperator_Delete_Not",
)
"""cosmic-ray's operators that are used, by how their names begin; not those that break annotations or decorators."""
