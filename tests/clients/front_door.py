# A venue for tests of its front door: how it is started, where it listens, who may come in. All
# that depends on the words of its command line, its configuration and its log stands here.
#
# Run as a program it starts a venue, gives its addresses and keys to a command by the environment,
# and ends both: front_door.py [--miletus FILE] demo|quiet COMMAND…
import contextlib
import dataclasses
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import typing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "process"))
import native  # noqa: E402
import venue  # noqa: E402
import wire  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77

PERPETUAL = "BTC_USDC-PERPETUAL"
TICK = wire.Decimal("0.5")
LOT = wire.Decimal("0.0001")
INDEX = 100_000
FUNDS = 1_000_000  # USDC, of each trader at the start
MAKER_FEE, TAKER_FEE = 101, 503  # ppm: values are no multiples of what that divides by

TRADERS = ("ada", "ben", "cleo", "dan")  # accounts 1 to 4, an owner each

DOOR = """\
[deribit]
address = "tcp:127.0.0.1:0"
tls_address = "tcp:127.0.0.1:0"
certificate = "{folder}/certificate.pem"
key = "{folder}/key.pem"
credentials = "{folder}/credentials"
seal_key = "{folder}/seal.key"
"""

# Nobody meets a limit but those who test them.
WIDE = "requests_per_second = 0\norders_per_second = 0\n"
CROWDED = WIDE + "connections = 12000\n"
NARROW = "orders_per_second = 5\norders_at_once = 20\n"


@dataclasses.dataclass
class Door:
    """Where a venue is, and the keys that open it."""

    plain: tuple
    tls: tuple
    certificate: str
    keys: dict
    process: int
    admin: typing.Callable = None  # runs a verb of the operator's

    def http(self, name=None, **options):
        return wire.Http(self.plain, key=self.keys[name] if name else None, **options)

    def session(self, name=None, **options):
        """A WebSocket, logged in where somebody is named."""
        session = wire.Session(self.plain, **options)
        if name:
            session.log_in(self.keys[name])
        return session

    def environment(self):
        """What the scripts of other languages read."""
        host, port = self.plain
        tls_host, tls_port = self.tls
        return {
            "MILETUS_REST": f"http://{host}:{port}",
            "MILETUS_SOCKET": f"ws://{host}:{port}{wire.SOCKET_PATH}",
            "MILETUS_REST_TLS": f"https://{tls_host}:{tls_port}",
            "MILETUS_SOCKET_TLS": f"wss://{tls_host}:{tls_port}{wire.SOCKET_PATH}",
            "MILETUS_KEYS": json.dumps({name: key._asdict() for name, key in self.keys.items()}),
            "NODE_EXTRA_CA_CERTS": self.certificate,
        }


# ---- A venue with nobody in it but those who test ----


def market():
    """The operator's commands that make it: (name, fields, entries)."""
    yield "add_asset", {"name": b"USDC", "decimals": 6}, ()
    yield "add_asset", {"name": b"BTC", "decimals": 8}, ()
    yield "add_underlying", {"name": b"BTC_USDC", "base": 1, "quote": 0}, ()
    terms = {
        "tick": int(TICK * 10**6),
        "lot": int(LOT * 10**8),
        "price_low": 1,
        "price_high": 4 * INDEX,
        "lots_max": 10_000_000,
    }
    yield "list_future", terms, ()
    yield "set_instrument_state", {"instrument": 0, "state": 1}, ()
    parameters = {7: MAKER_FEE, 8: TAKER_FEE, 16: 0, 17: 1, 18: 86_400_000, 25: 500_000}
    for parameter, value in parameters.items():
        yield "set_parameter", {"underlying": 0, "parameter": parameter, "value": value}, ()
    yield "update_index", {"underlying": 0}, ((INDEX * 10**6, 0, 0, 1),)
    for account in range(1, len(TRADERS) + 1):
        yield "open_account", {"owner": account, "opened": account}, ()
        yield "deposit", {"amount": FUNDS * 10**6, "receiver": account, "asset": 0}, ()
    yield "set_venue_state", {"state": 0}, ()


@contextlib.contextmanager
def quiet(miletus, folder, more=WIDE):
    def admin(*words):
        files = ("--credentials", f"{folder}/credentials", "--seal-key", f"{folder}/seal.key")
        return run(miletus, "admin", *words, *files)

    run(miletus, "cert", folder)
    keys = make_keys(admin)
    with venue.Venue(miletus, folder, DOOR.format(folder=folder) + more) as served:
        served.start()
        operator = native.Client(served.unix, native.OPERATOR, 1)
        for name, values, entries in market():
            done = operator.carry_out(name, entries=entries, **values)
            venue.check(done.reject == native.ACCEPTED, f"{name} was refused: {done.reject}")
        doors = doors_of(served.log, folder)
        yield Door(**doors, keys=keys, process=served.process.pid, admin=admin)
        venue.check(served.is_running(), "the venue ended:\n" + served.log.text())
        code = served.stop()
        venue.check(code == 0, f"the venue ended with {code}:\n" + served.log.text())
        served.check_journal()


def doors_of(log, folder):
    return {
        "plain": address_of(log, "deribit"),
        "tls": address_of(log, "deribit_tls"),
        "certificate": f"{folder}/certificate.pem",
    }


def address_of(log, event):
    host, _, port = log.wait_for(event)["address"].removeprefix("tcp:").rpartition(":")
    return host, int(port)


def make_keys(admin):
    """A key of each trader, and those of ada that may do less."""
    admin("init")
    keys = {}
    for account, name in enumerate(TRADERS, 1):
        admin("user", "add", name, "--account", str(account), "--owner", str(account))
        keys[name] = make_key(admin, name)
    keys["ada_reads"] = make_key(admin, "ada", "--read-only")
    keys["ada_elsewhere"] = make_key(admin, "ada", "--ip", "192.0.2.1")
    keys["ada_disabled"] = make_key(admin, "ada")
    return keys


def make_key(admin, *words):
    told = dict(line.split(maxsplit=1) for line in admin("key", "add", *words).splitlines())
    return wire.Key(told["client_id"], told["secret"])


def run(*words):
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=venue.PATIENCE
    )
    venue.check(done.returncode == 0, f"{words}: exit {done.returncode}:\n{done.stderr}")
    return done.stdout


# ---- The venue that anybody gets with one command ----


@contextlib.contextmanager
def demo(miletus, folder, more=""):
    command = [miletus, "serve", "--demo", "--data", str(folder), "--port", "0"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = venue.Log(process.stdout)
    try:
        venue.check(log.wait_for("alive"), "the demonstration did not start:\n" + log.text())
        told = log.find("key")[0]
        keys = {"practice": wire.Key(told["id"], told["secret"])}
        yield Door(**doors_of(log, folder), keys=keys, process=process.pid)
        venue.check(process.poll() is None, "the demonstration ended:\n" + log.text())
        process.terminate()
        code = process.wait(venue.PATIENCE)
        venue.check(code == 0, f"the demonstration ended with {code}:\n" + log.text())
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(venue.PATIENCE)


VENUES = {"quiet": quiet, "demo": demo}


# ---- Running tests ----


def raise_descriptor_limit(wanted):
    """As far as the system lets; how many there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    return max(soft, reachable)


@dataclasses.dataclass
class Set:
    """Tests that share a venue."""

    tests: list
    more: str = WIDE
    venue: str = "quiet"


def run_tests(description, *sets):
    """The words on the command line choose some."""
    parser = venue.arguments(description)
    parser.add_argument("names", nargs="*", help="only these tests")
    chosen = parser.parse_args()
    failures = 0
    for each in sets:
        wanted = [t for t in each.tests if not chosen.names or t.__name__ in chosen.names]
        if not wanted:
            continue
        with venue_folder() as folder:
            with VENUES[each.venue](chosen.miletus, folder, each.more) as door:
                failures += sum(not passes(test, door) for test in wanted)
    sys.exit(1 if failures else 0)


def venue_folder():
    """In memory: clients wait for every command to be on the disk, and a busy one takes seconds."""
    return tempfile.TemporaryDirectory(prefix="miletus_", dir=venue.memory())


def passes(test, *about):
    begun = time.monotonic()
    try:
        skipped = test(*about)
        verdict = f"skipped: {skipped}" if skipped else "ok"
    except Exception as failure:  # whatever it is, the others are run
        traceback.print_exc(file=sys.stdout)
        verdict = f"FAILED: {type(failure).__name__}: {failure}"
    print(f"{test.__name__}: {verdict} ({time.monotonic() - begun:.1f} s)", flush=True)
    return not verdict.startswith("FAILED")


def main():
    parser = venue.arguments("Runs a command beside a venue.")
    parser.add_argument("venue", choices=VENUES)
    parser.add_argument("command", nargs="...")
    chosen = parser.parse_args()
    if not shutil.which(chosen.command[0]) or not (HERE / "node_modules" / "ccxt").exists():
        print("skipped: ./run test installs Node.js and ccxt")
        sys.exit(SKIPPED)
    with venue_folder() as folder:
        with VENUES[chosen.venue](chosen.miletus, folder) as door:
            done = subprocess.run(chosen.command, env={**os.environ, **door.environment()})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
