# The compiled half.
from typing import Any

forward: int
spot: int
implied: int
implied_spot: int

def solve(
    model: int, numbers: tuple[Any, ...], kind: Any, wanted: int, out: Any, threads: int, /
) -> Any: ...
