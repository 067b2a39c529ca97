# Monte Carlo: options whose payoff depends on a path, or on several assets.
"""Monte Carlo over geometric Brownian motions, with the standard error of every estimate.

How paths are drawn is said by a :class:`Drawing`: Philox's random numbers, or Sobol's points under
random shifts, along a Brownian bridge or forwards, in pairs of mirror images, and with the error of
a similar option that has a formula taken off. The same drawing gives the same bits on every machine
and any number of ``threads``.

`S` is the spot, `vol` its volatility, `r` the rate and `q` what holding the asset earns; `times`
are in years, and rise. Each call is one simulation, so arguments are numbers, but for `times` and,
in a basket, what each asset has of its own. What cannot be simulated has a value that is not a
number, and a status.
"""
import typing
from enum import IntEnum

from numpy.typing import ArrayLike

from miletus import _miletus
from miletus.errors import ArgumentError

__all__ = [
    "Drawing",
    "Estimate",
    "PathStatus",
    "Walks",
    "asian",
    "barrier",
    "basket",
    "european",
    "walks",
]

_PATHS_MAX = 2**32


class PathStatus(IntEnum):
    """Why a simulation cannot be run, or its numbers not be trusted.

    >>> PathStatus(4).name
    'unsorted_times'
    """

    ok = 0
    not_a_number = 1
    out_of_domain = 2
    lengths_differ = 3
    unsorted_times = 4
    not_positive_definite = 5
    too_few_paths = 6
    too_many_paths = 7
    too_few_shifts = 8
    too_many_dimensions = 9
    missing_blocks = 10


class Drawing(typing.NamedTuple):
    """How paths are drawn, and how many at least.

    >>> Drawing(paths=1_000_000, generator='sobol', bridge=True).shifts
    16
    """

    paths: int = 65_536
    seed: int = 0
    generator: str = "philox"  # or "sobol"
    shifts: int = 16  # of Sobol's points, for their standard error
    bridge: bool = False  # draws the last time first, then what lies in between
    antithetic: bool = False  # a sample is the mean over a path and its mirror image
    control: bool = False  # takes off the error of a similar option that has a formula


class Estimate(typing.NamedTuple):
    """What a simulation comes to.

    >>> estimate = european(100, 100, 1, 0.2)
    >>> abs(estimate.value - 7.9656) < 4 * estimate.standard_error
    True
    """

    value: float
    standard_error: float
    paths: int  # that were walked
    control_coefficient: float  # how much of the control's error was taken off
    status: PathStatus


class Walks(typing.NamedTuple):
    """Prices along paths, by path, time and asset; none without status ok.

    >>> walks(100, [0.5, 1], 0.2, drawing=Drawing(paths=1000)).prices.shape
    (1000, 2, 1)
    """

    prices: typing.Any
    status: PathStatus


def european(
    S: float,
    K: float,
    T: float,
    vol: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    drawing: Drawing = Drawing(),
    threads: int = 1,
) -> Estimate:
    """An option on the price at `T`, which :func:`miletus.bsm` tells without drawing anything.

    >>> plain, controlled = (
    ...     european(100, 100, 1, 0.2, drawing=Drawing(control=control)).standard_error
    ...     for control in (False, True)
    ... )
    >>> controlled < plain / 2
    True
    """
    market = (S, vol, r, q, T, ())
    return _estimated(market, ("european", kind, K), drawing, threads)


def asian(
    S: float,
    K: float,
    times: ArrayLike,
    vol: float,
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    average: str = "arithmetic",
    drawing: Drawing = Drawing(),
    threads: int = 1,
) -> Estimate:
    """An option on the ``'arithmetic'`` or ``'geometric'`` average of the prices at `times`.

    >>> months = [month / 12 for month in range(1, 13)]
    >>> round(asian(100, 100, months, 0.2, drawing=Drawing(control=True)).value, 3)
    4.889
    """
    if average not in ("arithmetic", "geometric"):
        raise ArgumentError(f"average: {average!r} is neither 'arithmetic' nor 'geometric'")
    market = (S, vol, r, q, times, ())
    return _estimated(market, (average, kind, K), drawing, threads)


def barrier(
    S: float,
    K: float,
    times: ArrayLike,
    vol: float,
    barrier: float,
    barrier_kind: str = "up-and-out",
    r: float = 0.0,
    q: float = 0.0,
    kind: str = "call",
    *,
    continuous: bool = False,
    drawing: Drawing = Drawing(),
    threads: int = 1,
) -> Estimate:
    """An option on the price at the last time that a barrier ends, or brings to life.

    Its kinds are ``'up-and-out'``, ``'up-and-in'``, ``'down-and-out'`` and ``'down-and-in'``. It is
    watched at `times`, or, if it is `continuous`, from the start and between them too.

    >>> alive = barrier(100, 100, [0.5, 1], 0.2, 130, continuous=True)
    >>> alive.value < european(100, 100, 1, 0.2).value
    True
    """
    market = (S, vol, r, q, times, ())
    payoff = ("barrier", kind, K, barrier_kind, barrier, continuous, ())
    return _estimated(market, payoff, drawing, threads)


def basket(
    S: ArrayLike,
    K: float,
    T: float,
    vol: ArrayLike,
    weights: ArrayLike,
    correlation: ArrayLike | None = None,
    r: float = 0.0,
    q: ArrayLike = 0.0,
    kind: str = "call",
    *,
    drawing: Drawing = Drawing(),
    threads: int = 1,
) -> Estimate:
    """An option on the weighted prices of several assets at `T`; `correlation` has a row for each.

    >>> two = [[1, 0.5], [0.5, 1]]
    >>> estimate = basket([100, 50], 100, 1, [0.2, 0.3], [0.5, 1], two)
    >>> estimate.status
    <PathStatus.ok: 0>
    """
    market = (S, vol, r, q, T, () if correlation is None else correlation)
    payoff = ("basket", kind, K, "up-and-out", 1.0, False, weights)
    return _estimated(market, payoff, drawing, threads)


def walks(
    S: ArrayLike,
    times: ArrayLike,
    vol: ArrayLike,
    r: float = 0.0,
    q: ArrayLike = 0.0,
    correlation: ArrayLike | None = None,
    *,
    drawing: Drawing = Drawing(),
    threads: int = 1,
) -> Walks:
    """Prices along paths, for payoffs of one's own; mirror images and controls are not drawn.

    >>> prices = walks(100, [0.5, 1], 0.2).prices[:, :, 0]
    >>> lookback = prices.max(axis=1) - 100
    >>> 0 < lookback.clip(0).mean() < 100
    True
    """
    _check(drawing)
    assets = len(S) if isinstance(S, typing.Sized) else 1
    style = ("basket", [1.0] * assets) if assets > 1 else ("european", ())
    market = (S, vol, r, q, times, () if correlation is None else correlation)
    payoff = (style[0], "call", 1.0, "up-and-out", 1.0, False, style[1])
    plainly = drawing._replace(antithetic=False, control=False)
    prices, status = _miletus.walk(market, payoff, plainly, threads)
    return Walks(prices, PathStatus(status))


def _estimated(
    market: tuple[typing.Any, ...],
    payoff: tuple[typing.Any, ...],
    drawing: Drawing,
    threads: int,
) -> Estimate:
    _check(drawing)
    whole = (*payoff, "up-and-out", 1.0, False, ())[:7] if len(payoff) < 7 else payoff
    value, error, paths, coefficient, status = _miletus.simulate(market, whole, drawing, threads)
    return Estimate(value, error, paths, coefficient, PathStatus(status))


def _check(drawing: Drawing) -> None:
    if not isinstance(drawing, Drawing):
        raise ArgumentError("drawing: a miletus.mc.Drawing")
    if isinstance(drawing.paths, int) and drawing.paths > _PATHS_MAX:
        raise ArgumentError(f"paths: at most {_PATHS_MAX:,}")
