# The types of options.py: numbers give a number, arrays an array; with status=True also statuses.
from collections.abc import Iterable
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from miletus.results import Greeks, Status

@overload
def price(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[False] = False,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def price(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def price(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[False] = False,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def price(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
def greeks(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    names: str | Iterable[str] | None = None,
    out: Greeks | None = None,
    threads: int = 1,
) -> Greeks: ...
@overload
def iv(  # type: ignore[misc]
    price: float,
    F: float,
    K: float,
    T: float,
    kind: str = "call",
    df: float = 1.0,
    status: Literal[False] = False,
    *,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def iv(  # type: ignore[misc]
    price: float,
    F: float,
    K: float,
    T: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def iv(
    price: ArrayLike,
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    status: Literal[False] = False,
    *,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def iv(
    price: ArrayLike,
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
@overload
def bsm(  # type: ignore[misc]
    S: float,
    K: float,
    T: float,
    vol: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    status: Literal[False] = False,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def bsm(  # type: ignore[misc]
    S: float,
    K: float,
    T: float,
    vol: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def bsm(
    S: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    r: ArrayLike = 0.0,
    q: ArrayLike = 0.0,
    kind: ArrayLike = "call",
    *,
    status: Literal[False] = False,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def bsm(
    S: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    r: ArrayLike = 0.0,
    q: ArrayLike = 0.0,
    kind: ArrayLike = "call",
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
def bsm_greeks(
    S: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    r: ArrayLike = 0.0,
    q: ArrayLike = 0.0,
    kind: ArrayLike = "call",
    *,
    names: str | Iterable[str] | None = None,
    out: Greeks | None = None,
    threads: int = 1,
) -> Greeks: ...
@overload
def bsm_iv(  # type: ignore[misc]
    price: float,
    S: float,
    K: float,
    T: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    status: Literal[False] = False,
    *,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def bsm_iv(  # type: ignore[misc]
    price: float,
    S: float,
    K: float,
    T: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def bsm_iv(
    price: ArrayLike,
    S: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    r: ArrayLike = 0.0,
    q: ArrayLike = 0.0,
    kind: ArrayLike = "call",
    status: Literal[False] = False,
    *,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def bsm_iv(
    price: ArrayLike,
    S: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    r: ArrayLike = 0.0,
    q: ArrayLike = 0.0,
    kind: ArrayLike = "call",
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
