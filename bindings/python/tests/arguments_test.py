# What may be passed: any shapes and types that numpy would take together, and places for results;
# what is misused raises by name, and what has no price has a status.
import decimal
import sys
import threading
import unittest

import numpy as np
import pandas as pd

import miletus
from miletus import Status, greeks, iv, price

COLUMN = np.linspace(80, 120, 41)


def plain(F, K, T, vol, kind="call", df=1.0):
    """One by one, in the way that has no arrays."""
    rows = np.broadcast(F, K, T, vol, kind, df)
    prices = [price(*map(float, row[:4]), str(row[4]), float(row[5])) for row in rows]
    return np.array(prices).reshape(rows.shape)


class Shapes(unittest.TestCase):
    def expect(self, *arguments):
        arguments += (1.0, 0.2)[len(arguments) - 2 :]
        got = price(*arguments)
        expected = plain(*arguments)
        self.assertEqual(got.shape, expected.shape)
        self.assertEqual(got.tobytes(), expected.tobytes())

    def test_shapes_are_broadcast_as_numpy_does(self):
        strikes, times = COLUMN, np.array([0.1, 1, 2])[:, None]
        self.expect(100, strikes)
        self.expect(strikes, 100, times)
        self.expect(100, strikes, times, np.array([0.1, 0.5])[:, None, None])
        self.expect(np.full((3, 1), 100.0), strikes[None, :], times, 0.3, ["c"] * 41)
        self.expect(100, strikes, 1, 0.2, np.array([["call"], ["put"]]))
        self.expect([100], [100])

    def test_large_shapes_too(self):
        grid = price(COLUMN[:, None, None], COLUMN[None, :, None], np.linspace(0.1, 2, 37), 0.4)
        for at in ((0, 0, 0), (17, 40, 3), (40, 12, 36), (40, 40, 36)):
            expected = price(COLUMN[at[0]], COLUMN[at[1]], np.linspace(0.1, 2, 37)[at[2]], 0.4)
            self.assertEqual(grid[at], expected)

    def test_numbers_give_a_number(self):
        for number in (100, 100.0, np.float64(100), np.float32(100), np.int32(100), np.array(100)):
            self.assertIs(type(price(number, 100, 1, 0.2)), float)
        self.assertIs(type(greeks(100, 100, 1, 0.2).vanna), float)
        self.assertIs(type(greeks(100, 100, 1, 0.2).status), Status)

    def test_nothing_gives_nothing(self):
        self.assertEqual(price([], 100, 1, 0.2).shape, (0,))
        self.assertEqual(price(np.empty((3, 0)), 100, 1, [[0.2]]).shape, (3, 0))
        self.assertEqual(greeks([], 100, 1, 0.2, threads=3).status.shape, (0,))

    def test_shapes_that_do_not_go_together(self):
        told = r"T: of shape \(3,\), which does not go with \(41,\)"
        with self.assertRaisesRegex(miletus.ShapeError, told):
            price(100, COLUMN, [1, 2, 3], 0.2)
        with self.assertRaises(miletus.ShapeError):
            price(np.empty(0), COLUMN, 1, 0.2)
        with self.assertRaises(miletus.ShapeError):
            price(100, 100, 1, 0.2, ["c", "p", "c"], [1, 1])
        huge = np.broadcast_to(1.0, (2**40, 1)), np.broadcast_to(1.0, 2**40)
        with self.assertRaises(miletus.ShapeError):
            price(*huge, 1, 0.2)


class Types(unittest.TestCase):
    def test_numbers_of_every_type(self):
        expected = price(100, COLUMN, 1, 0.2).tobytes()
        record = np.zeros(41, [("pad", "i1"), ("strike", "f8")])
        record["strike"] = COLUMN
        swapped = COLUMN.astype(">f8")
        objects = np.array([decimal.Decimal(int(strike)) for strike in COLUMN])
        for strikes in (
            COLUMN.astype(np.float32),
            COLUMN.astype(np.int64),
            COLUMN.astype(np.uint8),
            COLUMN.tolist(),
            tuple(COLUMN),
            pd.Series(COLUMN),
            pd.Series(COLUMN, dtype="Float64"),
            swapped,
            record["strike"],
            objects,
            np.asfortranarray(np.stack([COLUMN, COLUMN]))[1],
        ):
            self.assertEqual(price(100, strikes, 1, 0.2).tobytes(), expected)

    def test_numbers_lie_where_they_lay(self):
        before = COLUMN.copy()
        frozen = COLUMN.copy()
        frozen.flags.writeable = False
        price(frozen, frozen, 1, 0.2)
        self.assertEqual(frozen.tobytes(), before.tobytes())

    def test_kinds_of_every_type(self):
        signs = np.where(np.arange(41) % 3 == 0, 1, -1)
        words = np.where(signs == 1, "call", "put")
        expected = price(100, COLUMN, 1, 0.2, signs.astype(np.int8)).tobytes()
        for kinds in (
            signs,
            signs.astype(np.float32),
            signs.tolist(),
            words,
            words.tolist(),
            words.astype(object),
            np.where(signs == 1, "c", "p")[:, None][:, 0],
            pd.Series(words),
            pd.Series(words).astype("category"),
            pd.Series(words, dtype="string"),
        ):
            self.assertEqual(price(100, COLUMN, 1, 0.2, kinds).tobytes(), expected)
        self.assertEqual(price(100, 90, 1, 0.2, -1), price(100, 90, 1, 0.2, "p"))

    def test_kinds_are_read_in_letters_of_any_case(self):
        for sign, words in ((1, ("C", "Call", "CALL", "cALL")), (-1, ("P", "Put", "PUT"))):
            expected = price(100, 90, 1, 0.2, sign)
            for word in words:
                for kind in (word, [word], np.array([word], object)):
                    self.assertEqual(price(100, 90, 1, 0.2, kind), expected, word)
        for wrong in ("Calls", ["\u212all"], "\u0441", np.array(["X"])):
            with self.assertRaises(miletus.KindError, msg=repr(wrong)):
                price(100, 90, 1, 0.2, wrong)

    def test_what_is_no_number_is_refused_by_name(self):
        for wrong in ("0.2", ["a", "b"], None, [1, "x"], [[1], [1, 2]], 1j, {}, b"1",
                      np.array(["2026-01-01"], "M8[D]"), object()):
            with self.assertRaisesRegex(miletus.NumberError, "vol", msg=repr(wrong)):
                price(100, 100, 1, wrong)
        self.assertTrue(issubclass(miletus.NumberError, TypeError))

    def test_what_is_no_kind_is_refused(self):
        for wrong in ("straddle", "", "calls", ["call", "x"], np.array([True]), None, 1j,
                      [["c", 1]], np.array(["call", None]), np.array(["call", 1.0], object),
                      "c\0", "\ud800"):
            with self.assertRaises(miletus.KindError, msg=repr(wrong)):
                price(100, COLUMN[:1], 1, 0.2, wrong)

    def test_all_misuse_is_a_value_error(self):
        for error in (miletus.NumberError, miletus.KindError, miletus.ShapeError,
                      miletus.OutputError, miletus.ArgumentError):
            self.assertTrue(issubclass(error, miletus.Error))
        self.assertTrue(issubclass(miletus.Error, ValueError))

    def test_arguments_that_there_are_not(self):
        for wrong in (0, -1, 2000, 1.5, None, "2", 10**30):
            with self.assertRaises(miletus.ArgumentError, msg=repr(wrong)):
                price(100, COLUMN, 1, 0.2, threads=wrong)
        for wrong in ("deltas", ["price", "lambda"], (), ""):
            with self.assertRaises(miletus.ArgumentError, msg=repr(wrong)):
                greeks(100, COLUMN, 1, 0.2, names=wrong)
        with self.assertRaises(TypeError):
            price(100, 100, 1)
        for wrong in (5, [["price"]], [1]):
            with self.assertRaises(miletus.ArgumentError, msg=repr(wrong)):
                greeks(100, COLUMN, 1, 0.2, names=wrong)

    def test_numbers_beyond_float64_are_none(self):
        for huge in (10**400, -(10**400)):
            for numbers in (huge, [100, huge]):
                with self.assertRaisesRegex(miletus.NumberError, "K", msg=repr(numbers)):
                    price(100, numbers, 1, 0.2)


class Outputs(unittest.TestCase):
    def test_results_are_written_where_they_are_wanted(self):
        room = np.empty(41)
        self.assertIs(price(100, COLUMN, 1, 0.2, out=room), room)
        self.assertEqual(room.tobytes(), price(100, COLUMN, 1, 0.2).tobytes())
        answer, codes = price(100, COLUMN, 1, 0.2, status=True, out=room)
        self.assertIs(answer, room)
        self.assertEqual(codes.tolist(), [0] * 41)
        vols, codes = iv(room, 100, COLUMN, 1, status=True, out=room)
        self.assertIs(vols, room)
        np.testing.assert_allclose(room, 0.2, rtol=1e-12)

    def test_greeks_are_written_over_those_before(self):
        some = greeks(100, COLUMN, 1, 0.2, names="delta status")
        expected = greeks(105, COLUMN, 1, 0.2).delta.tobytes()
        again = greeks(105, COLUMN, 1, 0.2, out=some)
        self.assertIs(again.delta, some.delta)
        self.assertIs(again.status, some.status)
        self.assertIsNone(again.price)
        self.assertEqual(some.delta.tobytes(), expected)

    def test_one_number_has_room_in_an_array_without_shape(self):
        room = np.empty(())
        self.assertIs(price(100, 100, 1, 0.2, out=room), room)
        self.assertEqual(room[()], price(100, 100, 1, 0.2))

    def test_results_may_lie_over_the_numbers(self):
        for layout in (slice(0, 41), slice(3, 44), slice(44, 3, -1), slice(0, 82, 2)):
            memory = np.resize(COLUMN, 100)
            strikes, room = memory[layout], memory[2:43]
            expected = price(100, strikes, 1, 0.2).tobytes()
            price(100, strikes, 1, 0.2, out=room)
            self.assertEqual(room.tobytes(), expected)
        memory = np.resize(COLUMN, 100)
        expected = price(100, COLUMN, 1, memory[0] / 100).tobytes()
        memory[:41] = COLUMN
        memory[0] = 0.8
        self.assertEqual(
            price(100, COLUMN, 1, memory[:1], out=memory[:41]).tobytes(), expected
        )

    def test_kinds_may_lie_under_the_status(self):
        memory = np.ones(82, np.int8)
        some = greeks(100, COLUMN, 1, 0.2)._replace(status=memory[1:42].view(np.uint8))
        expected = greeks(100, COLUMN, 1, 0.2).price.tobytes()
        again = greeks(100, COLUMN, 1, 0.2, memory[:41], out=some)
        self.assertEqual(again.price.tobytes(), expected)

    def test_rooms_that_do_not_fit(self):
        frozen = np.empty(41)
        frozen.flags.writeable = False
        for wrong in (np.empty(40), np.empty((1, 41)), np.empty(41, np.float32), frozen,
                      np.empty(82)[::2], [0.0] * 41, COLUMN.astype(">f8"), (np.empty(41),),
                      np.ndarray(41, buffer=bytearray(329), offset=1)):
            with self.assertRaises(miletus.OutputError, msg=repr(wrong)):
                price(100, COLUMN, 1, 0.2, out=wrong)
        room = np.empty(41)
        with self.assertRaises(miletus.OutputError):
            greeks(100, COLUMN, 1, 0.2, names="price delta", out=room)
        for wrong in (5, room, [room] * 10, miletus.Greeks(price=room, delta=room)):
            with self.assertRaises(miletus.OutputError):
                greeks(100, COLUMN, 1, 0.2, out=wrong)


class Data(unittest.TestCase):
    def test_what_has_no_price_has_a_status(self):
        cases = [
            ((100, 100, 1, 0.2), Status.ok),
            ((100, 100, 0, 0.2), Status.no_time_value),
            ((100, 100, 1, 0.0), Status.no_time_value),
            ((np.nan, 100, 1, 0.2), Status.not_a_number),
            ((100, np.inf, 1, 0.2), Status.out_of_domain),
            ((100, -1, 1, 0.2), Status.out_of_domain),
            ((5e-324, 100, 1, 0.2), Status.out_of_domain),
            ((100, 100, -1, 0.2), Status.out_of_domain),
        ]
        prices, codes = price(*np.array([case for case, _ in cases]).T, status=True)
        for (case, expected), number, code in zip(cases, prices, codes):
            self.assertEqual(code, expected, case)
            single, status = price(*map(float, case), status=True)
            self.assertIs(status, expected)
            has_price = expected in (Status.ok, Status.no_time_value)
            self.assertEqual(np.isfinite(number), has_price, case)
            self.assertEqual(np.isfinite(single), has_price, case)

    def test_prices_that_no_volatility_leads_to(self):
        vols, codes = iv([9.9, 10, 111, np.nan, 12], 110, 100, 1, status=True)
        self.assertEqual(codes.tolist(), [4, 1, 5, 2, 0])
        self.assertEqual(np.isnan(vols).tolist(), [True, False, True, True, False])

    def test_a_sign_that_is_none(self):
        for sign in (0, 2, 257, -255, 0.5, np.nan):
            self.assertIs(greeks(100, 100, 1, 0.2, sign).status, Status.out_of_domain)

    def test_masked_numbers_are_none(self):
        strikes = np.ma.masked_greater(COLUMN, 100)
        _, codes = price(100, strikes, 1, 0.2, status=True)
        self.assertEqual((codes == Status.not_a_number).tolist(), (COLUMN > 100).tolist())

    def test_missing_numbers_are_none(self):
        _, codes = price(100, pd.Series([100, None]), 1, 0.2, status=True)
        self.assertEqual(codes.tolist(), [0, Status.not_a_number])


class Locks(unittest.TestCase):
    def test_other_python_threads_go_on_meanwhile(self):
        # With so long an interval nobody takes Python's lock from who holds it; so the other
        # thread gets on only while the lock is given up.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1000)
        go, ran = threading.Event(), []
        other = threading.Thread(target=lambda: (go.wait(), ran.append(True)))
        strikes = np.resize(COLUMN, 1_000_000)
        room = np.empty(1_000_000)
        try:
            other.start()
            go.set()
            ran_before = list(ran)
            for _ in range(100):
                price(100, strikes, 1, 0.2, out=room)
                if ran:
                    break
            self.assertEqual((ran_before, ran), ([], [True]))
        finally:
            sys.setswitchinterval(interval)
            other.join()


if __name__ == "__main__":
    unittest.main()
