# What calls return besides plain numbers: statuses, and named columns.
"""Statuses and named results."""
import typing
from enum import IntEnum


__all__ = ["Greeks", "Status"]


class Status(IntEnum):
    """What became of one option among many; arrays of them are of ``uint8``.

    >>> Status(2)
    <Status.not_a_number: 2>
    """

    ok = 0
    no_time_value = 1  # no time left, or no volatility: priced at its intrinsic value
    not_a_number = 2  # an input is
    out_of_domain = 3  # an input that no option has
    below_intrinsic = 4  # a price that no volatility leads to, since it is too low,
    above_maximum = 5  # or too high


class Greeks(typing.NamedTuple):
    """A price and its derivatives: numbers, or arrays of one shape. What was not asked is None.

    ``delta`` and ``gamma`` are by the forward or the spot, ``vega`` by the volatility (for 1,
    which is 100 %), ``theta`` by time as it passes (for a year), ``rho`` by the rate (for 1),
    ``vanna`` by the asset and the volatility, ``volga`` twice by the volatility, ``charm`` by the
    asset and time.

    >>> import miletus
    >>> greeks = miletus.greeks(100, 100, 1, 0.2)
    >>> round(greeks.delta, 4), greeks.status
    (0.5398, <Status.ok: 0>)
    """

    price: typing.Any = None
    delta: typing.Any = None
    gamma: typing.Any = None
    vega: typing.Any = None
    theta: typing.Any = None
    rho: typing.Any = None
    vanna: typing.Any = None
    volga: typing.Any = None
    charm: typing.Any = None
    status: typing.Any = None
