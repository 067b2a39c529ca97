# Flips bits of a real journal, one at a time, and asks the real program about it: it must name
# file, byte and sequence, or say what the next start makes good, and never lose a command in
# silence.
#     flip_test.py [--bits N | --all [--zeros]] [--seed N]
import collections
import random
import re
import shutil
import sys
import tempfile
import time

import native
from journal_files import BLOCK, records
from venue import Failed, Venue, arguments, check, market, memory

COMMANDS = 30
UNIT = 64
PLACE = re.compile(r"(superblock|\d{8}\.segment), byte (\d+), sequence (\d+): ")
PROGRESS_SECONDS = 30.0
STARTS_EVERY = 25  # of so many sampled bits, one is shown to a start as well


def make_journal(venue):
    """A short one, ended in good order: most of it came at once, so that its records are few."""
    venue.start()
    operator = native.Client(venue.unix, native.OPERATOR, 1)
    script = list(market((1,), 10**9))
    script += [("deposit", {"amount": 1, "receiver": 1}, ())] * (COMMANDS - len(script))
    burst = [
        native.command(name, 0, entries=entries, **values) for name, values, entries in script
    ]
    operator.send(b"".join(burst))
    done = operator.carry_out("set_venue_state", state=1)
    check(done.reject == native.ACCEPTED, f"{done}")
    check(venue.stop() == 0, venue.log.text())


class Target:
    """One file, the part of it that is used, and the bits there."""

    def __init__(self, path, used):
        self.path = path
        self.used = used  # bytes
        self.content = path.read_bytes()

    def bits(self, with_zeros):
        """Every bit of each 64 bytes that hold anything. Of those between, which are all zero, one
        bit, another each time; or every bit as well."""
        found = []
        for unit in range(self.used // UNIT):
            is_empty = not any(self.content[unit * UNIT : (unit + 1) * UNIT])
            few = is_empty and not with_zeros
            bits = (unit % (8 * UNIT),) if few else range(8 * UNIT)
            found += [8 * UNIT * unit + bit for bit in bits]
        return found


def targets_of(data):
    first = data / "00000001.segment"
    found = records(first.read_bytes())
    used = found[-1].offset + found[-1].size
    return [Target(data / "superblock", 4 * BLOCK), Target(first, used)]


class Judge:
    """What the program said of the whole journal, and what it may say of a damaged one."""

    def __init__(self, venue):
        self.venue = venue
        self.whole = self.numbers(self.look())

    def look(self):
        seen = self.venue.ask("journal", "stat")
        return seen.returncode, seen.stdout

    @staticmethod
    def numbers(seen):
        code, text = seen
        check(code == 0, text)
        return re.findall(r"^(?:commands|sequences) .*$", text, re.MULTILINE)

    def verdict(self, name, bit):
        """A word for what became of it."""
        code, text = self.look()
        where = f"{name}, bit {bit}"
        if code != 0:
            place = PLACE.search(text)
            check(code == 1 and place, f"{where}: exit {code}, and no place: {text}")
            check(place[1] == name, f"{where}: said to be in another file: {text}")
            return "refused, with its place"
        check(self.numbers((code, text)) == self.whole, f"{where}: lost in silence:\n{text}")
        if "of its copies are bad" in text:
            check(name == "superblock", f"{where}: {text}")
            return "repaired from another copy"
        check("torn tail" in text, f"{where}: not seen:\n{text}")
        return "seen as a torn tail, nothing lost"


def flip(path, bit):
    with open(path, "r+b", buffering=0) as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes((byte ^ (1 << (bit % 8)),)))


def bits_to_flip(targets, chance, options):
    """All, or so many; of a sample, some lie in the zeros behind what is used."""
    for target in targets:
        bits = target.bits(options.zeros)
        if not options.all:
            bits = chance.sample(bits, options.bits // len(targets))
            behind = range(8 * target.used, 8 * len(target.content))
            bits += chance.sample(behind, options.bits // 20 if behind else 0)
        yield from ((target, bit) for bit in bits)


def check_start(venue, target, bit, verdict):
    """A start refuses what the inspection refuses, and says what it makes good."""
    with tempfile.TemporaryDirectory(prefix="miletus_flip_") as folder:
        with Venue(venue.miletus, folder) as copy:
            shutil.copytree(venue.data, copy.data)
            copy.launch()
            ready = copy.log.wait_for("ready")
            where = f"{target.path.name}, bit {bit}: {verdict}; a start says\n"
            if verdict.startswith("refused"):
                check(not ready and copy.wait() == 3, where + copy.log.text())
                check(target.path.name in copy.log.text(), where + copy.log.text())
                return
            event = "torn_tail" if verdict.startswith("seen") else "superblock_repaired"
            check(ready and copy.log.find(event), where + copy.log.text())
            check(copy.stop() == 0, where + copy.log.text())


def run(venue, options):
    chance = random.Random(options.seed)
    make_journal(venue)
    judge = Judge(venue)
    targets = targets_of(venue.data)
    verdicts = collections.Counter()
    begun = told = time.monotonic()
    flipped = 0
    for target, bit in bits_to_flip(targets, chance, options):
        flip(target.path, bit)
        verdict = judge.verdict(target.path.name, bit)
        if not options.all and flipped % STARTS_EVERY == 0:
            check_start(venue, target, bit, verdict)
            verdicts["shown to a start"] += 1
        flip(target.path, bit)
        flipped += 1
        verdicts[f"{target.path.name}: {verdict}"] += 1
        if time.monotonic() - told > PROGRESS_SECONDS:
            told = time.monotonic()
            print(f"  {flipped} bits, {told - begun:.0f} s", flush=True)
    check(judge.numbers(judge.look()) == judge.whole, "the journal was not left as it was")
    for target in targets:
        check(target.path.read_bytes() == target.content, "the journal was not left as it was")
    print(f"{flipped:8d} bits flipped, {', '.join(judge.whole)}; "
          f"used: {', '.join(f'{t.used} bytes of {t.path.name}' for t in targets)}")
    for verdict, number in sorted(verdicts.items()):
        print(f"{number:8d} {verdict}")
    print(f"{time.monotonic() - begun:8.1f} seconds")


def main():
    parser = arguments("Flips bits of a journal and asks the program about each.")
    parser.add_argument("--bits", type=int, default=600, help="how many, drawn by the seed")
    parser.add_argument("--all", action="store_true", help="every bit of what holds anything")
    parser.add_argument("--zeros", action="store_true", help="and of the zeros between")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="miletus_flip_", dir=memory()) as folder:
        with Venue(options.miletus, folder) as venue:
            try:
                run(venue, options)
            except Failed as failed:
                print(f"FAILED: {failed}")
                sys.exit(1)


if __name__ == "__main__":
    main()
