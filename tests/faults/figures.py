"""The figures of a long run: kept line by line while it goes, and made into the table of docs/reliability.md.

`FRONTDESK_FIGURES` names the file they are kept in; without it they are only printed. `python -m tests.faults.figures
FILE` writes the table into the document, between its two marks.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.faults.reckoning import Reckoning

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGINS, ENDS = "<!-- figures of `make faults`: begin -->", "<!-- end -->"
_HEAD = (
    "| trouble | database | sent | acknowledged | told no | Slack's error | lost | doubled | worst answer |\n"
    "| --- | --- | --: | --: | --: | --: | --: | --: | --: |"
)


def keep(trouble: str, database: str, found: Reckoning) -> None:
    """Writes one run down."""
    row = {"trouble": trouble.replace("_", " "), "database": database, "acts": found.acts, **asdict(found)}
    print(json.dumps(row))
    if path := os.environ.get("FRONTDESK_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def table(rows: list[Mapping[str, Any]]) -> str:
    """The rows as Markdown, one for each trouble and database; of several runs the last one."""
    newest = {(row["trouble"], row["database"]): row for row in rows}
    lines = [
        f"| {row['trouble']} | {row['database']} | {row['acts']} | {row['recorded']} | {row['told']} "
        f"| {row['failed']} | {len(row['lost'])} | {len(row['doubled'])} | {row['worst']:.2f} s |"
        for row in newest.values()
    ]
    return "\n".join([_HEAD, *sorted(lines)])


def main(path: str) -> None:
    """Writes the table of this file's rows into the document."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGINS, 1)
    after = rest.split(ENDS, 1)[1]
    DOCUMENT.write_text(f"{before}{BEGINS}\n\n{table(rows)}\n\n{ENDS}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
