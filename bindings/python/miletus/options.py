# European options by Black's formula, on forwards and on spots.
"""Prices, Greeks and implied volatilities of European options.

Arguments are numbers, or arrays of any shapes that numpy would broadcast against each other: lists,
numpy arrays, columns of pandas. Where all are plain numbers, so are the results. Contiguous arrays
of ``float64`` are read where they lie; others are converted, or gathered a piece at a time.

``kind`` is ``'call'``, ``'c'``, ``'put'`` or ``'p'``, or an array of such words, or of 1 (a call)
and -1. Time is in years, a volatility of 0.2 is 20 % a year.

``out`` is the array (for Greeks, the :class:`Greeks`) that results are written to, in place of a
new one; ``threads`` is how many work on it. Results are the same bits whatever it is, on every
machine.

What cannot be priced is not a number, and has a :class:`Status`; only misuse raises, and then an
:class:`Error`.
"""
from miletus import _miletus
from miletus._asking import ask_greeks, ask_price, ask_vol

_forward, _spot = _miletus.forward, _miletus.spot
_implied, _implied_spot = _miletus.implied, _miletus.implied_spot


def price(F, K, T, vol, kind="call", df=1.0, *, status=False, out=None, threads=1):
    """Price of an option on a forward `F`, by Black's formula; `df` discounts its payment.

    >>> price(100, 100, 1, 0.2)
    7.965567455405795
    >>> price(100, [90, 100, 110], 1, 0.2, 'put').round(4)
    array([ 3.5891,  7.9656, 14.292 ])
    >>> price(100, [100, -1], 1, 0.2, status=True)
    (array([7.96556746,        nan]), array([0, 3], dtype=uint8))
    """
    return ask_price(_forward, (F, K, T, vol, df), kind, status, out, threads)


def greeks(F, K, T, vol, kind="call", df=1.0, *, names=None, out=None, threads=1):
    """Price and derivatives of an option on a forward, as :class:`Greeks`.

    `names` says which are wanted, where not all are: fewer take less time.

    >>> greeks(100, 100, 1, 0.2).gamma
    0.019847627373850592
    >>> few = greeks(100, [90, 110], 1, 0.2, names='price delta')
    >>> few.delta.round(4), few.gamma
    (array([0.7346, 0.3533]), None)
    >>> greeks(101, [90, 110], 1, 0.2, out=few).price is few.price
    True
    """
    return ask_greeks(_forward, (F, K, T, vol, df), kind, names, out, threads)


def iv(price, F, K, T, kind="call", df=1.0, status=False, *, out=None, threads=1):
    """Volatility that the price of an option on a forward implies.

    >>> iv(7.965567455405804, 100, 100, 1)
    0.20000000000000004
    >>> iv([7.97, 101], 100, 100, 1, status=True)
    (array([0.20011166,        nan]), array([0, 5], dtype=uint8))
    """
    return ask_vol(_implied, (price, F, K, T, df), kind, status, out, threads)


def bsm(S, K, T, vol, r=0.0, q=0.0, kind="call", *, status=False, out=None, threads=1):
    """Price of an option on a spot `S`, by Black, Scholes and Merton.

    `r` is the rate, and `q` what holding the asset earns, both a year and compounded continuously.

    >>> bsm(100, 95, 0.5, 0.3, r=0.05, q=0.02)
    11.660451871450084
    """
    return ask_price(_spot, (S, K, T, vol, r, q), kind, status, out, threads)


def bsm_greeks(S, K, T, vol, r=0.0, q=0.0, kind="call", *, names=None, out=None, threads=1):
    """Price and derivatives of an option on a spot, as :class:`Greeks`.

    >>> bsm_greeks(49, 50, 0.3846, 0.2, r=0.05).delta
    0.5216016339715761
    """
    return ask_greeks(_spot, (S, K, T, vol, r, q), kind, names, out, threads)


def bsm_iv(price, S, K, T, r=0.0, q=0.0, kind="call", status=False, *, out=None, threads=1):
    """Volatility that the price of an option on a spot implies.

    >>> bsm_iv(2.4005, 49, 50, 0.3846, r=0.05)
    0.20000321456052683
    """
    return ask_vol(_implied_spot, (price, S, K, T, r, q), kind, status, out, threads)
