# Volatility surfaces from chains of quotes as venues give them.
"""Volatility surfaces: free of arbitrage, and fitted between bid and ask wherever that can be.

Bad quotes (one-sided, crossed, stale, absurd) are told apart and reported; forwards come from
put-call parity.

>>> import miletus
>>> strikes = np.arange(80_000, 130_000, 5_000.0)
>>> smile = 0.5 + 0.4 * np.log(strikes / 100_000) ** 2
>>> middle = miletus.price(100_000, strikes, 0.1, smile, 'call') / 100_000
>>> surface = fit(K=strikes, T=0.1, kind='call', bid=middle - 5e-4, ask=middle + 5e-4,
...               forward=100_000)
>>> surface.vol(100_000, 0.1).round(2)
0.5
"""
import sys
import typing

import numpy as np
from numpy.typing import ArrayLike

from miletus import _miletus
from miletus.errors import (
    ArgumentError,
    FitError,
    MissingError,
    NumberError,
    ShapeError,
)
from miletus.results import Status

__all__ = ["Surface", "fit"]

# The names that a column may have in a table of quotes; the first is also the argument's.
_COLUMNS = {
    "K": ("K", "strike"),
    "T": ("T", "time_to_maturity", "time"),
    "kind": ("kind", "option_type", "type"),
    "bid": ("bid", "bid_price"),
    "ask": ("ask", "ask_price"),
    "mark": ("mark", "mark_price"),
    "forward": ("forward", "futures_price"),
    "age": ("age",),
    "spot": ("spot", "index_price", "index"),
}
_NUMBERS = ("T", "K", "bid", "ask", "age", "mark", "forward")
_NEEDED = ("K", "T", "kind", "bid", "ask")
_MAY_BE_ABSENT = ("bid", "ask", "age", "mark", "forward")
_MOMENTS = ("timestamp", "expiry_datetime")
_YEAR = 365.0 * 86_400


class Surface:
    """A fitted surface: ask it for volatilities, what it made of the quotes, or a picture.

    >>> surface = fit(K=[90, 95, 100, 105, 110], T=0.5, kind=['p', 'p', 'c', 'c', 'c'],
    ...               bid=[1.9, 3.4, 5.5, 3.6, 2.3], ask=[2.1, 3.6, 5.7, 3.8, 2.5],
    ...               forward=100, settlement='cash')
    >>> round(surface.forward(0.5), 9), surface.report()['inside'][0]
    (100.0, 5)
    >>> surface.quotes()['status'][0]
    'used'
    """

    def __init__(self, fitted: typing.Any, quotes: dict[str, typing.Any]) -> None:
        """Made by :func:`fit`."""
        self._fitted = fitted
        self._quotes = quotes

    def vol(
        self, K: ArrayLike, T: ArrayLike, *, status: bool = False, threads: int = 1
    ) -> typing.Any:
        """Volatilities at strikes and times, which are broadcast against each other.

        ``status=True`` returns a :class:`miletus.Status` of each too.
        """
        vols, codes = self._fitted.vol(K, T, threads)
        if vols.ndim == 0:
            vols, codes = vols[()], Status(int(codes))
        return (vols, codes) if status else vols

    def forward(self, T: float) -> float:
        """The forward at a time; not a number at one that is negative, or beyond 1000 years."""
        return float(self._fitted.forward(T))

    def report(self) -> typing.Any:
        """What was fitted, by expiry: forwards, quotes that the fit lies inside of, residuals, the
        least of Durrleman's g and of the variance's growth, which negative would be arbitrage, and
        raw SVI's parameters. A DataFrame with pandas, else lists by name.
        """
        return _table(self._fitted.expiries())

    def quotes(self) -> typing.Any:
        """What became of each quote, in their order: its status, its volatilities and the fit's.

        A DataFrame with pandas, else lists by name.
        """
        return _table({**self._quotes, **self._fitted.quotes()})

    def plot(self, axes: typing.Any = None) -> typing.Any:
        """Draws the smile of each expiry and the quotes around it; returns matplotlib's axes."""
        try:
            from matplotlib import pyplot  # type: ignore[import]
        except ImportError as missing:
            raise MissingError("plot: matplotlib is not installed") from missing
        axes = axes or pyplot.subplots()[1]
        told, quotes = self._fitted.expiries(), self._fitted.quotes()
        bid, ask = np.array(quotes["bid_vol"]), np.array(quotes["ask_vol"])
        shown = np.array(quotes["is_used"], bool) & (bid > 0) & (ask > 0)
        expiry = np.array(quotes["expiry"])
        for at, time in enumerate(told["T"]):
            here = shown & (expiry == at)
            if told["is_fitted"][at] and here.any():
                strikes = self._quotes["K"][here]
                dense = np.geomspace(strikes.min(), strikes.max(), 200)
                smile = self.vol(dense, time)
                (line,) = axes.plot(dense, smile, label=f"{time:.3f}", linewidth=1)
                axes.vlines(strikes, bid[here], ask[here], colors=line.get_color(), alpha=0.5)
        axes.set(xlabel="strike", ylabel="volatility", xscale="log")
        axes.legend(title="years", fontsize="small")
        return axes


def fit(
    chain: typing.Any = None,
    *,
    K: ArrayLike | None = None,
    T: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    bid: ArrayLike | None = None,
    ask: ArrayLike | None = None,
    mark: ArrayLike | None = None,
    forward: ArrayLike | None = None,
    age: ArrayLike | None = None,
    spot: ArrayLike | None = None,
    settlement: str = "coin",
    discount: float | None = 1.0,
    age_max: float = 1e9,
) -> Surface:
    """A surface through a chain of quotes: a DataFrame, another table of columns, or arrays.

    Columns are those of the arguments, or as exports of venues name them (``strike``,
    ``option_type``, ``time_to_maturity``, ``bid_price``, …). In place of times there may be columns
    ``timestamp`` and ``expiry_datetime``: time is left from the newest timestamp on, and quotes age
    until then. A side, mark or forward that is absent is None, zero or not a number; of several
    spots, the one in the middle counts. Prices are in coin, or, with ``settlement='cash'``, in the
    unit of strikes; then `discount` is what cash is discounted by, None if that is to be estimated.
    Quotes older than `age_max` seconds count as stale. A chain without a usable quote raises
    :class:`miletus.FitError`.

    >>> table = {'strike': [100, 105], 'time': 1, 'type': ['call', 'call'], 'bid': [0, 0], 'ask': 1}
    >>> fit(table)
    Traceback (most recent call last):
    miletus.errors.FitError: no expiry has three quotes that can be used
    """
    if chain is not None and not hasattr(chain, "keys") and not hasattr(chain, "columns"):
        raise ArgumentError(f"chain: {type(chain).__name__} is no table of columns with names")
    given = dict(K=K, T=T, kind=kind, bid=bid, ask=ask, mark=mark, forward=forward, age=age)
    columns = {name: _column(chain, name, value) for name, value in given.items()}
    if columns["T"] is None and chain is not None and all(name in chain for name in _MOMENTS):
        columns["T"], age_then = _times(chain)
        columns["age"] = age_then if columns["age"] is None else columns["age"]
    for name in _NEEDED:
        if columns[name] is None:
            raise ArgumentError(f"{name}: neither an argument nor a column of the chain")
    if settlement not in ("coin", "cash"):
        raise ArgumentError(f"settlement: {settlement!r} is neither 'coin' nor 'cash'")
    _check_currency(chain)
    quotes = _broadcast({name: 0.0 if value is None else value for name, value in columns.items()})
    fitted = _miletus.fit_surface(
        tuple(quotes[name] for name in _NUMBERS),
        quotes["kind"],
        settlement == "coin",
        _spot_of(chain, spot),
        discount,
        age_max,
    )
    if isinstance(fitted, str):
        raise FitError(fitted)
    return Surface(fitted, quotes)


def _column(chain: typing.Any, name: str, value: typing.Any) -> typing.Any:
    if value is not None or chain is None:
        return value
    known = [spelling for spelling in _COLUMNS[name] if spelling in chain]
    return chain[known[0]] if known else None


def _times(chain: typing.Any) -> tuple[typing.Any, typing.Any]:
    """Years that are left, and how many seconds old the quotes are, at the newest timestamp."""
    moments, expiries = (_seconds(chain[name], name) for name in _MOMENTS)
    newest = np.fmax.reduce(moments, initial=-np.inf)
    return (expiries - newest) / _YEAR, newest - moments


def _seconds(column: typing.Any, name: str) -> typing.Any:
    try:
        import pandas  # type: ignore[import]
    except ImportError as missing:
        raise MissingError(f"{name}: pandas, which reads it, is not installed") from missing
    try:
        moments = pandas.to_datetime(np.atleast_1d(column), utc=True).tz_convert(None)
    except (TypeError, ValueError) as error:
        raise NumberError(f"{name}: {error}") from error
    return (moments.to_numpy() - np.datetime64(0, "s")) / np.timedelta64(1, "s")


def _numbers(column: typing.Any, name: str) -> typing.Any:
    """As float64; what is absent is not a number."""
    if isinstance(column, np.ma.MaskedArray):
        column = np.where(column.mask, np.nan, column.data)
    try:
        numbers = np.atleast_1d(column)
        if numbers.dtype.kind not in "fiubO":
            raise TypeError(f"{numbers.dtype} is no kind of number")
        if numbers.dtype.kind == "O":
            absent = getattr(sys.modules.get("pandas"), "NA", None)
            told = [np.nan if item is absent else item for item in numbers.ravel()]
            numbers = np.array(told, object).reshape(numbers.shape)
        return numbers.astype("float64")
    except (TypeError, ValueError, OverflowError) as error:
        raise NumberError(f"{name}: {error}") from error


def _broadcast(columns: dict[str, typing.Any]) -> dict[str, typing.Any]:
    kinds = {"kind": columns["kind"]}
    told = {name: _numbers(columns[name], name) for name in _NUMBERS}
    columns = {name: (told | kinds)[name] for name in columns}
    try:
        rows = np.broadcast_arrays(*(np.atleast_1d(column) for column in columns.values()))
    except ValueError as error:
        raise ShapeError(f"fit: {error}") from error
    quotes = {name: row.ravel() for name, row in zip(columns, rows)}
    for name in _MAY_BE_ABSENT:
        quotes[name] = np.where(np.isnan(quotes[name]), 0.0, quotes[name])
    return quotes


def _spot_of(chain: typing.Any, given: typing.Any) -> typing.Any:
    """The one in the middle of those that are known; zero where none is."""
    if given is not None and np.isscalar(given):
        return given
    column = _column(chain, "spot", given)
    numbers = _numbers(0.0 if column is None else column, "spot").ravel()
    known = np.sort(numbers[numbers > 0])
    return float(known[known.size // 2]) if known.size else 0.0


def _check_currency(chain: typing.Any) -> None:
    if chain is not None and "currency" in chain:
        currencies = sorted({str(name) for name in np.atleast_1d(chain["currency"])})
        if len(currencies) > 1:
            raise ArgumentError(f"currency: a surface is of one, here are {currencies}")


def _table(columns: dict[str, typing.Any]) -> typing.Any:
    try:
        import pandas
    except ImportError:
        return columns
    return pandas.DataFrame(columns)
