"""Which files are broken on purpose, and which tests must notice."""

from __future__ import annotations

_SESSION = (
    "tests/relay/test_session.py",
    "tests/relay/test_edits.py",
    "tests/relay/test_told.py",
    "tests/relay/test_policy.py",
    "tests/relay/test_confirmation.py",
    "tests/relay/test_glance.py",
    "tests/relay/test_doors.py",
    "tests/relay/test_retries.py",
    "tests/relay/test_worst.py",
)
_LEDGER = (
    "tests/consent/test_records.py",
    "tests/consent/test_ledger.py",
    "tests/consent/test_confirmation.py",
    "tests/consent/test_refusals.py",
    "tests/consent/test_journal.py",
    "tests/consent/test_retention.py",
    "tests/consent/test_parts.py",
    "tests/consent/test_transfer.py",
    "tests/relay/test_retries.py",
)

TARGETS: dict[str, tuple[str, ...]] = {
    "proxy/relay/session.py": _SESSION,
    "proxy/relay/deliveries.py": _SESSION,
    "proxy/relay/submits.py": _SESSION,
    "proxy/relay/policy.py": (*_SESSION[3:], *_SESSION[:3]),
    "proxy/relay/glance.py": (*_SESSION[5:], *_SESSION[:5]),
    "proxy/relay/actions.py": _SESSION,
    "proxy/consent/rules.py": ("tests/consent/test_rules.py", *_SESSION, "tests/consent/test_confirmation.py"),
    "proxy/consent/parts.py": ("tests/consent/test_parts.py",),
    "proxy/consent/scope.py": ("tests/consent/test_scope.py", *_SESSION),
    "proxy/consent/numbers.py": ("tests/consent/test_numbers.py", *_SESSION),
    "proxy/consent/ledger.py": _LEDGER,
    "proxy/consent/records.py": ("tests/consent/test_reader.py", *_LEDGER),
    "proxy/consent/aging.py": _LEDGER,
    "proxy/consent/turned_back.py": (*_LEDGER, "tests/relay/test_doors.py"),
    "proxy/consent/plans.py": ("tests/consent/test_numbers.py", "tests/consent/test_numbers_survey.py"),
    "proxy/consent/written.py": ("tests/consent/test_written.py", "tests/consent/test_transfer.py"),
    "proxy/relay/binds.py": ("tests/relay/test_binds.py",),
    "proxy/consent/reader.py": ("tests/consent/test_reader.py", *_LEDGER),
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
