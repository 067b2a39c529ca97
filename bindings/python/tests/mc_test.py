# Simulations agree with formulas within their own errors, come to the same bits on any number of
# threads, and tell what is wrong with them.
import math
import unittest

import numpy as np

import miletus
from miletus import mc
from miletus.mc import Drawing, PathStatus

MONTHS = np.arange(1, 13) / 12
DRAWINGS = [
    Drawing(),
    Drawing(seed=2**63, antithetic=True),
    Drawing(generator="sobol", bridge=True),
    Drawing(paths=5_000, generator="sobol", shifts=3, control=True),
]


def geometric_asian(S, K, times, vol, r):
    """The logarithm of the average is normal: Black's formula on its forward."""
    mean = math.log(S) + (r - vol * vol / 2) * times.mean()
    variance = vol * vol * np.minimum.outer(times, times).mean()
    df = math.exp(-r * times[-1])
    return miletus.price(math.exp(mean + variance / 2), K, 1, math.sqrt(variance), df=df)


class Simulations(unittest.TestCase):
    def expect_near(self, estimate, value):
        self.assertIs(estimate.status, PathStatus.ok)
        self.assertLess(abs(estimate.value - value), 5 * estimate.standard_error)

    def test_formulas_lie_within_the_errors(self):
        for drawing in DRAWINGS:
            self.expect_near(
                mc.european(100, 95, 0.5, 0.3, 0.05, 0.02, "put", drawing=drawing),
                miletus.bsm(100, 95, 0.5, 0.3, 0.05, 0.02, "put"),
            )
            average = mc.asian(100, 100, MONTHS, 0.3, 0.05, average="geometric", drawing=drawing)
            self.expect_near(average, geometric_asian(100, 100, MONTHS, 0.3, 0.05))

    def test_what_a_barrier_ends_and_what_it_brings_are_the_option(self):
        parts = [
            mc.barrier(100, 100, MONTHS, 0.2, 120, kind, continuous=True)
            for kind in ("up-and-in", "up-and-out")
        ]
        whole = mc.european(100, 100, 1, 0.2)
        both = sum(part.value for part in parts)
        self.assertAlmostEqual(both, miletus.price(100, 100, 1, 0.2), 0)
        self.assertLess(parts[1].value, whole.value)

    def test_a_basket_of_one_kind_is_that(self):
        alike = np.ones((2, 2)) * 0.999999999 + np.eye(2) * 1e-9
        basket = mc.basket([100, 100], 100, 1, 0.2, [0.5, 0.5], alike)
        self.expect_near(basket, miletus.price(100, 100, 1, 0.2))

    def test_threads_change_no_bit(self):
        for drawing in DRAWINGS:
            one = mc.asian(100, 100, MONTHS, 0.2, drawing=drawing)
            for threads in (2, 7):
                again = mc.asian(100, 100, MONTHS, 0.2, drawing=drawing, threads=threads)
                self.assertEqual(one, again)
            walks = mc.walks(100, MONTHS, 0.2, drawing=drawing).prices
            again = mc.walks(100, MONTHS, 0.2, drawing=drawing, threads=7).prices
            self.assertEqual(walks.tobytes(), again.tobytes())

    def test_seeds_change_them(self):
        one, other = (mc.european(100, 100, 1, 0.2, drawing=Drawing(seed=s)) for s in (1, 2))
        self.assertNotEqual(one.value, other.value)

    def test_walks_are_those_that_are_averaged(self):
        for drawing in (Drawing(paths=3_000), Drawing(paths=5_000, generator="sobol", shifts=3)):
            prices = mc.walks(100, MONTHS, 0.2, drawing=drawing).prices
            estimate = mc.asian(100, 100, MONTHS, 0.2, drawing=drawing)
            self.assertEqual(len(prices), estimate.paths)
            paid = (prices.mean(axis=(1, 2)) - 100).clip(0).mean()
            self.assertAlmostEqual(paid, estimate.value, 10)

    def test_walks_of_several_assets(self):
        correlation = [[1, -0.5], [-0.5, 1]]
        walks = mc.walks([100, 50], [0.5, 1], [0.2, 0.4], correlation=correlation)
        self.assertEqual(walks.prices.shape, (65_536, 2, 2))
        logarithms = np.log(walks.prices[:, 1])
        self.assertAlmostEqual(np.corrcoef(logarithms.T)[0, 1], -0.5, 1)

    def test_what_cannot_be_simulated_has_a_status(self):
        for estimate, status in (
            (mc.european(math.nan, 100, 1, 0.2), PathStatus.not_a_number),
            (mc.european(-1, 100, 1, 0.2), PathStatus.out_of_domain),
            (mc.asian(100, 100, [1, 0.5], 0.2), PathStatus.unsorted_times),
            (mc.asian(100, 100, [], 0.2), PathStatus.lengths_differ),
            (mc.european([100, 90], 100, 1, 0.2), PathStatus.lengths_differ),
            (mc.european(100, 100, 1, 0.2, drawing=Drawing(paths=1)), PathStatus.too_few_paths),
            (mc.basket([1, 1], 1, 1, 0.2, [1, 1], [[1, 2], [2, 1]]), None),
        ):
            self.assertTrue(math.isnan(estimate.value))
            self.assertIsNot(estimate.status, PathStatus.ok)
            if status is not None:
                self.assertIs(estimate.status, status)
        walks = mc.walks(math.nan, [1], 0.2)
        self.assertEqual((walks.prices.shape, walks.status), ((0, 1, 1), PathStatus.not_a_number))

    def test_misuse_raises(self):
        for wrong in (
            lambda: mc.european(100, 100, 1, 0.2, drawing=Drawing(generator="dice")),
            lambda: mc.european(100, 100, 1, 0.2, drawing=Drawing(paths=-1)),
            lambda: mc.european(100, 100, 1, 0.2, drawing=Drawing(paths=2**50)),
            lambda: mc.european(100, 100, 1, 0.2, drawing=Drawing(seed=1.5)),
            lambda: mc.european(100, 100, 1, 0.2, drawing=(1, 2)),
            lambda: mc.european(100, 100, 1, 0.2, threads=0),
            lambda: mc.asian(100, 100, [1], 0.2, average="mean"),
            lambda: mc.barrier(100, 100, [1], 0.2, 120, "sideways"),
        ):
            with self.assertRaises(miletus.ArgumentError):
                wrong()
        with self.assertRaises(miletus.ShapeError):
            mc.european(100, [100, 90], 1, 0.2)
        with self.assertRaises(miletus.KindError):
            mc.european(100, 100, 1, 0.2, kind=["c", "p"])
        with self.assertRaises(miletus.NumberError):
            mc.european(100, 100, "soon", 0.2)


if __name__ == "__main__":
    unittest.main()
