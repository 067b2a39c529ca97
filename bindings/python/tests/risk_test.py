# Entries are what options gain when they are priced again, rounded once.
import unittest

import numpy as np

import miletus
from miletus import Status, risk

STRIKES = np.array([80_000, 100_000, 130_000.0])
DAYS = np.array([3, 7, 60])[:, None]


def moved_vol(vol, days, move, shocks):
    power = np.where(days < 30, shocks.power_near, shocks.power_far)
    times = (30 / np.maximum(days, 1)) ** power
    if move == "up":
        return np.maximum(vol * (1 + shocks.range_up * times), shocks.vol_min_up)
    return vol * (1 - shocks.range_down * times) if move == "down" else vol


class Risk(unittest.TestCase):
    def test_entries_are_prices_told_again(self):
        scenarios, shocks = risk.usual_scenarios(), risk.VolShocks()
        entries = risk.risk_array(1e5, STRIKES, DAYS / 365, 0.6, "put", 0.99, units=1e4)
        self.assertEqual((entries.shape, entries.dtype), ((3, 3, 35), np.int64))
        before = miletus.price(1e5, STRIKES, DAYS / 365, 0.6, "put", 0.99)
        for at, (price_move, vol_move, weight) in enumerate(scenarios):
            vol = moved_vol(0.6, DAYS, vol_move, shocks)
            after = miletus.price(1e5 * (1 + price_move), STRIKES, DAYS / 365, vol, "put", 0.99)
            gain = (after - before) * 1e4 * weight
            self.assertLessEqual(np.abs(entries[..., at] - gain).max(), 0.6, scenarios[at])

    def test_linear_instruments_gain_what_the_price_gains(self):
        entries = risk.linear_risk_array([100, 200], [10, 1], scenarios=[(-0.5, "up", 1)])
        self.assertEqual(entries.tolist(), [[-500], [-100]])

    def test_threads_change_nothing(self):
        strikes = np.linspace(50_000, 200_000, 20_001)
        one = risk.risk_array(1e5, strikes, 0.1, 0.5, units=1e4)
        seven = risk.risk_array(1e5, strikes, 0.1, 0.5, units=1e4, threads=7)
        self.assertTrue((one == seven).all())
        backwards = risk.risk_array(1e5, strikes[::-1], 0.1, 0.5, units=1e4)
        self.assertTrue((one == backwards[::-1]).all())

    def test_one_instrument_has_a_row(self):
        self.assertEqual(risk.risk_array(1e5, 1e5, 0.1, 0.5).shape, (35,))
        self.assertEqual(risk.linear_risk_array(100).shape, (35,))
        self.assertEqual(risk.linear_risk_array([]).shape, (0, 35))

    def test_an_option_without_a_price_has_zeros_and_a_status(self):
        entries, codes = risk.risk_array(1e5, [1e5, -1, np.nan], 0.1, 0.5, status=True)
        self.assertEqual(codes.tolist(), [0, Status.out_of_domain, Status.not_a_number])
        self.assertFalse(entries[1:].any())

    def test_usual_scenarios_have_a_range(self):
        for wrong in (np.nan, -0.1, np.inf):
            with self.assertRaisesRegex(miletus.ArgumentError, "price_range", msg=repr(wrong)):
                risk.usual_scenarios(wrong)
            with self.assertRaisesRegex(miletus.ArgumentError, "extended_factor"):
                risk.usual_scenarios(0.16, wrong)
        with self.assertRaises(miletus.NumberError):
            risk.usual_scenarios("far")

    def test_misuse_raises(self):
        too_many = [(0, "up", 1)] * 65
        for wrong in ([], [(0, "left", 1)], [(1, 2)], [3], [(np.nan, "up", 1)], too_many):
            with self.assertRaises(miletus.ArgumentError, msg=repr(wrong)):
                risk.risk_array(1e5, 1e5, 0.1, 0.5, scenarios=wrong)
        with self.assertRaises(miletus.ArgumentError):
            risk.risk_array(1e5, 1e5, 0.1, 0.5, scenarios=5)
        for wrong in ((1, 2), None, 5):
            with self.assertRaises(miletus.ArgumentError, msg=repr(wrong)):
                risk.risk_array(1e5, 1e5, 0.1, 0.5, shocks=wrong)
        for wrong in ([(0, "up", [])], [(0, "up", [1, 2])]):
            with self.assertRaises(miletus.NumberError, msg=repr(wrong)):
                risk.linear_risk_array(1e5, scenarios=wrong)
        with self.assertRaises(miletus.NumberError):
            risk.risk_array(1e5, 1e5, 0.1, 0.5, scenarios=[("far", "up", 1)])
        with self.assertRaises(miletus.ShapeError):
            risk.risk_array(STRIKES, [1, 2], 0.1, 0.5)


if __name__ == "__main__":
    unittest.main()
