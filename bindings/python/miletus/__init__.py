# The package: what `import miletus` offers.
"""Option prices that are the same bits on every machine, as fast as its processor allows.

>>> import miletus
>>> miletus.price(F=100_000, K=[90_000, 110_000], T=7/365, vol=0.55)
array([10274.72077962,   402.78388096])
"""
from miletus import mc, models, risk, surface, vollib
from miletus.errors import (
    ArgumentError,
    Error,
    FitError,
    KindError,
    MissingError,
    NumberError,
    OutputError,
    ShapeError,
)
from miletus.options import bsm, bsm_greeks, bsm_iv, greeks, iv, price
from miletus.results import Greeks, Status
from miletus.risk import risk_array

__version__ = "0.1.0.dev0"

__all__ = [
    "ArgumentError",
    "Error",
    "FitError",
    "Greeks",
    "KindError",
    "MissingError",
    "NumberError",
    "OutputError",
    "ShapeError",
    "Status",
    "bsm",
    "bsm_greeks",
    "bsm_iv",
    "greeks",
    "iv",
    "mc",
    "models",
    "price",
    "risk",
    "risk_array",
    "surface",
    "vollib",
]
