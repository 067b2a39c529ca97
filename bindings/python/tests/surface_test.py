# Surfaces are fitted to tables and to arrays alike, and tell what they made of each quote.
import os
import pathlib
import sys
import unittest
from unittest import mock

import matplotlib
import numpy as np
import pandas as pd

import miletus
from miletus import Status, surface

matplotlib.use("agg")


def chain():
    """Three expiries of calls and puts around a smile, in coin, as an export names them."""
    rows = []
    for time in (0.05, 0.25, 1.0):
        forward = 100_000 * (1 + 0.05 * time)
        strikes = np.round(forward * np.exp(np.linspace(-2, 2, 17) * 0.5 * np.sqrt(time)), -2)
        vols = 0.5 + 0.3 * np.log(strikes / forward) ** 2
        for kind in ("call", "put"):
            middle = miletus.price(forward, strikes, time, vols, kind) / forward
            rows.append(
                pd.DataFrame(
                    {
                        "strike": strikes,
                        "time_to_maturity": time,
                        "option_type": kind,
                        "bid_price": (middle - 4e-4).clip(0),
                        "ask_price": middle + 4e-4,
                        "mark_price": middle,
                        "index_price": 100_000.0,
                        "currency": "BTC",
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


class Surfaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chain = chain()
        cls.surface = surface.fit(cls.chain)

    def test_the_smile_comes_back(self):
        forward = 100_000 * 1.0125
        strikes = forward * np.exp(np.linspace(-0.3, 0.3, 31))
        vols = 0.5 + 0.3 * np.log(strikes / forward) ** 2
        np.testing.assert_allclose(self.surface.vol(strikes, 0.25), vols, atol=0.01)
        self.assertAlmostEqual(self.surface.forward(0.25) / forward, 1, 4)

    def test_arrays_tell_the_same_as_a_table(self):
        table = self.chain
        arrays = surface.fit(
            K=table["strike"].tolist(),
            T=table["time_to_maturity"].to_numpy(),
            kind=np.where(table["option_type"] == "call", 1, -1),
            bid=table["bid_price"],
            ask=table["ask_price"],
            mark=table["mark_price"],
            spot=100_000,
        )
        strikes = np.linspace(50_000, 200_000, 50)
        one, other = (s.vol(strikes, 0.3).tobytes() for s in (arrays, self.surface))
        self.assertEqual(one, other)
        columns = {name: list(column) for name, column in table.items()}
        self.assertEqual(surface.fit(columns).vol(strikes, 0.3).tobytes(), other)

    def test_strikes_and_times_are_broadcast(self):
        strikes, times = np.linspace(60_000, 150_000, 700), np.array([[0.05], [0.1], [2.0]])
        grid = self.surface.vol(strikes, times, threads=2)
        self.assertEqual(grid.shape, (3, 700))
        for row, column in ((0, 0), (1, 399), (2, 699)):
            alone = self.surface.vol(strikes[column], times[row, 0])
            self.assertEqual(alone, grid[row, column])
            self.assertIsInstance(alone, float)
        self.assertEqual(self.surface.vol(9e4, times[:, 0]).tobytes(),
                         self.surface.vol(np.full(3, 9e4), times[:, 0]).tobytes())

    def test_where_there_is_no_volatility_is_a_status(self):
        vols, codes = self.surface.vol([1e5, -1, np.nan], 0.1, status=True)
        self.assertEqual(codes[0], Status.ok)
        self.assertTrue(np.isnan(vols[1:]).all() and codes[1:].all())
        self.assertIsNot(self.surface.vol(1e5, -1, status=True)[1], Status.ok)

    def test_the_report_has_a_row_for_each_expiry(self):
        report = self.surface.report()
        np.testing.assert_allclose(report["T"], [0.05, 0.25, 1.0])
        self.assertTrue(report["is_free_of_arbitrage"].all())
        self.assertGreater(report["inside"].sum() / report["used"].sum(), 0.9)
        self.assertGreaterEqual(report["least_g"].min(), 0)

    def test_each_quote_is_accounted_for(self):
        table = self.chain.copy()
        table.loc[0, "bid_price"] = np.nan
        table.loc[1, "bid_price"] = 1.0
        table.loc[2, "strike"] = np.nan
        table.loc[3, ["bid_price", "ask_price"]] = 0
        quotes = surface.fit(table).quotes()
        self.assertEqual(len(quotes), len(table))
        told = quotes["status"][:4].tolist()
        self.assertEqual(told, ["one-sided", "crossed", "not a number", "no side"])
        self.assertTrue(quotes["is_used"][10:15].all())

    def test_a_side_that_is_none_is_absent(self):
        for absent in (None, np.nan, pd.NA):
            table = self.chain.astype({"bid_price": object})
            table.loc[0, "bid_price"] = absent
            quotes = surface.fit(table).quotes()
            self.assertEqual(quotes["status"][:2].tolist(), ["one-sided", "used"], repr(absent))
        bids = np.ma.array(self.chain["bid_price"], mask=np.arange(len(self.chain)) == 0)
        quotes = surface.fit(self.chain, bid=bids).quotes()
        self.assertEqual(quotes["status"][0], "one-sided")

    def test_kinds_are_read_in_letters_of_any_case(self):
        capital = surface.fit(self.chain.assign(option_type=self.chain["option_type"].str.upper()))
        strikes = np.linspace(5e4, 2e5, 50)
        self.assertEqual(capital.vol(strikes, 0.3).tobytes(),
                         self.surface.vol(strikes, 0.3).tobytes())

    def test_moments_tell_times(self):
        start = pd.Timestamp("2026-01-16T08:00:00Z")
        lives = pd.to_timedelta(self.chain["time_to_maturity"] * 365, unit="D").dt.round("s")
        moments = self.chain.drop(columns="time_to_maturity").assign(
            timestamp=str(start), expiry_datetime=[str(start + life) for life in lives])
        moments.loc[0, "timestamp"] = str(start - pd.Timedelta(hours=1))
        fitted = surface.fit(moments, age_max=60)
        np.testing.assert_allclose(fitted.report()["T"], [0.05, 0.25, 1.0], rtol=1e-9)
        self.assertEqual(fitted.quotes()["status"][:2].tolist(), ["stale", "used"])
        with self.assertRaisesRegex(miletus.NumberError, "timestamp"):
            surface.fit(moments.assign(timestamp="yesterday"))

    def test_the_spot_in_the_middle_counts(self):
        # Calls alone tell no forward, so that it comes from the spot.
        calls = self.chain[self.chain["option_type"] == "call"].copy()
        calls.iloc[0, calls.columns.get_loc("index_price")] = 50_000.0
        calls.iloc[1, calls.columns.get_loc("index_price")] = np.nan
        expected = surface.fit(calls, spot=100_000).report()["forward"]
        self.assertEqual(surface.fit(calls).report()["forward"].tolist(), expected.tolist())
        self.assertNotEqual(surface.fit(calls, spot=50_000).report()["forward"].tolist(),
                            expected.tolist())

    def test_at_no_time_there_is_no_forward(self):
        for time in (np.nan, -1, 1e300, np.inf):
            self.assertTrue(np.isnan(self.surface.forward(time)), time)
        self.assertTrue(np.isfinite(self.surface.forward(1000)))
        for wrong in ("x", None, [0.1, 0.2]):
            with self.assertRaisesRegex(miletus.NumberError, "T", msg=repr(wrong)):
                self.surface.forward(wrong)

    def test_parameters_that_there_are_not(self):
        nonsense = {"discount": (-1, 0, np.nan, np.inf), "age_max": (-1, np.nan),
                    "spot": (-1, np.nan, np.inf)}
        for name, values in nonsense.items():
            for value in values:
                with self.assertRaisesRegex(miletus.ArgumentError, name, msg=repr(value)):
                    surface.fit(self.chain, **{name: value})
            with self.assertRaisesRegex(miletus.NumberError, name):
                surface.fit(self.chain, **{name: "x"})
        surface.fit(self.chain, discount=None, age_max=np.inf, spot=0)
        for wrong in (5, "K T kind", [1, 2]):
            with self.assertRaisesRegex(miletus.ArgumentError, "chain", msg=repr(wrong)):
                surface.fit(wrong)

    def test_a_picture_has_a_line_for_each_expiry(self):
        axes = self.surface.plot()
        self.assertEqual(len(axes.get_lines()), 3)
        again = self.surface.plot(axes)
        self.assertIs(again, axes)

    def test_without_matplotlib_there_is_a_clear_error(self):
        with mock.patch.dict(sys.modules, {"matplotlib": None}):
            with self.assertRaisesRegex(miletus.MissingError, "matplotlib"):
                self.surface.plot()

    def test_without_pandas_reports_are_lists(self):
        with mock.patch.dict(sys.modules, {"pandas": None}):
            self.assertIsInstance(self.surface.report(), dict)
            self.assertEqual(len(self.surface.quotes()["status"]), len(self.chain))

    def test_chains_that_cannot_be_fitted(self):
        one_sided = self.chain.assign(bid_price=0.0)
        for hopeless in (self.chain[:0], one_sided):
            with self.assertRaises(miletus.FitError):
                surface.fit(hopeless)
        for wrong in (
            lambda: surface.fit({}),
            lambda: surface.fit(self.chain, settlement="gold"),
            lambda: surface.fit(self.chain.assign(currency=["BTC"] + ["ETH"] * 101)),
        ):
            with self.assertRaises(miletus.ArgumentError):
                wrong()
        with self.assertRaises(miletus.ShapeError):
            surface.fit(self.chain, bid=[1, 2, 3])
        with self.assertRaises(miletus.NumberError):
            surface.fit(self.chain.assign(strike="high"))

    @unittest.skipUnless("MILETUS_DATA" in os.environ, "MILETUS_DATA names no folder of chains")
    def test_real_chains(self):
        files = sorted(pathlib.Path(os.environ["MILETUS_DATA"], "option-chains").glob("*.csv.gz"))
        self.assertTrue(files)
        for file in files:
            for currency, table in pd.read_csv(file).groupby("currency"):
                report = surface.fit(table).report()
                fitted = report[report["is_fitted"]]
                self.assertTrue(fitted["is_free_of_arbitrage"].all(), (file.name, currency))
                inside = (fitted["inside"] - fitted["marks_inside"]).sum() / fitted["used"].sum()
                self.assertGreaterEqual(inside, -0.01, (file.name, currency))


if __name__ == "__main__":
    unittest.main()
