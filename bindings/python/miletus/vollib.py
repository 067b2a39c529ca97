# For programs written for py_vollib: its names, its order of arguments and its units.
"""The functions of py_vollib, by its names and with its units, for arrays as well as for numbers.

Change ``from py_vollib.black_scholes import black_scholes`` to ``from miletus.vollib import
black_scholes``, and likewise for ``implied_volatility`` and ``greeks.analytical``. What differs:

- Arguments may be arrays, and flags too.
- A price that no volatility leads to is answered by not-a-number, never by an exception.
- ``black`` has its implied volatility under a name of its own, ``black_implied_volatility``.

py_vollib's units are kept: ``theta`` is what a day of 365 takes away, ``vega`` and ``rho`` what one
percentage point of volatility or of the rate adds. (:func:`miletus.bsm_greeks` tells all of them
for 1: a year, or 100 %.)
"""
from typing import Any

from numpy.typing import ArrayLike

from miletus import options

__all__ = [
    "black",
    "black_implied_volatility",
    "black_scholes",
    "black_scholes_merton",
    "black_scholes_merton_implied_volatility",
    "delta",
    "gamma",
    "implied_volatility",
    "rho",
    "theta",
    "vega",
]

_DAYS = 365.0
_PERCENT = 0.01


def black_scholes(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """Price of an option on a spot that earns nothing.

    >>> black_scholes('c', 100, 90, .5, .01, .2)
    12.111581434969674
    """
    return options.bsm(S, K, t, sigma, r, 0.0, flag)


def black_scholes_merton(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike,
    q: ArrayLike
) -> Any:
    """Price of an option on a spot that earns `q`.

    >>> black_scholes_merton('p', 100, 90, .5, .01, .2, .02)
    1.8690325199597395
    """
    return options.bsm(S, K, t, sigma, r, q, flag)


def black(
    flag: ArrayLike, F: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """Price of an option on a forward, discounted by the rate.

    >>> black('c', 100, 100, .5, .02, .2)
    5.581106724604812
    """
    return options.bsm(F, K, t, sigma, r, r, flag)


def implied_volatility(
    price: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, flag: ArrayLike
) -> Any:
    """Volatility that the price of an option on a spot implies.

    >>> implied_volatility(5.87602423383, 100, 100, .5, .01, 'c')
    0.20000000000008594
    """
    return options.bsm_iv(price, S, K, t, r, 0.0, flag)


def black_scholes_merton_implied_volatility(
    price: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, q: ArrayLike,
    flag: ArrayLike
) -> Any:
    """Volatility that the price of an option on a spot that earns `q` implies.

    >>> black_scholes_merton_implied_volatility(1.9, 100, 90, .5, .01, .02, 'p')
    0.20150066534128616
    """
    return options.bsm_iv(price, S, K, t, r, q, flag)


def black_implied_volatility(
    discounted_option_price: ArrayLike, F: ArrayLike, K: ArrayLike, r: ArrayLike, t: ArrayLike,
    flag: ArrayLike
) -> Any:
    """Volatility that the discounted price of an option on a forward implies.

    The rate comes before the time, as py_vollib has it here.

    >>> black_implied_volatility(5.5811067246, 100, 100, .02, .5, 'c')
    0.1999999999998274
    """
    return options.bsm_iv(discounted_option_price, F, K, t, r, r, flag)


def _greek(
    name: str, flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike,
    sigma: ArrayLike
) -> Any:
    return getattr(options.bsm_greeks(S, K, t, sigma, r, 0.0, flag, names=(name,)), name)


def delta(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """What the price gains when the spot rises by 1.

    >>> delta('c', 49, 50, 0.3846, .05, 0.2)
    0.5216016339715761
    """
    return _greek("delta", flag, S, K, t, r, sigma)


def gamma(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """What delta gains when the spot rises by 1.

    >>> gamma('c', 49, 50, 0.3846, .05, 0.2)
    0.06554537725247866
    """
    return _greek("gamma", flag, S, K, t, r, sigma)


def vega(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """What the price gains when volatility rises by one percentage point.

    >>> vega('c', 49, 50, 0.3846, .05, 0.2)
    0.12105242754243843
    """
    return _greek("vega", flag, S, K, t, r, sigma) * _PERCENT


def theta(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """What the price gains (mostly less than nothing) as a day passes.

    >>> theta('c', 49, 50, 0.3846, .05, 0.2) * 365
    -4.305389964546104
    """
    return _greek("theta", flag, S, K, t, r, sigma) / _DAYS


def rho(
    flag: ArrayLike, S: ArrayLike, K: ArrayLike, t: ArrayLike, r: ArrayLike, sigma: ArrayLike
) -> Any:
    """What the price gains when the rate rises by one percentage point.

    >>> rho('c', 49, 50, 0.3846, .05, 0.2)
    0.08906574098800946
    """
    return _greek("rho", flag, S, K, t, r, sigma) * _PERCENT
