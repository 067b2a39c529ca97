# The types of models.py, as those of options.pyi.
from collections.abc import Iterable
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from miletus.results import Greeks, Status

@overload
def bachelier(  # type: ignore[misc]
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
def bachelier(  # type: ignore[misc]
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
def bachelier(
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
def bachelier(
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
def bachelier_greeks(
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
def bachelier_iv(  # type: ignore[misc]
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
def bachelier_iv(  # type: ignore[misc]
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
def bachelier_iv(
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
def bachelier_iv(
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
def displaced(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    shift: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[False] = False,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def displaced(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    shift: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def displaced(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    shift: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[False] = False,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def displaced(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    shift: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
def displaced_greeks(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    shift: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    names: str | Iterable[str] | None = None,
    out: Greeks | None = None,
    threads: int = 1,
) -> Greeks: ...
@overload
def displaced_iv(  # type: ignore[misc]
    price: float,
    F: float,
    K: float,
    T: float,
    shift: float,
    kind: str = "call",
    df: float = 1.0,
    status: Literal[False] = False,
    *,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def displaced_iv(  # type: ignore[misc]
    price: float,
    F: float,
    K: float,
    T: float,
    shift: float,
    kind: str = "call",
    df: float = 1.0,
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def displaced_iv(
    price: ArrayLike,
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    shift: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    status: Literal[False] = False,
    *,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def displaced_iv(
    price: ArrayLike,
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    shift: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
@overload
def inverse(  # type: ignore[misc]
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
def inverse(  # type: ignore[misc]
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
def inverse(
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
def inverse(
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
def inverse_greeks(
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
def inverse_iv(  # type: ignore[misc]
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
def inverse_iv(  # type: ignore[misc]
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
def inverse_iv(
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
def inverse_iv(
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
def quanto(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    fx_vol: float,
    correlation: float,
    kind: str = "call",
    df: float = 1.0,
    fx_rate: float = 1.0,
    *,
    status: Literal[False] = False,
    out: None = None,
    threads: int = 1,
) -> float: ...
@overload
def quanto(  # type: ignore[misc]
    F: float,
    K: float,
    T: float,
    vol: float,
    fx_vol: float,
    correlation: float,
    kind: str = "call",
    df: float = 1.0,
    fx_rate: float = 1.0,
    *,
    status: Literal[True],
    out: None = None,
    threads: int = 1,
) -> tuple[float, Status]: ...
@overload
def quanto(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    fx_vol: ArrayLike,
    correlation: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    fx_rate: ArrayLike = 1.0,
    *,
    status: Literal[False] = False,
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> NDArray[np.float64]: ...
@overload
def quanto(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    fx_vol: ArrayLike,
    correlation: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    fx_rate: ArrayLike = 1.0,
    *,
    status: Literal[True],
    out: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]: ...
def quanto_greeks(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    fx_vol: ArrayLike,
    correlation: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    fx_rate: ArrayLike = 1.0,
    *,
    names: str | Iterable[str] | None = None,
    out: Greeks | None = None,
    threads: int = 1,
) -> Greeks: ...
