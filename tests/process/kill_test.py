# Kills a venue at random moments, again and again, and holds it to its word: what it acknowledged
# stays, once, at its place in the log; what is sent again is answered as the first time.
#     kill_test.py [CYCLES] [--seed N]
import collections
import random
import select
import shutil
import signal
import sys
import tempfile
import time

import native
from journal_files import tear_last_record
from kill_sessions import DEPOSITED, Depositor, Monitor, make_sessions
from venue import PATIENCE, Failed, Venue, arguments, check

CYCLES_PER_VENUE = 40  # then another one, from nothing
LOAD_SECONDS_MAX = 0.06
START_SECONDS = 0.03  # what a start takes, more or less
SNAPSHOT_EVERY = 1000  # commands
SETTLE_SECONDS = PATIENCE
PROGRESS_SECONDS = 10.0


class Life:
    """One venue, from its first start to its last."""

    def __init__(self, miletus, folder, chance, totals):
        self.venue = Venue(miletus, folder, snapshots=SNAPSHOT_EVERY)
        self.random, self.totals = chance, totals
        self.sessions = make_sessions(chance, totals)
        self.monitor = Monitor(totals)
        self.told = 0  # the last sequence that anyone heard of
        self.has_torn = False
        self.jumps_accepted = 0

    # ---- One cycle ----

    def cycle(self):
        if self.random.random() < 0.15:
            self.kill_within_start()
        self.start()
        is_reconnecting = self.random.random() < 0.5
        end = time.monotonic() + self.random.uniform(0, LOAD_SECONDS_MAX)
        half = end - LOAD_SECONDS_MAX / 4
        while time.monotonic() < end:
            self.turn()
            if is_reconnecting and time.monotonic() > half:
                is_reconnecting = False
                self.monitor.client.close()
                self.monitor.connect(self.venue.unix)
        self.venue.kill()
        self.totals["kills"] += 1
        self.hear_the_rest()
        if self.random.random() < 0.2:
            self.tear()
        if self.random.random() < 0.05:
            kept = self.venue.ask("snapshot")
            # A venue killed before its journal was made has none to keep.
            check(kept.returncode == 0, "snapshot:\n" + kept.stdout)
            self.totals["snapshots"] += 1

    def tear(self):
        """What a loss of power leaves: a process alone, killed, leaves every write whole."""
        self.has_torn = tear_last_record(self.venue.data, self.told, self.random)
        self.totals["tails torn"] += self.has_torn

    def kill_within_start(self):
        self.venue.launch()
        time.sleep(self.random.uniform(0, START_SECONDS))
        self.venue.kill()
        self.totals["kills within a start"] += 1
        self.has_torn = False  # it may have been cleared away, and not yet told
        self.look_at_log()

    def start(self):
        self.venue.start()
        self.jumps_accepted = 0
        self.look_at_log()
        has_found = bool(self.venue.log.find("torn_tail"))
        check(has_found or not self.has_torn, "a torn tail was not seen:\n" + self.venue.log.text())
        self.has_torn = False
        self.totals["starts"] += 1
        self.monitor.connect(self.venue.unix)
        for session in self.sessions:
            address = self.venue.unix if session.door == "unix" else self.venue.tcp
            feed = native.ACCOUNT_FEED if session.account else native.ANSWERS_ONLY
            session.begin(native.Client(address, session.account, session.id, feed))

    def look_at_log(self):
        for event in ("torn_tail", "superblock_repaired"):
            self.totals[event + " told"] += len(self.venue.log.find(event))
        for event in ("journal_refused", "failed", "not_available"):
            check(not self.venue.log.find(event), self.venue.log.text())

    def listeners(self):
        return [self.monitor, *self.sessions]

    def turn(self, wants_more=True):
        """Sends what may be sent, hears what there is."""
        if wants_more:
            for session in self.sessions:
                session.push()
        self.accept_clock()
        by_client = {listener.client: listener for listener in self.listeners()}
        ready, _, _ = select.select(list(by_client), [], [], 0.005)
        for client in ready:
            ended = self.hear(by_client[client])
            check(ended is None, f"sent away: {ended}\n" + self.venue.log.text())

    def accept_clock(self):
        """A machine that gave the venue no time for seconds is no fault of its clock."""
        if self.venue.log.jumps > self.jumps_accepted:
            self.jumps_accepted = self.venue.log.jumps
            self.venue.process.send_signal(signal.SIGHUP)
            self.totals["jumps of the clock"] += 1

    def hear(self, listener):
        frames, ended = listener.client.heard()
        for kind, body in frames:
            if kind in (native.EVENT, native.ANSWER):
                self.told = max(self.told, body.sequence)
            listener.hear(kind, body)
        return ended

    def hear_the_rest(self):
        """What the venue said before it died counts as said."""
        for listener in self.listeners():
            while self.hear(listener) is None:
                select.select([listener.client], [], [], PATIENCE)
            listener.client.close()

    # ---- The end of it ----

    def finish(self):
        """A last start, in which all is answered; then the log must say the same."""
        self.start()
        deadline = time.monotonic() + SETTLE_SECONDS
        self.settle(deadline)
        self.check_balance()
        check(self.venue.stop() == 0, "it did not stop in good order:\n" + self.venue.log.text())
        self.look_at_log()
        self.check_goodbyes()
        self.check_log(self.venue.dump())
        self.venue.check_journal()
        self.totals["venues"] += 1

    def settle(self, deadline):
        """Everyone asks what it asks after a start, and hears every answer. Nothing new begins but
        what is left of making the market."""
        for session in self.sessions[1:]:
            session.next_command = lambda: None
        while not all(session.is_settled() for session in self.sessions):
            check(time.monotonic() < deadline, "not all was answered in time")
            self.turn()

    def check_balance(self):
        depositors = [session for session in self.sessions if isinstance(session, Depositor)]
        accepted = sum(depositor.accepted for depositor in depositors)
        asker = native.Client(self.venue.tcp, DEPOSITED, 42)
        told = asker.ask("query_account")
        asker.close()
        balance = {asset: amount for amount, *_, asset in told.entries}.get(0, 0)
        check(balance == accepted, f"{accepted} deposits of one unit make {balance}")

    def check_goodbyes(self):
        for listener in self.listeners():
            ended = None
            while ended is None:
                select.select([listener.client], [], [], PATIENCE)
                ended = self.hear(listener)
            listener.client.close()
            check(ended.goodbye == "stopping", f"no goodbye was heard: {ended}")

    def check_log(self, dumped):
        """Each acknowledged command stands at its sequence, and nowhere before; nothing stands
        there that nobody sent."""
        check(list(dumped) == list(range(1, len(dumped) + 1)), "the log's sequences have gaps")
        first = {}
        for sequence, command in dumped.items():
            if command["session"]:
                first.setdefault(command["session"], sequence)
        answered = 0
        for session in self.sessions:
            for number, answer in session.answers.items():
                place = first.pop((session.id, number), None)
                check(
                    place == answer.sequence,
                    f"{session.id}/{number}: acknowledged as {answer}, in the log at {place}",
                )
                check_command(session.sent[number], dumped[place])
                answered += 1
            check(len(session.answers) == session.last, "something was sent and not answered")
        check(not first, f"in the log, and nobody sent it: {list(first)[:5]}")
        self.totals["looked up in the log"] += answered
        self.totals["in the log"] += len(dumped)


def check_command(sent, logged):
    """The numbers that were sent are those that are in the log."""
    check(sent.name == logged["command"], f"sent {sent}, logged {logged}")
    for name in ("amount", "receiver", "price", "quantity", "client_order"):
        if name in sent.fields:
            check(sent.fields[name] == logged[name], f"sent {sent}, logged {logged}")


class Progress:
    def __init__(self, cycles, totals):
        self.cycles, self.totals = cycles, totals
        self.begun = self.told = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.begun

    def at(self, cycle):
        if time.monotonic() - self.told > PROGRESS_SECONDS:
            self.told = time.monotonic()
            done = self.totals["acknowledged"]
            print(f"  {cycle} of {self.cycles} cycles, {done} acknowledged, "
                  f"{self.seconds():.0f} s", flush=True)


def run(miletus, cycles, seed):
    chance = random.Random(seed)
    totals = collections.Counter()
    progress = Progress(cycles, totals)
    for begin in range(0, cycles, CYCLES_PER_VENUE):
        folder = tempfile.mkdtemp(prefix="miletus_kill_")
        life = Life(miletus, folder, chance, totals)
        with life.venue:
            try:
                for cycle in range(begin, min(cycles, begin + CYCLES_PER_VENUE)):
                    life.cycle()
                    progress.at(cycle + 1)
                life.finish()
            except (Failed, native.Ended, TimeoutError, AssertionError):
                print(f"kept for you: {folder}", flush=True)
                raise
        shutil.rmtree(folder)
    return totals, progress.seconds()


def main():
    parser = arguments("Kills a venue at random moments and holds it to its word.")
    parser.add_argument("cycles", nargs="?", type=int, default=15)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.cycles} cycles", flush=True)
    try:
        totals, seconds = run(options.miletus, options.cycles, options.seed)
    except Failed as failed:
        print(f"FAILED: {failed}")
        sys.exit(1)
    for name, count in totals.items():
        print(f"{count:10d} {name}")
    print(f"{seconds:10.1f} seconds, nothing lost, nothing twice")


if __name__ == "__main__":
    main()
