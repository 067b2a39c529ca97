# The functions of py_vollib give the numbers that py_vollib's own documentation prints, most of
# them from Hull, Options, Futures and Other Derivatives, chapter 17.
import math
import unittest

import numpy as np

from miletus import vollib

HULL = (49, 50, 0.3846, 0.05, 0.2)


class Vollib(unittest.TestCase):
    def expect(self, value, printed, digits=1e-10):
        self.assertLessEqual(abs(value - printed), digits * max(1, abs(printed)), value)

    def test_prices_are_those_that_py_vollib_prints(self):
        self.expect(vollib.black_scholes("c", 100, 90, 0.5, 0.01, 0.2), 12.111581435)
        self.expect(vollib.black_scholes("p", 100, 90, 0.5, 0.01, 0.2), 1.66270456231)
        self.expect(vollib.black("c", 100, 100, 0.5, 0.02, 0.2), 5.5811067246)

    def test_greeks_are_those_that_py_vollib_prints(self):
        self.expect(vollib.delta("c", *HULL), 0.521601633972)
        self.expect(vollib.gamma("c", *HULL), 0.0655453772525)
        self.expect(vollib.vega("c", *HULL), 0.121052427542)
        self.expect(vollib.rho("c", *HULL), 0.089065740988)
        self.expect(vollib.theta("c", *HULL) * 365, -4.30538996455)
        self.expect(vollib.theta("p", *HULL) * 365, -1.8530056722)

    def test_volatilities_are_those_that_py_vollib_prints(self):
        self.expect(vollib.implied_volatility(5.87602423383, 100, 100, 0.5, 0.01, "c"), 0.2)
        self.expect(vollib.black_implied_volatility(5.5811067246, 100, 100, 0.02, 0.5, "c"), 0.2)

    def test_the_textbook_agrees(self):
        # Hull, example 15.6: S = 42, K = 40, r = 10 %, sigma = 20 %, half a year.
        self.expect(vollib.black_scholes("c", 42, 40, 0.5, 0.1, 0.2), 4.76, 2e-3)
        self.expect(vollib.black_scholes("p", 42, 40, 0.5, 0.1, 0.2), 0.81, 2e-3)

    def test_dividends_come_and_go(self):
        price = vollib.black_scholes_merton("p", 100, 95, 0.5, 0.01, 0.3, 0.04)
        vol = vollib.black_scholes_merton_implied_volatility(price, 100, 95, 0.5, 0.01, 0.04, "p")
        self.expect(vol, 0.3, 1e-14)

    def test_flags_and_numbers_may_be_arrays(self):
        prices = vollib.black_scholes(["c", "p"], 100, 90, 0.5, 0.01, 0.2)
        np.testing.assert_allclose(prices, [12.111581435, 1.66270456231], atol=1e-8)

    def test_an_impossible_price_is_not_a_number(self):
        self.assertTrue(math.isnan(vollib.implied_volatility(101, 100, 100, 0.5, 0.01, "c")))


if __name__ == "__main__":
    unittest.main()
