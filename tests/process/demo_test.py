# The demonstration as a process: what it tells, that its market lives, and that it goes on in its
# folder, or leaves none behind.
import pathlib
import re
import signal
import subprocess
import tempfile

import native
from venue import PATIENCE, Log, check, run_tests

PRACTICE = 1  # the account
USDC, BTC = 0, 1
FUNDS = 1_000_000 * 10**6
SECRET = re.compile(r"[\w-]{20,}")


class Demo:
    """A demonstration: standard output and its log, line by line."""

    def __init__(self, miletus, *words, temporary=None):
        environment = {"TMPDIR": str(temporary)} if temporary else None
        self.process = subprocess.Popen(
            [miletus, "serve", "--demo", "--port", "0", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        self.log = Log(self.process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)

    def wait_until_alive(self):
        check(self.log.wait_for("alive"), "it did not come alive:\n" + self.log.text())
        return self

    def operator(self):
        listening = self.log.find("listening")
        address = next(f["address"] for f in listening if f["address"].startswith("unix:"))
        return native.Client(address, native.OPERATOR, 5, native.EVERYTHING)

    def trader(self):
        listening = self.log.find("listening")
        address = next(f["address"] for f in listening if f["address"].startswith("tcp:"))
        return native.Client(address, PRACTICE, 5)

    def stop(self, request=signal.SIGTERM):
        self.process.send_signal(request)
        code = self.process.wait(PATIENCE)
        self.log.reader.join(PATIENCE)
        check(code == 0, f"exit {code}:\n" + self.log.text())


def balances(trader):
    return {entry[4]: entry[0] for entry in trader.ask("query_account").entries}


def check_told(demo):
    """What a person needs to connect, for each kind of client."""
    key = demo.log.find("key")[0]
    check(SECRET.fullmatch(key["secret"]), f"no secret: {key}")
    address = demo.log.find("deribit")[0]["address"].removeprefix("tcp:")
    text = demo.log.text()
    for line in (
        f"http://{address}/api/v2",
        f"ws://{address}/ws/api/v2",
        f'curl -u {key["id"]}:{key["secret"]} "http://{address}/api/v2/private/',
        f'apiKey: "{key["id"]}", secret: "{key["secret"]}"',
        f'b64encode(b"{key["id"]}:{key["secret"]}")',
    ):
        check(line in text, f"nobody was told {line}:\n{text}")
    return key


# ---- The tests ----

def it_tells_how_to_connect_and_comes_alive(miletus, folder):
    with Demo(miletus, temporary=folder) as demo:
        check(demo.log.wait_for("ready"), demo.log.text())
        demo.wait_until_alive()
        check_told(demo)
        made = list(pathlib.Path(folder).iterdir())
        check(len(made) == 1 and (made[0] / "certificate.pem").exists(), f"no certificate: {made}")
        demo.stop(signal.SIGINT)
        check(not list(pathlib.Path(folder).iterdir()), "it left its folder behind")


def trades_and_prices_come_in(miletus, folder):
    with Demo(miletus, "--data", folder) as demo:
        demo.wait_until_alive()
        operator = demo.operator()
        wanted = {"index_changed", "trade", "mark_changed", "order_rested", "marks_installed"}
        while wanted:
            kind, told = operator.next_frame(PATIENCE)
            if kind == native.EVENT:
                wanted.discard(told.name)
        operator.close()
        demo.stop()


def the_practice_account_has_money_and_trades(miletus, folder):
    with Demo(miletus, "--data", folder) as demo:
        demo.wait_until_alive()
        trader = demo.trader()
        check(balances(trader)[USDC] == FUNDS, f"{balances(trader)}")
        done = trader.carry_out(
            "place_order", quantity=100, instrument=0, side=0, order_type=1, time_in_force=3)
        check(done.reject == native.ACCEPTED, f"an order was refused with {done.reject}")
        positions = trader.ask("query_positions").entries
        check(positions[0][0] == 100, f"{positions}")
        trader.close()
        demo.stop()


def it_goes_on_in_its_folder(miletus, folder):
    keys, funds = [], []
    for request in (signal.SIGKILL, signal.SIGTERM, signal.SIGTERM):
        with Demo(miletus, "--data", folder) as demo:
            demo.wait_until_alive()
            keys.append(check_told(demo))
            trader = demo.trader()
            funds.append(balances(trader))
            trader.close()
            if request != signal.SIGKILL:
                demo.stop(request)
    check(keys[0]["secret"] == keys[1]["secret"] == keys[2]["secret"], "the key is another")
    check(funds[0] == funds[1] == funds[2], f"money came twice: {funds}")
    verified = subprocess.run([miletus, "verify", folder], capture_output=True, text=True)
    check(verified.returncode == 0, verified.stdout + verified.stderr)


def it_leaves_other_venues_alone(miletus, folder):
    pathlib.Path(folder, "00000001.segment").write_bytes(b"somebody's journal")
    with Demo(miletus, "--data", folder) as demo:
        check(demo.process.wait(PATIENCE) == 4, demo.log.text())
        demo.log.reader.join(PATIENCE)
        check("holds something else" in demo.log.text(), demo.log.text())


def two_of_them_get_along(miletus, folder):
    with tempfile.TemporaryDirectory(prefix="miletus_") as other:
        with Demo(miletus, "--data", folder) as one, Demo(miletus, "--data", other) as two:
            one.wait_until_alive()
            two.wait_until_alive()
            addresses = [
                fields["address"] for demo in (one, two) for event in ("listening", "deribit")
                for fields in demo.log.find(event)
            ]
            check(len(set(addresses)) == len(addresses), f"{addresses}")
            one.stop()
            two.stop()


TESTS = (
    it_tells_how_to_connect_and_comes_alive,
    trades_and_prices_come_in,
    the_practice_account_has_money_and_trades,
    it_goes_on_in_its_folder,
    it_leaves_other_venues_alone,
    two_of_them_get_along,
)

if __name__ == "__main__":
    run_tests("The demonstration: told, alive, and gone without a trace.", TESTS)
