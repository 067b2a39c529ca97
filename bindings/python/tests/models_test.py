# Models beside Black's: told alike by numbers and by arrays, the same as Black's where they must
# be, and led back from their prices.
import math
import unittest

import numpy as np

import miletus
from miletus import Status, models

COUNT = 600
RANDOM = np.random.default_rng(5)
F, K = RANDOM.uniform(50, 150, (2, COUNT))
T, VOL = RANDOM.uniform(0.1, 2, COUNT), RANDOM.uniform(0.1, 1, COUNT)
KIND = RANDOM.choice(np.array(["call", "put"]), COUNT)
DF, SHIFT = RANDOM.uniform(0.9, 1, COUNT), RANDOM.uniform(-20, 50, COUNT)
FX_VOL, CORRELATION = RANDOM.uniform(0, 0.3, COUNT), RANDOM.uniform(-1, 1, COUNT)

# Name, columns, kind and discount in their place, and whether a volatility can be implied.
MODELS = [
    ("bachelier", (F, K, T, 100 * VOL), (KIND, DF), True),
    ("displaced", (F, K, T, VOL, SHIFT), (KIND, DF), True),
    ("inverse", (F, K, T, VOL), (KIND, DF), True),
    ("quanto", (F, K, T, VOL, FX_VOL, CORRELATION), (KIND, DF, 1 + FX_VOL), False),
]


def at(columns, row):
    return [column[row].item() for column in columns]


def bits(numbers):
    return np.asarray(numbers, np.float64).tobytes()


class Models(unittest.TestCase):
    def test_numbers_and_arrays_agree(self):
        for name, columns, rest, _ in MODELS:
            prices = getattr(models, name)(*columns, *rest, threads=2)
            everything = getattr(models, name + "_greeks")(*columns, *rest)
            self.assertEqual(bits(prices), bits(everything.price))
            for row in range(0, COUNT, 37):
                terms = at(columns, row) + at(rest, row)
                single = getattr(models, name + "_greeks")(*terms)
                self.assertEqual(getattr(models, name)(*terms), prices[row])
                for field in miletus.Greeks._fields:
                    told = getattr(everything, field)[row]
                    self.assertEqual(bits(getattr(single, field)), bits(told), (name, field))

    def test_prices_lead_back_to_volatilities(self):
        for name, columns, (kind, df), _ in (model for model in MODELS if model[3]):
            F, K, T, vol, *shift = columns
            prices = getattr(models, name)(*columns, kind, df)
            imply = getattr(models, name + "_iv")
            vols, codes = imply(prices, F, K, T, *shift, kind, df, True)
            clear = (codes == Status.ok) & (np.abs(np.log(F / K)) < VOL * np.sqrt(T))
            self.assertGreater(clear.sum(), COUNT // 2)
            np.testing.assert_allclose(vols[clear], vol[clear], rtol=1e-9, err_msg=name)
            for row in range(0, COUNT, 101):
                terms = [prices[row].item(), *at((F, K, T, *shift, kind, df), row)]
                self.assertEqual(bits(imply(*terms)), bits(vols[row]))

    def test_without_a_shift_black_is_left(self):
        black = miletus.price(F, K, T, VOL, KIND, DF)
        self.assertEqual(bits(models.displaced(F, K, T, VOL, 0, KIND, DF)), bits(black))

    def test_a_coin_is_worth_the_forward(self):
        black = miletus.price(F, K, T, VOL, KIND, DF)
        np.testing.assert_allclose(models.inverse(F, K, T, VOL, KIND, DF), black / F, rtol=1e-15)

    def test_what_moves_by_itself_is_paid_at_the_rate(self):
        black = miletus.price(F, K, T, VOL, KIND, DF)
        quanto = models.quanto(F, K, T, VOL, 0.3, 0, KIND, DF, 2)
        np.testing.assert_allclose(quanto, 2 * black, rtol=1e-12, atol=1e-13)
        forward = F * np.exp(-CORRELATION * VOL * FX_VOL * T)
        moved = models.quanto(F, K, T, VOL, FX_VOL, CORRELATION, KIND, DF)
        expected = miletus.price(forward, K, T, VOL, KIND, DF)
        np.testing.assert_allclose(moved, expected, rtol=1e-9, atol=1e-12)

    def test_bachelier_at_the_money(self):
        # L. Bachelier, Théorie de la spéculation, 1900: s sqrt(T / 2 pi).
        price = models.bachelier(100, 100, 2, 15)
        self.assertAlmostEqual(price, 15 * math.sqrt(2 / (2 * math.pi)), 13)

    def test_misuse_names_the_argument(self):
        with self.assertRaisesRegex(miletus.NumberError, "shift"):
            models.displaced(100, 100, 1, 0.2, "far")
        with self.assertRaisesRegex(miletus.ShapeError, "correlation"):
            models.quanto(F, K, T, VOL, FX_VOL, [1, 2])
        self.assertIs(models.quanto_greeks(100, 100, 1, 0.2, 0.1, 2).status, Status.out_of_domain)


if __name__ == "__main__":
    unittest.main()
