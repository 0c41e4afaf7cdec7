"""Writes the notebooks: `python docs/notebooks.py` runs the cells of notebooks/*.py and keeps what they show in notebooks/*.ipynb."""

from __future__ import annotations

import os
import pathlib
import re
import sys

import nbformat
from nbclient import NotebookClient

HERE = pathlib.Path(__file__).parent / "notebooks"


def notebook(text: str) -> nbformat.NotebookNode:
    """The cells of a script, as they stand between its marks `# %%` and `# %% [markdown]`, not yet run."""
    cells = []
    for k, (kind, body) in enumerate(re.findall(r"^# %%( \[markdown\])?\n(.*?)(?=^# %%|\Z)", text, re.M | re.S)):
        inside = re.sub(r"^# ?", "", body, flags=re.M) if kind else body
        make = nbformat.v4.new_markdown_cell if kind else nbformat.v4.new_code_cell
        cells.append(make(inside.strip(), id=f"cell-{k}"))
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": {"name": "python"}}
    return made


def run(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with what its cells show, less the times and places of this run."""
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(str(pathlib.Path(part).resolve()) for part in sys.path if part)}
    NotebookClient(made, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute(env=here)
    for cell in made.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            output.pop("metadata", None)
            if output.output_type == "execute_result":
                output.metadata = {}
                if "text/html" in output.data:
                    output.data.pop("text/plain", None)
                output.data = {kind: shown.replace(f"{HERE.parent.parent}/", "") for kind, shown in output.data.items()}
    return made


if __name__ == "__main__":
    for path in sorted(HERE.glob("*.py")):
        if sys.argv[1:] and path.stem not in sys.argv[1:]:
            continue
        nbformat.write(run(notebook(path.read_text(encoding="utf-8"))), path.with_suffix(".ipynb"))
        print(path.with_suffix(".ipynb"))
