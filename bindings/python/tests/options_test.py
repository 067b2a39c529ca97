# What Python is told of options is what C++ computes, bit for bit, whatever the shape of the
# question; and it is what books print.
import json
import subprocess
import unittest

import numpy as np

import miletus
from miletus import _miletus

MILETUS = "build/release/bin/miletus"
NAMES = miletus.Greeks._fields


def options(count, seed=7):
    random = np.random.default_rng(seed)
    return {
        "F": random.uniform(20, 300, count),
        "K": random.uniform(20, 300, count),
        "T": random.uniform(-0.01, 2, count),
        "vol": random.uniform(0.05, 1.5, count),
        "kind": random.choice(np.array([1, -1], np.int8), count),
        "df": random.uniform(0.8, 1.02, count),
    }


def row(columns, at):
    return {name: float(column[at]) for name, column in columns.items() if name != "kind"}


def word(sign):
    return "call" if sign == 1 else "put"


def told(*words, **flags):
    words = [*words, *(f"--{name}={value}" for name, value in flags.items())]
    done = subprocess.run([MILETUS, *words, "--json"], capture_output=True, text=True)
    return json.loads(done.stdout)


def bits(array):
    return np.asarray(array).tobytes()


class SameBits(unittest.TestCase):
    def test_prices_are_those_of_the_program(self):
        random = np.random.default_rng(1)
        count = 100
        days = random.uniform(0.5, 400, count)
        columns = {**options(count), "T": days / 365}
        everything = miletus.greeks(**columns)
        for at in range(count):
            answer = told(
                "price",
                "--greeks",
                kind=word(columns["kind"][at]),
                forward=repr(columns["F"][at]),
                strike=repr(columns["K"][at]),
                days=repr(days[at]),
                vol=repr(columns["vol"][at]),
                discount=repr(columns["df"][at]),
            )
            for name in NAMES[:-1]:
                self.assertEqual(getattr(everything, name)[at], answer[name], name)

    def test_volatilities_are_those_of_the_program(self):
        vols = miletus.iv([5, 7.5, 20], 100, 110, 30 / 365, "call", 0.99)
        for price, vol in zip((5, 7.5, 20), vols):
            answer = told(
                "iv", kind="call", forward=100, strike=110, days=30, price=price, discount=0.99
            )
            self.assertEqual(vol, answer["vol"])

    def test_numbers_and_arrays_agree(self):
        columns = options(200)
        everything = miletus.greeks(**columns)
        vols, codes = miletus.iv(
            everything.price, *(columns[n] for n in ("F", "K", "T", "kind", "df")), True
        )
        for at in range(200):
            terms, kind = row(columns, at), word(columns["kind"][at])
            single = miletus.greeks(kind=kind, **terms)
            for name in NAMES:
                self.assertEqual(bits(np.float64(getattr(single, name))),
                                 bits(np.float64(getattr(everything, name)[at])), name)
            price = float(everything.price[at])
            del terms["vol"]
            vol, code = miletus.iv(price, kind=kind, status=True, **terms)
            self.assertEqual(bits(np.float64(vol)), bits(vols[at]))
            self.assertEqual(code, codes[at])

    def test_threads_change_no_bit(self):
        columns = options(30_001)
        one = miletus.greeks(**columns)
        for threads in (2, 7):
            several = miletus.greeks(threads=threads, **columns)
            for name in NAMES:
                self.assertEqual(bits(getattr(one, name)), bits(getattr(several, name)), name)

    def test_the_layout_changes_no_bit(self):
        columns = options(5_000)
        straight = miletus.greeks(**columns)
        scattered = {}
        for name, column in columns.items():
            room = np.empty((5_000, 3), column.dtype)
            room[:, 1] = column
            scattered[name] = room[::-1, 1]
        for name, column in zip(NAMES, miletus.greeks(threads=2, **scattered)):
            self.assertEqual(bits(getattr(straight, name)[::-1]), bits(column), name)

    def test_fewer_results_are_the_same(self):
        columns = options(1_000)
        everything = miletus.greeks(**columns)
        self.assertEqual(bits(miletus.price(**columns)), bits(everything.price))
        for names in ("vega", "price rho", ("charm", "status")):
            few = miletus.greeks(names=names, **columns)
            for name in NAMES:
                if name in names:
                    self.assertEqual(bits(getattr(few, name)), bits(getattr(everything, name)))
                else:
                    self.assertIsNone(getattr(few, name))

    def test_options_on_spots_agree_in_both_ways(self):
        random = np.random.default_rng(3)
        count = 700
        spot, strike = random.uniform(50, 150, (2, count))
        time, vol = random.uniform(0.1, 2, count), random.uniform(0.1, 1, count)
        rate, earned = random.uniform(-0.02, 0.08, (2, count))
        prices = miletus.bsm(spot, strike, time, vol, rate, earned, "put")
        greeks = miletus.bsm_greeks(spot, strike, time, vol, rate, earned, "put")
        vols, codes = miletus.bsm_iv(prices, spot, strike, time, rate, earned, "put", True)
        self.assertEqual(bits(prices), bits(greeks.price))
        for at in range(0, count, 50):
            terms = [float(c[at]) for c in (spot, strike, time, vol, rate, earned)]
            self.assertEqual(miletus.bsm(*terms, "put"), prices[at])
            self.assertEqual(
                miletus.bsm_iv(prices[at], *terms[:3], *terms[4:], "put"), vols[at]
            )
        forward = spot * np.exp((rate - earned) * time)
        clear = (codes == 0) & (np.abs(np.log(forward / strike)) < 3 * vol * np.sqrt(time))
        self.assertGreater(clear.sum(), count // 2)
        np.testing.assert_allclose(vols[clear], vol[clear], rtol=1e-10)


class Published(unittest.TestCase):
    def test_haug_s_examples(self):
        # E. G. Haug, The Complete Guide to Option Pricing Formulas, 2nd edition, chapter 1.
        self.assertAlmostEqual(miletus.bsm(60, 65, 0.25, 0.3, 0.08), 2.1334, 4)
        self.assertAlmostEqual(miletus.bsm(100, 95, 0.5, 0.2, 0.1, 0.05, "put"), 2.4648, 4)
        df = np.exp(-0.1 * 0.75)
        self.assertAlmostEqual(miletus.price(19, 19, 0.75, 0.28, "call", df), 1.7011, 4)

    def test_calls_less_puts_are_forwards(self):
        columns = options(1_000)
        columns["T"] = np.abs(columns["T"])
        del columns["kind"]
        calls, puts = (miletus.price(kind=kind, **columns) for kind in ("c", "p"))
        worth = columns["df"] * (columns["F"] - columns["K"])
        np.testing.assert_allclose(calls - puts, worth, rtol=0, atol=1e-12 * 300)

    def test_the_compiled_half_knows_its_models(self):
        self.assertNotEqual(_miletus.forward, _miletus.spot)


if __name__ == "__main__":
    unittest.main()
