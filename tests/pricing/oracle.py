# The oracle: what prices and functions are, to 50 digits, by formulas straight from the
# definition. It shares nothing with the kernels that it judges. Its rows are kept, so that tests
# need no Python.
#
# usage: /usr/bin/python3 tests/pricing/oracle.py FOLDER
import pathlib
import random
import sys

import mpmath
from mpmath import erfc, exp, log, mpf, pi, sqrt

mpmath.mp.dps = 50


def hexadecimal(value):
    return float(value).hex().replace("0x", "")


def write(path, comment, rows):
    with open(path, "w", encoding="ascii") as file:
        file.write(f"# {comment}\n")
        for row in rows:
            file.write(" ".join(row) + "\n")
    print(f"{path}: {len(rows)} rows")


# ---- Functions ----


def normal_distribution(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def normal_density(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def mills_ratio(x):
    return normal_distribution(-x) / normal_density(x)


def normal_quantile(p):
    """By Halley's steps on the logarithm of the nearer tail."""
    if p == mpf(1) / 2:
        return mpf(0)
    tail = min(p, 1 - p)
    x = sqrt(-2 * log(tail)) * mpf("0.9") + mpf("0.01")
    for _ in range(200):
        value = normal_distribution(-x)
        density = normal_density(x)
        step = log(value / tail) * value / density
        x += step
        if abs(step) < mpf(10) ** -48 * abs(x):
            break
    return -x if p < mpf(1) / 2 else x


def function_rows(chance):
    cases = {
        "exp": (exp, lambda: (chance.uniform(-708, 709),)),
        "log": (log, lambda: (float(exp(mpf(chance.uniform(-744, 709)))),)),
        "pow": (
            lambda x, y: x**y,
            lambda: (float(exp(mpf(chance.uniform(-100, 100)))), chance.uniform(-6, 6)),
        ),
        "sin": (mpmath.sin, lambda: (chance.choice([-1, 1]) * 2 ** chance.uniform(-20, 30),)),
        "cos": (mpmath.cos, lambda: (chance.choice([-1, 1]) * 2 ** chance.uniform(-20, 30),)),
        "normal_density": (normal_density, lambda: (chance.uniform(-37.5, 37.5),)),
        "normal_distribution": (normal_distribution, lambda: (chance.uniform(-37.5, 8),)),
        "normal_quantile": (
            normal_quantile,
            lambda: (
                chance.choice(
                    [
                        float(exp(mpf(chance.uniform(-740, -0.7)))),
                        chance.uniform(0, 1),
                        1 - 2 ** -chance.uniform(1, 52),
                    ]
                ),
            ),
        ),
        "mills_ratio": (mills_ratio, lambda: (chance.uniform(-37, 60),)),
    }
    rows = []
    for name, (function, draw) in cases.items():
        for _ in range(700):
            arguments = draw()
            value = function(*(mpf(argument) for argument in arguments))
            second = arguments[1] if len(arguments) > 1 else 0.0
            rows.append(
                [name, hexadecimal(arguments[0]), hexadecimal(second), hexadecimal(value)]
            )
    return rows


# ---- Options ----


def option_values(asset, strike, time, vol, rate, dividends, sign, is_forward):
    """Price and Greeks from the definition; where rates move, a forward stays."""
    s = vol * sqrt(time)
    asset_discount, strike_discount = exp(-dividends * time), exp(-rate * time)
    spread = (rate - dividends) * time
    d1 = (log(asset / strike) + spread) / s + s / 2
    d2 = d1 - s
    now, then = asset * asset_discount, strike * strike_discount
    bell = normal_density(d1)
    price = sign * (now * normal_distribution(sign * d1) - then * normal_distribution(sign * d2))
    delta = sign * asset_discount * normal_distribution(sign * d1)
    theta = (
        -now * bell * vol / (2 * sqrt(time))
        + sign * dividends * now * normal_distribution(sign * d1)
        - sign * rate * then * normal_distribution(sign * d2)
    )
    rho = -time * price if is_forward else sign * time * then * normal_distribution(sign * d2)
    vega = now * bell * sqrt(time)
    charm = dividends * delta - asset_discount * bell * (
        (rate - dividends) / s - d2 / (2 * time)
    )
    return [
        price,
        delta,
        asset_discount * bell / (asset * s),
        vega,
        theta,
        rho,
        -asset_discount * bell * d2 / vol,
        vega * d1 * d2 / vol,
        charm,
    ]


def draw_option(chance, corner):
    """One of the corners of the domain: ordinary, short, wild, far, still."""
    asset = float(exp(mpf(chance.uniform(-3, 12))))
    time, vol = chance.uniform(0.005, 2), chance.uniform(0.1, 1.5)
    distance = chance.uniform(-0.7, 0.7)
    if corner == 1:  # minutes to days
        time = 2 ** chance.uniform(-20, -6)
        distance = chance.uniform(-5, 5) * vol * time**0.5
    elif corner == 2:  # s up to 30
        time, vol = chance.uniform(1, 30), chance.uniform(1, 6)
        distance = chance.uniform(-3, 3)
    elif corner == 3:  # far out
        distance = chance.uniform(-9, 9) * vol * time**0.5
    elif corner == 4:  # hardly any volatility, at the money or close to it
        vol = 10 ** chance.uniform(-9, -2)
        distance = chance.uniform(-4, 4) * vol * time**0.5
    strike = float(mpf(asset) * exp(mpf(distance)))
    return asset, strike, time, vol


def option_rows(chance):
    rows = []
    for number in range(8000):
        asset, strike, time, vol = draw_option(chance, number % 5)
        sign = chance.choice([1, -1])
        is_forward = chance.random() < 0.5
        if is_forward:
            first, second = chance.choice([1.0, 1.0, chance.uniform(0.8, 1.02)]), 0.0
            rate = -log(mpf(first)) / mpf(time)
            dividends = rate
        else:
            first, second = chance.uniform(-0.02, 0.08), chance.uniform(-0.02, 0.05)
            rate, dividends = mpf(first), mpf(second)
        inputs = [asset, strike, time, vol, first, second]
        values = option_values(
            mpf(asset), mpf(strike), mpf(time), mpf(vol), rate, dividends, sign, is_forward
        )
        rows.append(
            ["forward" if is_forward else "spot", str(sign)]
            + [hexadecimal(value) for value in inputs + values]
        )
    return rows


# ---- Implied volatilities ----


def time_value(forward, strike, s):
    """Of the option out of the money."""
    d1 = log(forward / strike) / s + s / 2
    sign = 1 if strike >= forward else -1
    return sign * (
        forward * normal_distribution(sign * d1) - strike * normal_distribution(sign * (d1 - s))
    )


def implied_rows(chance):
    """A price that was rounded implies another volatility than it was made of: by how much follows
    from the slope, since rounding moves it by next to nothing."""
    ranges = [(0.02, 1.5, 4), (0.001, 0.1, 6), (0.5, 6, 3), (0.02, 2, 9)]
    rows = []
    while len(rows) < 6000:
        low, high, reach = ranges[len(rows) % len(ranges)]
        s = mpf(float(exp(mpf(chance.uniform(float(log(low)), float(log(high)))))))
        forward = float(exp(mpf(chance.uniform(0, 11))))
        distance = chance.uniform(-reach, reach) * float(s)
        strike = float(mpf(forward) * exp(mpf(distance)))
        exact = time_value(mpf(forward), mpf(strike), s)
        price = float(exact)
        if price < 1e-290:
            continue
        d1 = log(mpf(forward) / mpf(strike)) / s + s / 2
        slope = mpf(forward) * normal_density(d1)
        right = s + (mpf(price) - exact) / slope
        condition = exact / (slope * s)
        sign = "1" if strike >= forward else "-1"
        numbers = [price, forward, strike, right, condition]
        rows.append([sign] + [hexadecimal(number) for number in numbers])
    return rows


# ---- Models beside Black's ----


def excess(x):
    """By how much a normal number exceeds x, on average."""
    return normal_density(x) - x * normal_distribution(-x)


def bachelier_values(forward, strike, time, vol, rate, sign):
    s = vol * sqrt(time)
    d = (forward - strike) / s
    discount, bell = exp(-rate * time), normal_density(d)
    share = sign * normal_distribution(sign * d)
    price = discount * s * excess(-sign * d)
    return [
        price,
        discount * share,
        discount * bell / s,
        discount * bell * sqrt(time),
        -discount * bell * vol / (2 * sqrt(time)) + rate * price,
        -time * price,
        -discount * bell * d / vol,
        discount * bell * sqrt(time) * d * d / vol,
        rate * discount * share + discount * bell * d / (2 * time),
    ]


def black_price(forward, strike, s, discount, sign):
    d1 = log(forward / strike) / s + s / 2
    now, then = normal_distribution(sign * d1), normal_distribution(sign * (d1 - s))
    return discount * sign * (forward * now - strike * then)


def coin_values(forward, strike, time, vol, rate, sign):
    """In coins: price is Black's by the forward, delta F times its slope, and what moves delta."""
    s = vol * sqrt(time)
    d1 = log(forward / strike) / s + s / 2
    d2 = d1 - s
    discount, bell = exp(-rate * time), normal_density(d1)
    price = black_price(forward, strike, s, discount, sign) / forward
    delta = sign * discount * strike / forward * normal_distribution(sign * d2)
    vega = discount * bell * sqrt(time)
    return [
        price,
        delta,
        (discount * bell / s - delta) / forward,
        vega,
        rate * price - discount * bell * vol / (2 * sqrt(time)),
        -time * price,
        -discount * bell * d1 / vol,
        vega * d1 * d2 / vol,
        rate * delta + discount * bell * d1 / (2 * time),
    ]


def quanto_price(forward, strike, time, vol, conversion_vol, correlation, conversion, rate, sign):
    paid_for = forward * exp(-correlation * vol * conversion_vol * time)
    return conversion * black_price(paid_for, strike, vol * sqrt(time), exp(-rate * time), sign)


def derivative(function, at, steps):
    """Of mixed order, by central differences of the fourth order, with steps that are small even
    where there is hardly any volatility."""
    weights = [(-2, mpf(1) / 12), (-1, -mpf(2) / 3), (1, mpf(2) / 3), (2, -mpf(1) / 12)]
    if not steps:
        return function(*at)
    which, width = steps[0], at[steps[0]] * mpf(10) ** -25
    total = mpf(0)
    for steps_away, weight in weights:
        moved = list(at)
        moved[which] += steps_away * width
        total += weight * derivative(function, moved, steps[1:])
    return total / width


def quanto_values(forward, strike, time, vol, conversion_vol, correlation, conversion, rate, sign):
    """Greeks are what differences of the price say: none of the kernel's formulas is used."""

    def price(forward, vol, time):
        return quanto_price(
            forward, strike, time, vol, conversion_vol, correlation, conversion, rate, sign
        )

    at = [forward, vol, time]
    with mpmath.workdps(110):
        value = price(*at)
        return [
            value,
            derivative(price, at, [0]),
            derivative(price, at, [0, 0]),
            derivative(price, at, [1]),
            -derivative(price, at, [2]),
            -time * value,
            derivative(price, at, [0, 1]),
            derivative(price, at, [1, 1]),
            -derivative(price, at, [0, 2]),
        ]


def draw_discount(chance):
    return chance.choice([1.0, 1.0, chance.uniform(0.8, 1.02)])


def row_of(model, sign, inputs, values):
    padded = list(inputs) + [0.0] * (8 - len(inputs))
    return [model, str(sign)] + [hexadecimal(value) for value in padded + values]


def bachelier_rows(chance, count):
    rows = []
    for number in range(count):
        scale = 10 ** chance.uniform(-3, 5)
        forward = chance.uniform(-1, 1) * scale
        time, vol = chance.uniform(0.005, 2), chance.uniform(0.05, 1) * scale
        distance = chance.uniform(-6, 6)
        if number % 5 == 1:  # minutes to days
            time = 2 ** chance.uniform(-20, -6)
        elif number % 5 == 2:  # far out
            distance = chance.uniform(-38, 38)
        elif number % 5 == 3:  # hardly any volatility
            vol = scale * 10 ** chance.uniform(-9, -2)
        elif number % 5 == 4:  # at the money, at nothing, or close to them
            distance = chance.choice([0.0, chance.uniform(-1e-6, 1e-6)])
            forward = chance.choice([0.0, forward])
        strike = float(mpf(forward) - mpf(distance) * mpf(vol) * sqrt(mpf(time)))
        sign, discount = chance.choice([1, -1]), draw_discount(chance)
        rate = -log(mpf(discount)) / mpf(time)
        values = bachelier_values(mpf(forward), mpf(strike), mpf(time), mpf(vol), rate, sign)
        rows.append(
            row_of("bachelier", sign, [forward, strike, time, vol, discount], values)
        )
    return rows


def displaced_rows(chance, count):
    """The sums are rounded once: that is the definition."""
    rows = []
    for number in range(count):
        shifted, strike, time, vol = draw_option(chance, number % 5)
        shift = chance.uniform(-0.5, 2) * shifted
        forward, strike = shifted - shift, strike - shift
        sign, discount = chance.choice([1, -1]), draw_discount(chance)
        rate = -log(mpf(discount)) / mpf(time)
        sums = [mpf(forward + shift), mpf(strike + shift)]
        values = option_values(*sums, mpf(time), mpf(vol), rate, rate, sign, True)
        rows.append(
            row_of("displaced", sign, [forward, strike, time, vol, discount, shift], values)
        )
    return rows


def coin_rows(chance, count):
    rows = []
    for number in range(count):
        forward, strike, time, vol = draw_option(chance, number % 5)
        sign, discount = chance.choice([1, -1]), draw_discount(chance)
        rate = -log(mpf(discount)) / mpf(time)
        values = coin_values(mpf(forward), mpf(strike), mpf(time), mpf(vol), rate, sign)
        rows.append(row_of("coin", sign, [forward, strike, time, vol, discount], values))
    return rows


def quanto_rows(chance, count):
    rows = []
    for number in range(count):
        forward, strike, time, vol = draw_option(chance, number % 5)
        sign, discount = chance.choice([1, -1]), draw_discount(chance)
        conversion_vol, correlation = chance.uniform(0, 0.8), chance.uniform(-1, 1)
        conversion = 10 ** chance.uniform(-3, 3)
        rate = -log(mpf(discount)) / mpf(time)
        inputs = [forward, strike, time, vol, discount, conversion_vol, correlation, conversion]
        exact = [mpf(value) for value in (*inputs[:4], *inputs[5:])]
        rows.append(row_of("quanto", sign, inputs, quanto_values(*exact, rate, sign)))
    return rows


# ---- What their prices imply ----


def bachelier_implied_rows(chance, count):
    """In and out of the money: rounding the price moves what it implies, by the slope."""
    rows = []
    while len(rows) < count:
        scale = 10 ** chance.uniform(-6, 6)
        forward = chance.uniform(-1, 1) * scale
        s = mpf(float(mpf(scale) * mpf(10) ** chance.uniform(-4, 0)))
        distance = chance.uniform(-36, 36) if len(rows) % 3 == 0 else chance.uniform(-5, 5)
        if len(rows) % 50 == 0:
            distance = 0.0
        strike = float(mpf(forward) - mpf(distance) * s)
        d = (mpf(forward) - mpf(strike)) / s
        # Far in the money nothing is left of the time value.
        sign = chance.choice([1, -1]) if abs(d) < 3 else (-1 if d > 0 else 1)
        exact = s * excess(-sign * d)
        price = float(exact)
        slope = normal_density(d)
        if exact < abs(mpf(forward) - mpf(strike)) * mpf(10) ** -298:
            continue
        numbers = [price, forward, strike, s + (mpf(price) - exact) / slope, exact / (slope * s)]
        rows.append(["bachelier", str(sign)] + [hexadecimal(number) for number in numbers])
    return rows


def coin_implied_rows(chance, count):
    rows = []
    while len(rows) < count:
        s = mpf(float(exp(mpf(chance.uniform(-4, 0.5)))))
        forward = float(exp(mpf(chance.uniform(0, 11))))
        distance = chance.uniform(-4, 4)
        strike = float(mpf(forward) * exp(-mpf(distance) * s))
        sign = chance.choice([1, -1]) if abs(distance) < 2 else (-1 if distance > 0 else 1)
        exact = black_price(mpf(forward), mpf(strike), s, mpf(1), sign) / mpf(forward)
        price = float(exact)
        slope = normal_density(log(mpf(forward) / mpf(strike)) / s + s / 2)
        numbers = [price, forward, strike, s + (mpf(price) - exact) / slope, exact / (slope * s)]
        rows.append(["coin", str(sign)] + [hexadecimal(number) for number in numbers])
    return rows


# ---- For an oracle in wider numbers ----


def parts(value):
    """As the sum of two doubles."""
    high = float(value)
    return [hexadecimal(high), hexadecimal(value - mpf(high))]


def time_value_rows(chance, count):
    """Time values to 100 bits: they judge the oracle that judges a million."""
    rows = []
    while len(rows) < count:
        s = float(exp(mpf(chance.uniform(float(log(mpf("1e-3"))), float(log(mpf(6)))))))
        distance = chance.uniform(-9, 9)
        if len(rows) % 2 == 0:
            forward = float(exp(mpf(chance.uniform(0, 11))))
            strike = float(mpf(forward) * exp(mpf(distance) * mpf(s)))
            value = time_value(mpf(forward), mpf(strike), mpf(s))
        else:
            forward = chance.uniform(-1, 1) * 100
            strike = float(mpf(forward) - mpf(distance) * mpf(s))
            value = mpf(s) * excess(abs(mpf(forward) - mpf(strike)) / mpf(s))
        model = "black" if len(rows) % 2 == 0 else "bachelier"
        rows.append(
            [model, hexadecimal(forward), hexadecimal(strike), hexadecimal(s)] + parts(value)
        )
    return rows


def main():
    folder = pathlib.Path(sys.argv[1])
    chance = random.Random(20261121)
    write(folder / "functions.rows", "function, x, y, value", function_rows(chance))
    write(
        folder / "options.rows",
        "forward or spot, sign, asset, strike, time, vol, discount or rate, 0 or yield, price, "
        "delta, gamma, vega, theta, rho, vanna, volga, charm",
        option_rows(chance),
    )
    write(
        folder / "implied.rows",
        "sign, price of an option out of the money, forward, strike, its deviation, condition",
        implied_rows(chance),
    )
    chance = random.Random(20261122)
    write(
        folder / "models.rows",
        "model, sign, forward, strike, time, vol, discount, shift or conversion vol, correlation, "
        "conversion, price, delta, gamma, vega, theta, rho, vanna, volga, charm",
        bachelier_rows(chance, 2000)
        + displaced_rows(chance, 500)
        + coin_rows(chance, 1000)
        + quanto_rows(chance, 500),
    )
    write(
        folder / "models_implied.rows",
        "model, sign, price, forward, strike, its deviation, condition",
        bachelier_implied_rows(chance, 1000) + coin_implied_rows(chance, 500),
    )
    write(
        folder / "time_values.rows",
        "model, forward, strike, deviation, time value in two parts",
        time_value_rows(chance, 1000),
    )


main()
