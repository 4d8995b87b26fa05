"""Draws the table of a process as Mermaid and Markdown: what `docs/areas` shows, and a test compares with the table."""

from qifu.kernel.workflow import Move
from qifu.kernel.workflow.engine import Workflow


def section(process: Workflow) -> str:
    """Give what stands in `docs/areas` between the marks of one process: its diagram, its moves, its clocks."""
    parts = [f"```mermaid\n{state_diagram(process)}\n```", moves_table(process)]
    if process.clocks:
        parts.append(clocks_table(process))
    return "\n\n".join(parts)


def state_diagram(process: Workflow) -> str:
    """Give the diagram of one process: the opening, each state by its code and Chinese word, one arrow per pair of states.

    An arrow names its verbs with their Chinese words. A state without a way out leads to the end."""
    opening = process.opening
    lines = ["stateDiagram-v2"]
    lines += [f"    {code}: {code} {label}" for code, label in process.states.items()]
    lines.append(f"    [*] --> {process.start}: {opening.verb} {opening.label}")
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in process.moves.values():
        for source in move.sources:
            arrows.setdefault((source, move.target), []).append(f"{move.verb} {move.label}")
    lines += [f"    {source} --> {target}: {'<br>'.join(words)}" for (source, target), words in arrows.items()]
    left = {source for source, _ in arrows}
    lines += [f"    {code} --> [*]" for code in process.states if code not in left]
    return "\n".join(lines)


def moves_table(process: Workflow) -> str:
    """Give the moves of one process as a table: verb, from, to, the right that it asks for, its guard, a second factor."""
    opening = process.opening
    rows = [_row(f"`{opening.verb}` {opening.label}", "", process.start, f"`{opening.who}`", "", "")]
    rows += [
        _row(
            f"`{move.verb}` {move.label}", ", ".join(move.sources), move.target, f"`{move.who}`", _guard(move), "yes" if move.strong else ""
        )
        for move in process.moves.values()
    ]
    return "\n".join([_row("verb", "from", "to", "right", "guard", "second factor"), "|---" * 6 + "|", *rows])


def clocks_table(process: Workflow) -> str:
    """Give the clocks of one process as a table: in which states each runs, and in which it stands still."""
    rows = [
        _row(f"`{clock.name}` {clock.label}", _states(process, clock.runs_in), _states(process, clock.pauses_in))
        for clock in process.clocks
    ]
    return "\n".join([_row("clock", "runs in", "stands still in"), "|---" * 3 + "|", *rows])


def _row(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def _states(process: Workflow, states: frozenset[str]) -> str:
    return ", ".join(code for code in process.states if code in states)


def _guard(move: Move) -> str:
    """Name the guard; one without a name of its own is named by what it calls."""
    if move.guard is None:
        return ""
    name = move.guard.__name__
    return ", ".join(f"`{called}`" for called in ([name] if name.isidentifier() else move.guard.__code__.co_names))
