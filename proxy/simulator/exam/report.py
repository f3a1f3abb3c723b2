"""The report of an exam, for people and for CI."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proxy.simulator.exam.exam import Result


def show(results: Sequence[Result], console: Console | None = None) -> None:
    """Print a table of all results, the PDUs behind the failures, and how many there are of each verdict."""
    console = console or Console()
    colours = {"pass": "green", "fail": "red", "not seen": "yellow"}
    table = Table("behaviour", "verdict", "what was seen")
    for result in results:
        colour = colours[result.verdict]
        table.add_row(result.name, f"[{colour}]{result.verdict}[/]", escape(result.detail))
    console.print(table)
    for result in results:
        if result.verdict == "fail":
            console.print(f"[bold]{result.name}[/]")
            for line in result.evidence:
                console.print(f"  {line}", highlight=False)
    counts = {verdict: sum(result.verdict == verdict for result in results) for verdict in colours}
    console.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))


def junit_xml(results: Sequence[Result]) -> str:
    """The report as JUnit XML; what was not seen counts as skipped."""
    failures, skipped = (sum(r.verdict == verdict for r in results) for verdict in ("fail", "not seen"))
    suite = ET.Element(
        "testsuite",
        name="SMPP client",
        tests=str(len(results)),
        failures=str(failures),
        skipped=str(skipped),
        errors="0",
    )
    for result in results:
        case = ET.SubElement(suite, "testcase", classname="smpp.exam", name=result.name)
        if result.verdict == "fail":
            ET.SubElement(case, "failure", message=result.detail).text = "\n".join(result.evidence)
        elif result.verdict == "not seen":
            ET.SubElement(case, "skipped", message=result.detail)
        ET.SubElement(case, "system-out").text = "\n".join((result.detail, *result.evidence))
    ET.indent(suite)
    return ET.tostring(suite, "unicode", xml_declaration=True) + "\n"
