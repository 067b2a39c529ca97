# A venue on a small disk of its own, until that is full: it takes cancels only while there is still
# room for them, nothing acknowledged is lost, it stops and starts again, and goes on once there is
# room. Needs root and a loop mount; where there is neither, it is skipped.
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import native
from venue import PATIENCE, Failed, Venue, arguments, check, market, memory

SKIPPED = 77
DISK_MIB = 40
ROOM_MIB = 5  # beside a file that takes the rest
FUNDS = 10**15
CANCEL_ONLY = 603
JUMP_SECONDS = 6  # longer than the venue's clock may come ahead
SILENCE_SECONDS = 3.0


class SmallDisk:
    """An ext4 of its own, in a file, mounted while this lasts."""

    def __init__(self, folder):
        self.image = pathlib.Path(folder) / "disk.img"
        self.place = pathlib.Path(folder) / "disk"
        self.ballast = self.place / "ballast"

    def __enter__(self):
        self.place.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(DISK_MIB << 20)
        tool(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", str(self.image)])
        tool(["mount", "-o", "loop", str(self.image), str(self.place)])
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", str(self.place)], check=False)

    def free(self):
        """In bytes."""
        told = os.statvfs(self.place)
        return told.f_bavail * told.f_bsize

    def fill_up(self):
        size = self.free() - (ROOM_MIB << 20)
        descriptor = os.open(self.ballast, os.O_CREAT | os.O_WRONLY)
        os.posix_fallocate(descriptor, 0, size)
        os.close(descriptor)

    def make_room(self):
        self.ballast.unlink()


def tool(words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    except FileNotFoundError as missing:
        skip(str(missing))
    if done.returncode != 0:
        skip(f"{' '.join(words)}: {done.stderr.strip()}")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


class Trader:
    """Sends one command after the other, and keeps what it was answered. Knows its open orders."""

    def __init__(self):
        self.answers = {}  # (session, number): sequence
        self.open = []
        self.asked = 0

    def connect(self, venue):
        number = self.client.number if self.asked else 0
        self.client = native.Client(venue.tcp, 1, 21)
        self.client.number = number

    def carry_out(self, name, **fields):
        done = self.client.carry_out(name, **fields)
        self.answers[(21, self.client.number)] = done.sequence
        return done.reject

    def place(self):
        """Why it was refused, or ACCEPTED."""
        self.asked += 1
        reject = self.carry_out("place_order", price=50, quantity=1, client_order=self.asked)
        if reject == native.ACCEPTED:
            self.open.append(self.asked)
        return reject

    def cancel(self):
        order = self.open.pop(0)
        reject = self.carry_out("cancel_by_client_id", client_order=order)
        check(reject == native.ACCEPTED, f"the cancel of {order} was refused with {reject}")

    def check_orders(self):
        for order in self.open:
            told = self.client.ask("query_order", client_order=order)
            check(told.name == "order_answer" and told.state == 0, f"order {order}: {told}")


class Test:
    def __init__(self, miletus, folder, disk):
        self.disk = disk
        self.venue = Venue(miletus, folder, data=disk.place / "data")
        self.trader = Trader()
        self.operators_number = 0

    def start(self):
        self.venue.start()
        self.operator = native.Client(self.venue.unix, native.OPERATOR, 1, native.EVERYTHING)
        self.operator.number = self.operators_number
        self.trader.connect(self.venue)

    def stop(self):
        self.operators_number = self.operator.number
        code = self.venue.stop()
        check(code == 0, f"exit {code}:\n" + self.venue.log.text())
        self.venue.check_journal()

    def carry_out(self, name, /, entries=(), **values):
        done = self.operator.carry_out(name, entries=entries, **values)
        check(done.reject == native.ACCEPTED, f"{name} was refused with {done.reject}")
        return done

    def run(self):
        self.start()
        for name, values, entries in market((1,), FUNDS):
            self.carry_out(name, entries=entries, **values)
        self.disk.fill_up()
        self.work_until_it_closes()
        self.cancels_work_and_no_opening_holds()
        self.stop()
        self.start()
        self.trader.check_orders()
        check(self.trader.place() == CANCEL_ONLY, "an order after a start on a full disk")
        self.trader.cancel()
        self.stands_still_and_goes_on()
        self.stop()
        self.check_log()

    def work_until_it_closes(self):
        for _ in range(100):
            check(self.trader.place() == native.ACCEPTED, "closed too early")
        while True:
            if self.trader.place() == CANCEL_ONLY:
                break
            self.trader.cancel()
        self.wait_for_own_closing()
        print(f"closed after {len(self.trader.answers)} commands; {self.disk.free() >> 10} KiB of "
              f"{DISK_MIB} MiB free, {len(self.trader.open)} orders open")

    def wait_for_own_closing(self):
        """The venue's own command: of no session, sequenced like any other."""
        states = []

        def is_closing(kind, told):
            if kind == native.EVENT and told.name == "venue_state_changed":
                states.append((told.sequence, told.state))
            own = kind == native.EVENT and told.name == "completed" and told.session == 0
            return own and (told.sequence, 1) in states

        for kind, told in self.operator.waiting:
            if is_closing(kind, told):
                self.operator.waiting.clear()
                return
        self.operator.wait_for(is_closing)
        self.operator.waiting.clear()

    def cancels_work_and_no_opening_holds(self):
        for _ in range(30):
            self.trader.cancel()
        self.operator.waiting.clear()
        self.carry_out("set_venue_state", state=0)
        self.wait_for_own_closing()
        check(self.trader.place() == CANCEL_ONLY, "an opening held on a full disk")

    def stands_still_and_goes_on(self):
        """Not even cancels find room any more: nothing is acknowledged that is not on the disk.
        Nobody has to restart anything once there is room."""
        flood = native.command("mass_cancel", 0, instrument=7, filters=2) * 256
        client = native.Client(self.venue.tcp, 1, 22)
        client.line.settimeout(SILENCE_SECONDS)
        sent = 0
        try:
            while True:
                sent += client.line.send(flood[sent % len(flood) :])
                client.heard()
                client.line.settimeout(SILENCE_SECONDS)
        except TimeoutError:
            pass
        time.sleep(JUMP_SECONDS)  # it is the time that passes which is tested
        check(not client.heard()[0], "acknowledged on a disk without room")
        check(self.venue.is_running(), self.venue.log.text())
        check(not self.venue.log.find("clock_jumped"), self.venue.log.text())
        print(f"stood still after {sent >> 10} KiB more; {self.disk.free() >> 10} KiB free")
        self.disk.make_room()
        client.wait_for(lambda kind, told: kind == native.EVENT)
        client.close()
        self.trader.cancel()
        self.carry_out("set_venue_state", state=0)
        check(self.trader.place() == native.ACCEPTED, "no order was taken once there was room")
        self.trader.check_orders()

    def check_log(self):
        logged = {}
        for sequence, command in self.venue.dump().items():
            logged.setdefault(command["session"], []).append(sequence)
        for place, sequence in self.trader.answers.items():
            check(logged.get(place) == [sequence], f"{place}: {sequence}, {logged.get(place)}")
        print(f"{len(self.trader.answers)} acknowledged commands are in the log, each once")


def main():
    options = arguments("A venue on a disk that fills up.").parse_args()
    if os.geteuid() != 0:
        skip("only root may mount")
    with tempfile.TemporaryDirectory(prefix="miletus_disk_", dir=memory()) as folder:
        with SmallDisk(folder) as disk:
            test = Test(options.miletus, folder, disk)
            with test.venue:
                try:
                    test.run()
                except (Failed, TimeoutError, native.Ended) as failed:
                    print(f"FAILED: {type(failed).__name__}: {failed}")
                    print(test.venue.log.text(), f"{disk.free() >> 10} KiB free", sep="\n")
                    sys.exit(1)


if __name__ == "__main__":
    main()
