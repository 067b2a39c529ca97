# A venue under test: a folder, `miletus serve` as a process of its own, and what it logs. Nothing
# here sleeps: everything is waited for by its line in the log, with a deadline.
import argparse
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

import native

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # an overloaded machine may stand still for long

# Small files, so that the log rolls over; doors whose addresses the log tells; time for tests that
# wait on a busy machine. More keys of the gateway may follow.
CONFIG = """\
data = "{data}"
[[door]]
address = "tcp:127.0.0.1:0"
operator = false
[[door]]
address = "unix:{socket}"
operator = true
[journal]
segment_mib = 1
first_segment_mib = 1
snapshot_every = {snapshot_every}
[gateway]
silence_seconds = 600
"""


class Failed(Exception):
    """What the test found."""


def check(condition, sentence):
    if not condition:
        raise Failed(sentence)


def arguments(description):
    """The options that every test has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--miletus", default=str(ROOT / "build/release/bin/miletus"))
    return parser


def run_tests(description, tests):
    """Each in a folder of its own; the words on the command line choose some."""
    parser = arguments(description)
    parser.add_argument("names", nargs="*", help="only these tests")
    options = parser.parse_args()
    failures = 0
    for test in tests:
        name = test.__name__
        if options.names and name not in options.names:
            continue
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="miletus_") as folder:
            try:
                test(options.miletus, folder)
                verdict = "ok"
            except (Failed, native.Ended, TimeoutError, AssertionError) as failure:
                failures += 1
                verdict = f"FAILED: {type(failure).__name__}: {failure}"
        print(f"{name}: {verdict} ({time.monotonic() - begun:.1f} s)", flush=True)
    sys.exit(1 if failures else 0)


def memory():
    """A folder in memory, for tests that write or read files a great deal; none where there is
    none, and then the usual place for such files does."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def fields_of(line):
    """A line of the log as a dictionary."""
    words = shlex.split(line)
    return dict(word.partition("=")[::2] for word in words if "=" in word)


class Log:
    """What a process writes to standard error, as it comes."""

    def __init__(self, pipe):
        self.lines = []
        self.jumps = 0  # of the clock, as the venue sees it
        self.is_over = False
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, args=(pipe,), daemon=True)
        self.reader.start()

    def read(self, pipe):
        for line in pipe:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.jumps += "event=clock_jumped" in line
                self.news.notify_all()
        with self.news:
            self.is_over = True
            self.news.notify_all()
        pipe.close()

    def find(self, event, begin=0):
        told = (fields_of(line) for line in self.lines[begin:] if "event=" in line)
        return [fields for fields in told if fields.get("event") == event]

    def wait_for(self, event, begin=0, timeout=PATIENCE):
        """The fields of the first such line; none where the process ended without it."""
        deadline = time.monotonic() + timeout
        with self.news:
            while True:
                found = self.find(event, begin)
                if found:
                    return found[0]
                if self.is_over:
                    return None
                left = deadline - time.monotonic()
                check(left > 0, f"no event={event} within {timeout} s:\n" + self.text())
                self.news.wait(left)

    def text(self):
        return "\n".join(self.lines)


class Venue:
    """A folder and the process that runs in it, one at a time."""

    def __init__(self, miletus, folder, more_config="", config=CONFIG, data=None, snapshots=0):
        self.miletus = miletus
        self.folder = pathlib.Path(folder)
        self.data = pathlib.Path(data or self.folder / "data")
        self.socket = self.folder / "operator.sock"
        self.config = self.folder / "venue.toml"
        text = config.format(data=self.data, socket=self.socket, snapshot_every=snapshots)
        self.config.write_text(text + more_config)
        self.process = None
        self.log = None

    # ---- The process ----

    def launch(self):
        self.process = subprocess.Popen(
            [self.miletus, "serve", "--config", str(self.config)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log = Log(self.process.stderr)

    def start(self):
        self.launch()
        ready = self.log.wait_for("ready")
        check(ready, "the venue did not start:\n" + self.log.text())
        return self

    def kill(self):
        """As if the process had never been told to stop."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.log.reader.join(PATIENCE)

    def stop(self, request=signal.SIGTERM):
        """Its exit code."""
        self.process.send_signal(request)
        return self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE)
        self.log.reader.join(PATIENCE)
        return code

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_running():
            self.kill()

    # ---- Its addresses ----

    @property
    def tcp(self):
        listening = self.log.find("listening")
        return next(f["address"] for f in listening if f["address"].startswith("tcp:"))

    @property
    def unix(self):
        return f"unix:{self.socket}"

    # ---- Its journal ----

    def ask(self, *words):
        """Runs `miletus WORDS… data`; the finished process, with its output as text."""
        return subprocess.run(
            [self.miletus, *words, str(self.data)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )

    def check_journal(self):
        """What `verify` says, which must be good."""
        verified = self.ask("verify")
        check(verified.returncode == 0, "verify:\n" + verified.stdout)
        return verified.stdout

    def dump(self):
        """Its commands, as dictionaries by sequence."""
        dumped = self.ask("journal", "dump")
        check(dumped.returncode == 0, "journal dump:\n" + dumped.stdout[-2000:])
        return {line["sequence"]: line for line in map(command_of, dumped.stdout.splitlines())}


def command_of(line):
    """A line of `journal dump`, such as `7 TIME account=0 session=1/2 deposit amount=3 …`."""
    words = line.split()
    told = {"sequence": int(words[0]), "time": words[1], "session": None, "command": None}
    for word in words[2:]:
        key, is_field, value = word.partition("=")
        if key == "session" and told["command"] is None:
            told["session"] = tuple(int(part) for part in value.split("/"))
        elif is_field:
            told[key] = int(value) if value.lstrip("-").isdigit() else value
        elif told["command"] is None:
            told["command"] = word
    return told


def open_market(operator, accounts, funds):
    """An asset to pay in, one to trade, and a perpetual that is open; accounts with money."""
    for name, values, entries in market(accounts, funds):
        done = operator.carry_out(name, entries=entries, **values)
        check(done.reject == 100, f"{name} was refused with {done.reject}")


def market(accounts, funds):
    """The operator's commands that make one: (name, fields, entries)."""
    yield "add_asset", {"name": b"USDC", "decimals": 6}, ()
    yield "add_asset", {"name": b"BTC", "decimals": 8}, ()
    yield "add_underlying", {"name": b"BTC_USDC", "base": 1, "quote": 0}, ()
    yield (
        "list_future",
        {"tick": 1_000_000, "lot": 1_000_000, "price_high": 1000, "lots_max": 1000},
        (),
    )
    yield "set_instrument_state", {"instrument": 0, "state": 1}, ()
    yield "set_band", {"instrument": 0, "low": 10, "high": 500}, ()
    for parameter, value in ((17, 1), (18, 86_400_000), (25, 10_000_000)):
        yield "set_parameter", {"underlying": 0, "parameter": parameter, "value": value}, ()
    yield "update_index", {"underlying": 0}, ((100_000_000, 0, 0, 1),)
    for account in accounts:
        yield "open_account", {"owner": account, "opened": account}, ()
        if funds:
            yield "deposit", {"amount": funds, "receiver": account, "asset": 0}, ()
    yield "set_venue_state", {"state": 0}, ()
