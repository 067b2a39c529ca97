# Options by other models than Black's.
"""Prices, Greeks and implied volatilities by models beside Black's, on forwards.

Arguments are as in :mod:`miletus.options`: arrays are broadcast; `status`, `out`, `names` and
`threads` mean the same. ``docs/definitions.md`` has the formulas.
"""
from miletus import _miletus
from miletus._asking import ask_greeks, ask_price, ask_vol

_bachelier, _displaced = _miletus.bachelier, _miletus.displaced
_inverse, _quanto = _miletus.coin, _miletus.quanto
_implied_bachelier, _implied_displaced = _miletus.implied_bachelier, _miletus.implied_displaced
_implied_inverse = _miletus.implied_coin


def bachelier(F, K, T, vol, kind="call", df=1.0, *, status=False, out=None, threads=1):
    """Price by Bachelier's model: the forward moves by sums, and may be negative.

    `vol` is in units of the price, by the root of a year.

    >>> bachelier(-1, 2, 0.5, 20)
    4.268364590395165
    """
    return ask_price(_bachelier, (F, K, T, vol, df), kind, status, out, threads)


def bachelier_greeks(F, K, T, vol, kind="call", df=1.0, *, names=None, out=None, threads=1):
    """Price and derivatives by Bachelier's model.

    >>> bachelier_greeks(100, 100, 1, 20).delta
    0.5
    """
    return ask_greeks(_bachelier, (F, K, T, vol, df), kind, names, out, threads)


def bachelier_iv(price, F, K, T, kind="call", df=1.0, status=False, *, out=None, threads=1):
    """Volatility, in units of the price, that a price implies.

    >>> bachelier_iv(4, -1, 2, 0.5)
    19.025903549737993
    """
    return ask_vol(_implied_bachelier, (price, F, K, T, df), kind, status, out, threads)


def displaced(F, K, T, vol, shift, kind="call", df=1.0, *, status=False, out=None, threads=1):
    """Price by Black's formula on ``F + shift`` and ``K + shift``.

    >>> displaced(-0.5, 1, 2, 0.2, shift=3)
    0.01781288321108926
    """
    return ask_price(_displaced, (F, K, T, vol, shift, df), kind, status, out, threads)


def displaced_greeks(
    F, K, T, vol, shift, kind="call", df=1.0, *, names=None, out=None, threads=1
):
    """Price and derivatives by the displaced model.

    >>> displaced_greeks(-0.5, 1, 2, 0.2, shift=3).vega
    0.44409413718832624
    """
    return ask_greeks(_displaced, (F, K, T, vol, shift, df), kind, names, out, threads)


def displaced_iv(
    price, F, K, T, shift, kind="call", df=1.0, status=False, *, out=None, threads=1
):
    """Volatility of ``F + shift`` that a price implies.

    >>> displaced_iv(0.05, -0.5, 1, 2, shift=3)
    0.2536894631572192
    """
    return ask_vol(_implied_displaced, (price, F, K, T, shift, df), kind, status, out, threads)


def inverse(F, K, T, vol, kind="call", df=1.0, *, status=False, out=None, threads=1):
    """Price in coins of an option that is settled in them: Black's by the forward.

    >>> inverse(100_000, 110_000, 7 / 365, 0.55)
    0.004027838809583986
    """
    return ask_price(_inverse, (F, K, T, vol, df), kind, status, out, threads)


def inverse_greeks(F, K, T, vol, kind="call", df=1.0, *, names=None, out=None, threads=1):
    """Price and derivatives of an option that is settled in coins.

    Its delta is premium-adjusted: what is to be held of the coin less what was paid for the option.

    >>> inverse_greeks(100_000, 110_000, 7 / 365, 0.55).delta
    0.10848874361662313
    """
    return ask_greeks(_inverse, (F, K, T, vol, df), kind, names, out, threads)


def inverse_iv(price, F, K, T, kind="call", df=1.0, status=False, *, out=None, threads=1):
    """Volatility that a price in coins implies.

    >>> inverse_iv(0.004, 100_000, 110_000, 7 / 365)
    0.5489465190164374
    """
    return ask_vol(_implied_inverse, (price, F, K, T, df), kind, status, out, threads)


def quanto(
    F,
    K,
    T,
    vol,
    fx_vol,
    correlation,
    kind="call",
    df=1.0,
    fx_rate=1.0,
    *,
    status=False,
    out=None,
    threads=1,
):
    """Price in another currency, at a rate that was agreed: `fx_rate` for each unit.

    `fx_vol` is the volatility of what a unit of the asset's currency costs in the one that is paid,
    `correlation` that of it and the asset; `df` discounts what is paid.

    >>> quanto(100, 100, 1, 0.2, fx_vol=0.1, correlation=-0.3, fx_rate=1.5)
    12.441031252320347
    """
    numbers = (F, K, T, vol, fx_vol, correlation, fx_rate, df)
    return ask_price(_quanto, numbers, kind, status, out, threads)


def quanto_greeks(
    F,
    K,
    T,
    vol,
    fx_vol,
    correlation,
    kind="call",
    df=1.0,
    fx_rate=1.0,
    *,
    names=None,
    out=None,
    threads=1,
):
    """Price and derivatives of an option that is paid in another currency.

    >>> quanto_greeks(100, 100, 1, 0.2, fx_vol=0.1, correlation=-0.3).delta
    0.5550370381682812
    """
    numbers = (F, K, T, vol, fx_vol, correlation, fx_rate, df)
    return ask_greeks(_quanto, numbers, kind, names, out, threads)
