"""A mutation that cosmic-ray lacks: a statement that does something is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Keyword
from parso.tree import search_ancestor

Place = tuple[tuple[int, int], tuple[int, int]]

_DOES_NOTHING = ("import_name", "import_from", "pass_stmt", "assert_stmt", "string", "strings", "keyword", "operator")


class DeleteStatement(Operator):  # type: ignore[misc]
    """``pass`` in the place of a call, an assignment, a return, in any function."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        """One place for every simple statement inside a function that isn't a docstring, an import or an assertion."""
        if node.type != "simple_stmt":
            return
        statement = node.children[0]
        if statement.type not in _DOES_NOTHING and search_ancestor(node, "funcdef") is not None:
            yield statement.start_pos, statement.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """The statement's line with ``pass`` for it."""
        statement = node.children[0]
        nothing = Keyword("pass", statement.start_pos, statement.get_first_leaf().prefix)
        nothing.parent = node
        node.children[0] = nothing
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """As cosmic-ray wants them."""
        return (Example("def f(x):\n    x.sort()\n    return x\n", "def f(x):\n    pass\n    return x\n"),)
