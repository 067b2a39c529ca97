# What Python adds to the kernel: a million options from memory, price and five Greeks, on one
# pinned core, in turns with the program kernel_rate, which prices the same ones. The least of each
# counts.
#
# usage: python_bench.py [--rounds N] [--plain]      (by ./run python; ./run bench takes it plain)
import argparse
import functools
import os
import pathlib
import subprocess
import time

import numpy as np

import miletus

KERNEL = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/kernel_rate"
OPTIONS = 1_000_000
TURNS = 7
NAMES = ("price", "delta", "gamma", "vega", "theta", "rho")


def columns():
    at = np.arange(OPTIONS)
    return {
        "F": 100 + (at % 97) / 8,
        "K": 60.0 + at * 37 % 101,
        "T": 0.0625 + (at * 17 % 233) / 128,
        "vol": 0.125 + (at * 29 % 151) / 128,
        "kind": np.where(at % 2 == 0, 1, -1).astype(np.int8),
        "df": 1 - (at * 7 % 11) / 128,
    }


def seconds(work, turns=TURNS):
    best = float("inf")
    for _ in range(turns):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def kernel():
    best, bits, isa = subprocess.run(
        [KERNEL], check=True, capture_output=True, text=True
    ).stdout.split()
    return float(best), int(bits), isa


def bits_of(greeks):
    wanted = [getattr(greeks, name).view(np.uint64) for name in NAMES]
    return int(functools.reduce(np.bitwise_xor, map(np.bitwise_xor.reduce, wanted)))


class Loop:
    """Asks as loops do that keep the newest answer."""

    def __init__(self, options):
        self.options = options
        self.greeks = miletus.greeks(names=NAMES, **options)

    def over(self):
        miletus.greeks(out=self.greeks, **self.options)

    def anew(self):
        self.greeks = miletus.greeks(names=NAMES, **self.options)

    def threads(self):
        miletus.greeks(out=self.greeks, threads=os.cpu_count(), **self.options)


def one_option():
    count = 20_000
    price = miletus.price

    def work():
        for _ in range(count):
            price(100.0, 110.0, 0.25, 0.5)

    return seconds(work) / count


def measure(rounds):
    loop = Loop(columns())
    best = {"kernel": 1e9, "out=": 1e9, "new arrays": 1e9}
    for _ in range(rounds):
        took, bits, isa = kernel()
        best["kernel"] = min(best["kernel"], took)
        best["out="] = min(best["out="], seconds(loop.over))
        best["new arrays"] = min(best["new arrays"], seconds(loop.anew))
        if bits_of(loop.greeks) != bits:
            raise SystemExit("Python and the kernel do not have the same bits")
    return best, isa, loop


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plain", action="store_true", help="options a second: ours, theirs")
    arguments = parser.parse_args()
    every_core = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(every_core)})
    best, isa, loop = measure(arguments.rounds)
    if arguments.plain:
        print(OPTIONS / best["out="], OPTIONS / best["kernel"])
        return
    single = one_option()
    os.sched_setaffinity(0, every_core)
    shared = seconds(loop.threads)
    print(f"price and five Greeks of {OPTIONS:,} options, {isa}, the same bits everywhere")
    for name, took in best.items():
        print(f"  {name:12} {OPTIONS / took / 1e6:8.1f} M/s   {took / best['kernel']:.3f}")
    print(f"  {os.cpu_count()} threads    {OPTIONS / shared / 1e6:8.1f} M/s")
    print(f"  one option   {single * 1e9:8.0f} ns a call")


if __name__ == "__main__":
    main()
