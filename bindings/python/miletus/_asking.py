# How the functions of this package put their questions to the compiled half.
"""The way from a function's arguments to the compiled half, and back."""
import typing
from typing import Any

from miletus import _miletus
from miletus.errors import ArgumentError, OutputError
from miletus.results import Greeks, Status

_PRICE = 1
_PRICE_AND_STATUS = 1 | 1 << len(Greeks._fields) - 1
_ALL = (1 << len(Greeks._fields)) - 1
_VOL = 1
_VOL_AND_STATUS = 3
_STATUSES = tuple(Status)
_BITS = {name: 1 << place for place, name in enumerate(Greeks._fields)}
_new = tuple.__new__


def ask_price(
    model: int, numbers: tuple[Any, ...], kind: Any, status: bool, out: Any, threads: int
) -> Any:
    """A price, and its status where that is wanted."""
    if not status:
        return _miletus.solve(model, numbers, kind, _PRICE, out, threads)
    places = None if out is None else (out,) + (None,) * 9
    answer = _miletus.solve(model, numbers, kind, _PRICE_AND_STATUS, places, threads)
    return answer[0], _named(answer[-1])


def ask_vol(
    model: int, numbers: tuple[Any, ...], kind: Any, status: bool, out: Any, threads: int
) -> Any:
    """A volatility, and its status where that is wanted."""
    if not status:
        return _miletus.solve(model, numbers, kind, _VOL, out, threads)
    places = None if out is None else (out, None)
    vol, code = _miletus.solve(model, numbers, kind, _VOL_AND_STATUS, places, threads)
    return vol, _named(code)


def ask_greeks(
    model: int, numbers: tuple[Any, ...], kind: Any, names: Any, out: Any, threads: int
) -> Greeks:
    """A price and its derivatives, as many as are wanted."""
    wanted = _ALL if names is None and out is None else _wanted(names, out)
    answer = _miletus.solve(model, numbers, kind, wanted, out, threads)
    if wanted & (wanted - 1) == 0:
        answer = tuple(answer if wanted == bit else None for bit in _BITS.values())
    if type(answer[-1]) is int:
        answer = (*answer[:-1], _STATUSES[answer[-1]])
    return _new(Greeks, answer)


def _named(code: Any) -> Any:
    return _STATUSES[code] if type(code) is int else code


def _wanted(names: Any, out: Any) -> int:
    if names is None:
        if not isinstance(out, tuple):
            raise OutputError("out: Greeks, unless names has a single name")
        return sum(bit for bit, column in zip(_BITS.values(), out) if column is not None)
    if not isinstance(names, typing.Iterable):
        raise ArgumentError(f"names: {names!r} is neither words nor a text of them")
    wanted = 0
    for name in names.split() if isinstance(names, str) else names:
        if not isinstance(name, str) or name not in _BITS:
            raise ArgumentError(f"names: {name!r} is none of {' '.join(_BITS)}")
        wanted |= _BITS[name]
    return wanted
