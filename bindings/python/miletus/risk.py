# Risk arrays: what lots gain in each of a list of scenarios, in whole units.
"""Risk arrays, as margin is computed from.

A scenario is what is supposed to happen at once: by which share of itself the price moves, whether
volatility goes ``'up'``, ``'down'`` or stays the ``'same'``, and how much of the gain or loss
counts. How far volatility moves depends on the time that is left, by :class:`VolShocks`.

Entries are ``int64``, in the smallest unit of what the instrument settles in, and rounded once:
they are the same on every machine, and sums of them are exact.
"""
import typing

from numpy.typing import ArrayLike

from miletus import _miletus
from miletus.errors import ArgumentError

__all__ = ["Scenario", "VolShocks", "linear_risk_array", "risk_array", "usual_scenarios"]


class Scenario(typing.NamedTuple):
    """What is supposed to happen at once.

    >>> Scenario(price_move=-0.16, vol_move='up')
    Scenario(price_move=-0.16, vol_move='up', weight=1.0)
    """

    price_move: float = 0.0
    vol_move: str = "same"
    weight: float = 1.0


class VolShocks(typing.NamedTuple):
    """How far volatility moves: by a share of itself that is ``range (30 / days) ** power``.

    The near power holds below 30 days, and at least a day counts as left.

    >>> VolShocks(range_up=0.6).range_down
    0.25
    """

    range_up: float = 0.50
    range_down: float = 0.25
    power_near: float = 0.30
    power_far: float = 0.13
    vol_min_up: float = 0.50  # what volatility at least rises to


def usual_scenarios(price_range: float = 0.16, extended_factor: float = 1.0) -> list[Scenario]:
    """Nine prices with each move of volatility, then the far ones of which less counts.

    >>> scenarios = usual_scenarios()
    >>> len(scenarios), scenarios[0]
    (35, Scenario(price_move=-0.16, vol_move='up', weight=1.0))
    """
    rows = _miletus.usual_scenarios(price_range, extended_factor)
    return [Scenario(*row) for row in rows]


def risk_array(
    F: ArrayLike,
    K: ArrayLike,
    T: ArrayLike,
    vol: ArrayLike,
    kind: ArrayLike = "call",
    df: ArrayLike = 1.0,
    *,
    units: ArrayLike = 1.0,
    scenarios: typing.Iterable[tuple[float, str, float]] | None = None,
    shocks: VolShocks = VolShocks(),
    status: bool = False,
    threads: int = 1,
) -> typing.Any:
    """What one lot of each option gains in each scenario, in an array with one dimension more.

    `units` says how many smallest units a lot gains when its price rises by 1. An option that has
    no price has zeros, and a :class:`miletus.Status`, which ``status=True`` returns too.

    >>> moves = [(-0.16, 'up', 1), (0, 'same', 1), (0.16, 'down', 1)]
    >>> risk_array(100_000, [90_000, 110_000], 7 / 365, 0.55, units=1e6, scenarios=moves)
    array([[-7992482790,           0, 15725279243],
           [ -291553537,           0,  5933295314]])
    """
    numbers = (F, K, T, vol, df, units)
    rows = _rows(scenarios)
    entries, codes = _miletus.risk_array(numbers, kind, rows, shocks, threads)
    return (entries, codes) if status else entries


def linear_risk_array(
    price: ArrayLike,
    units: ArrayLike = 1.0,
    *,
    scenarios: typing.Iterable[tuple[float, str, float]] | None = None,
    status: bool = False,
    threads: int = 1,
) -> typing.Any:
    """What one lot of each perpetual or future gains in each scenario.

    >>> linear_risk_array([100, 200], 10, scenarios=[(-0.5, 'up', 1), (0.25, 'same', 0.5)])
    array([[ -500,   125],
           [-1000,   250]])
    """
    entries, codes = _miletus.linear_risk_array((price, units), _rows(scenarios), threads)
    return (entries, codes) if status else entries


def _rows(scenarios: typing.Iterable[tuple[float, str, float]] | None) -> list[typing.Any]:
    if scenarios is None:
        return [*usual_scenarios()]
    if not isinstance(scenarios, typing.Iterable):
        raise ArgumentError("scenarios: rows of price move, volatility move and weight")
    return [*scenarios]
