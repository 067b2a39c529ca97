# The twin of standard margin: the rules in plain words, with fractions of any precision. It shares
# nothing with the engine that it judges. Its table is kept, so that tests need no Python.
#
# usage: /usr/bin/python3 tests/clearing/standard_twin.py tests/clearing/standard_margin.txt
import math
import pathlib
import random
import sys
from dataclasses import dataclass
from fractions import Fraction

MOST = 2**63 - 1  # what is larger is cut down to this: nobody can afford it
MILLION = 10**6


def cut(value):
    return min(value, MOST)


# ---- Futures ----


@dataclass
class Future:
    notional: int  # of one lot
    lot: int  # base units
    coin: int  # base units
    worst: int  # lots
    others: int  # base units
    initial: int  # ppm, as are the next two
    maintenance: int
    slope: int

    def numbers(self):
        return list(vars(self).values())

    def requirement(self):
        notional = self.notional * self.worst
        if notional > MOST:
            return [MOST, MOST]
        coins = Fraction(self.worst * self.lot + self.others, self.coin)

        def at(rate):
            whole = min((rate + self.slope * coins) / MILLION, 1)
            return math.ceil(notional * whole)

        initial, maintenance = at(self.initial), at(self.maintenance)
        return [max(initial, maintenance), maintenance]


# ---- Options ----


@dataclass
class Leg:
    is_put: bool
    strike: int  # millionths of the quote asset for a coin
    lot: int  # base units
    mark: int  # units of the quote asset for a lot
    lots: int
    sells: int

    def least(self):
        return self.lots - self.sells

    def payoff(self, price):
        """Of a coin, in the same unit as prices."""
        return max(self.strike - price if self.is_put else price - self.strike, 0)

    def isolated(self, index, strike, rates):
        """Of one short lot: initial and maintenance."""
        by_initial, by_floor, by_maintenance = (Fraction(rate, MILLION) for rate in rates)
        out_of_the_money = max(index - strike if self.is_put else strike - index, 0)
        initial = max(by_initial * index - out_of_the_money, by_floor * index) + self.mark
        if self.is_put:
            maintenance = max(by_maintenance * index, by_maintenance * self.mark) + self.mark
        else:
            maintenance = by_maintenance * index + self.mark
        return max(initial, maintenance), maintenance


@dataclass
class Expiry:
    base_decimals: int
    quote_decimals: int
    index: int  # millionths of the quote asset for a coin
    rates: list
    legs: list

    def numbers(self):
        legs = [int(number) for leg in self.legs for number in vars(leg).values()]
        return [self.base_decimals, self.quote_decimals, self.index, *self.rates, *legs]

    def value(self, price, base_units):
        """Units of the quote asset."""
        coins = Fraction(base_units, 10**self.base_decimals)
        return Fraction(price, MILLION) * coins * 10**self.quote_decimals

    def requirement(self):
        sums = [0, 0]
        for leg in self.legs:
            # What a lot of the coin is worth at the index is whole units, rounded down.
            per_lot = leg.isolated(
                math.floor(self.value(self.index, leg.lot)),
                self.value(leg.strike, leg.lot),
                self.rates,
            )
            for at in range(2):
                sums[at] += math.ceil(per_lot[at] * max(-leg.least(), 0))
        calls = sum(leg.least() * leg.lot for leg in self.legs if not leg.is_put)
        if calls >= 0:
            sums = [min(each, self.largest_payment()) for each in sums]
        return [cut(each) for each in sums]

    def largest_payment(self):
        def payment(price):
            return -sum(self.value(leg.payoff(price), leg.least() * leg.lot) for leg in self.legs)

        prices = [0, *(leg.strike for leg in self.legs)]
        return math.ceil(max(0, *(payment(price) for price in prices)))


# ---- The table ----


def any_size(chance, largest):
    """Every number of digits as likely as any other."""
    return chance.randint(0, 2 ** chance.randint(0, largest.bit_length() - 1))


def usual_future(chance):
    decimals = chance.choice((0, 6, 8, 8, 8, 9, 10, 12))
    coin = 10**decimals
    initial = chance.randint(1, 60000)
    lots_of_coin = min(10 ** chance.randint(0, 6), coin)
    return Future(
        notional=chance.randint(1, 10 ** chance.randint(1, 9)),
        lot=coin // lots_of_coin,
        coin=coin,
        worst=any_size(chance, 2000 * lots_of_coin),
        others=chance.choice((0, any_size(chance, 2000 * coin))),
        initial=initial,
        maintenance=chance.randint(1, chance.choice((1, 1, 1, 2)) * initial),
        slope=chance.choice((0, 50, 4, chance.randint(0, 1000))),
    )


def unusual_future(chance):
    return Future(
        notional=any_size(chance, MOST),
        lot=max(any_size(chance, MOST), 1),
        coin=10 ** chance.randint(0, 12),
        worst=any_size(chance, 2**50),
        others=any_size(chance, MOST),
        initial=chance.randint(1, MILLION),
        maintenance=chance.randint(1, MILLION),
        slope=any_size(chance, MILLION),
    )


def usual_rates(chance):
    if chance.random() < 0.5:
        return [150000, 100000, 75000]
    return [chance.randint(1, 300000) for _ in range(3)]


def lots_of_shape(chance, count):
    shapes = {2: ((1, -1), (-1, 1)), 3: ((1, -2, 1), (-1, 2, -1)), 4: ((1, -1, -1, 1),)}
    times = chance.randint(1, 200)
    return [lots * times for lots in chance.choice(shapes[count])]


def built(chance, strikes):
    """A spread, a butterfly or a condor, and perhaps a leg that does not belong."""
    is_put = chance.random() < 0.5
    lots = lots_of_shape(chance, len(strikes))
    legs = [Leg(is_put, strike, 10**7, 0, each, 0) for strike, each in zip(strikes, lots)]
    if chance.random() < 0.3:
        legs.append(Leg(not is_put, chance.choice(strikes), 10**7, 0, chance.randint(-50, 50), 0))
    return legs


def usual_expiry(chance):
    index = chance.randint(10**6, 10**10) * 100  # whole units for every lot below
    grid = 10 ** (len(str(index)) - 3)
    strikes = [max(round(index * chance.uniform(0.5, 1.6)), grid) // grid * grid for _ in range(4)]
    if chance.random() < 0.3:
        legs = built(chance, sorted(strikes)[: chance.randint(2, 4)])
    else:
        legs = [
            Leg(
                is_put=chance.random() < 0.5,
                strike=chance.choice(strikes),
                lot=chance.choice((10**7, 10**7, 10**7, 10**6)),
                mark=0,
                lots=chance.choice((chance.randint(-20, 20), chance.randint(-3000, 3000))),
                sells=chance.choice((0, 0, chance.randint(0, 50))),
            )
            for _ in range(chance.choice((1, 2, 2, 3, 4, 5, 8)))
        ]
    for leg in legs:
        leg.mark = chance.randint(0, index // 100)
    return Expiry(8, 6, index, usual_rates(chance), legs)


# Decimals of the base and of the quote asset; lots that are multiples of the third number have a
# whole value at every whole price.
UNUSUAL_SCALES = ((12, 0, 10**12), (0, 10, 1), (2, 8, 1), (12, 12, 10**6), (8, 6, 10**8))


def unusual_expiry(chance):
    base_decimals, quote_decimals, unit = chance.choice(UNUSUAL_SCALES)

    def price():
        return MILLION * chance.randint(1, 10 ** chance.randint(1, 8))

    def leg():
        return Leg(
            is_put=chance.random() < 0.5,
            strike=price(),
            lot=unit * chance.randint(1, 9),
            mark=any_size(chance, chance.choice((10**9, MOST))),
            lots=any_size(chance, 2**28) * chance.choice((1, -1)),
            sells=any_size(chance, 2 ** chance.choice((2, 28))),
        )

    legs = [leg() for _ in range(chance.randint(1, 5))]
    rates = [chance.randint(1, MILLION) for _ in range(3)]
    return Expiry(base_decimals, quote_decimals, price(), rates, legs)


def lines():
    chance = random.Random(20211)
    kinds = (
        ("future", usual_future, 1200),
        ("future", unusual_future, 300),
        ("options", usual_expiry, 1000),
        ("options", unusual_expiry, 300),
    )
    yield "# future initial maintenance, then notional lot coin worst others initial-rate"
    yield "#   maintenance-rate slope"
    yield "# options initial maintenance, then decimals of base and quote, index, three rates, and"
    yield "#   for each leg: is-put strike lot mark lots sells"
    for word, draw, count in kinds:
        for _ in range(count):
            drawn = draw(chance)
            yield " ".join(map(str, (word, *drawn.requirement(), *drawn.numbers())))


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines()) + "\n", encoding="ascii")
