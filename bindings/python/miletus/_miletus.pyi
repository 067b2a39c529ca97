# The compiled half.
from typing import Any

forward: int
spot: int
bachelier: int
displaced: int
coin: int
quanto: int
implied: int
implied_spot: int
implied_bachelier: int
implied_displaced: int
implied_coin: int

def solve(
    model: int, numbers: tuple[Any, ...], kind: Any, wanted: int, out: Any, threads: int, /
) -> Any: ...
def risk_array(
    numbers: tuple[Any, ...], kind: Any, scenarios: Any, shocks: Any, threads: int, /
) -> tuple[Any, Any]: ...
def linear_risk_array(
    numbers: tuple[Any, ...], scenarios: Any, threads: int, /
) -> tuple[Any, Any]: ...
def usual_scenarios(
    price_range: Any, extended_factor: Any, /
) -> list[tuple[float, str, float]]: ...
def simulate(
    market: tuple[Any, ...], payoff: tuple[Any, ...], drawing: Any, threads: int, /
) -> tuple[float, float, int, float, int]: ...
def walk(
    market: tuple[Any, ...], payoff: tuple[Any, ...], drawing: Any, threads: int, /
) -> tuple[Any, int]: ...
def fit_surface(
    columns: tuple[Any, ...],
    kind: Any,
    is_in_coin: bool,
    spot: Any,
    discount: Any,
    age_max: Any,
    /,
) -> Any: ...

class Fitted:
    def vol(self, strikes: Any, times: Any, threads: int, /) -> tuple[Any, Any]: ...
    def forward(self, time: Any, /) -> float: ...
    def expiries(self, /) -> dict[str, list[Any]]: ...
    def quotes(self, /) -> dict[str, list[Any]]: ...
