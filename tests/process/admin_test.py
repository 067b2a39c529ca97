# `miletus admin` as an operator types it: keys in a sealed file, accounts and deposits at a venue
# that runs.
import pathlib
import subprocess

import native
from venue import PATIENCE, Venue, check, run_tests


class Admin:
    """The verbs, on files in a folder."""

    def __init__(self, miletus, folder):
        self.miletus = miletus
        self.folder = pathlib.Path(folder)
        self.sealed = self.folder / "credentials.sealed"
        self.key = self.folder / "credentials.key"

    def run(self, *words):
        return subprocess.run(
            [self.miletus, "admin", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def do(self, *words):
        """What it told; it must have been done."""
        done = self.run(*words)
        check(done.returncode == 0 and not done.stderr, f"{words}: {done}")
        return done.stdout

    def fail(self, code, *words):
        """What was wrong; nothing may have been told beside."""
        done = self.run(*words)
        check(done.returncode == code and not done.stdout, f"{words}: {done}")
        return done.stderr


def value_of(text, name):
    return next(line.split()[1] for line in text.splitlines() if line.startswith(name))


def keys_are_made_shown_once_and_taken_back(miletus, folder):
    admin = Admin(miletus, folder)
    admin.do("init")
    for file in (admin.sealed, admin.key):
        check(file.stat().st_mode & 0o777 == 0o600, f"{file} may be read by others")
    admin.do("user", "add", "alice", "--account", "7", "8")
    told = admin.do("key", "add", "alice", "--read-only", "--ip", "10.0.0.0/8")
    client, secret = value_of(told, "client_id"), value_of(told, "secret")
    check(len(secret) == 43, told)
    listed = admin.do("key", "list")
    check(client in listed and secret not in listed and "read_write" not in listed, listed)
    content = admin.sealed.read_bytes()
    check(client.encode() not in content and secret.encode() not in content, "it is not sealed")
    admin.do("key", "disable", client)
    check("disabled" in admin.do("key", "list"), "it is not disabled")
    admin.do("key", "remove", "1")
    check(client not in admin.do("key", "list"), "it is not removed")


def mistakes_are_told_with_what_to_do(miletus, folder):
    admin = Admin(miletus, folder)
    check("miletus admin init" in admin.fail(1, "key", "list"), "no word of init")
    admin.do("init")
    check("there already" in admin.fail(1, "init"), "it was made twice")
    admin.key.chmod(0o640)
    check("chmod 600" in admin.fail(1, "key", "list"), "others may read the key")
    admin.key.chmod(0o600)
    whole = admin.sealed.read_bytes()
    admin.sealed.write_bytes(whole[:-1])
    check("cut short" in admin.fail(1, "user", "add", "alice"), "no word of the end")
    check(admin.sealed.read_bytes() == whole[:-1], "a damaged file was written")
    check(admin.run("key").returncode == 2, "half a verb")


def accounts_and_deposits_are_the_venue_s(miletus, folder):
    admin = Admin(miletus, folder)
    with Venue(miletus, folder) as venue:
        door = ("--door", venue.unix)
        missing = admin.fail(1, "account", "open", "7", "--owner", "1", *door)
        check("is the venue running" in missing, missing)
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        for name, decimals in ((b"USDC", 6), (b"BTC", 8)):
            done = operator.carry_out("add_asset", name=name, decimals=decimals)
            check(done.reject == native.ACCEPTED, f"{done}")
        told = admin.do("account", "open", "7", "--owner", "1", *door)
        check(told == "account 7 is open, of owner 1\n", told)
        check("refused" in admin.fail(1, "account", "open", "7", "--owner", "1", *door), "twice")
        told = admin.do("deposit", "7", "0.5", "BTC", *door)
        check(told == "0.5 BTC came into account 7\n", told)
        wrong = admin.fail(1, "deposit", "7", "1", "ETH", *door)
        check("it has USDC, BTC" in wrong, wrong)
        check("digits" in admin.fail(1, "deposit", "7", "0.1234567", "USDC", *door), "digits")
        check(venue.stop() == 0, "it did not stop in good order")
        deposits = [c for c in venue.dump().values() if c["command"] == "deposit"]
        check([c["amount"] for c in deposits] == [50_000_000], f"{deposits}")


TESTS = (
    keys_are_made_shown_once_and_taken_back,
    mistakes_are_told_with_what_to_do,
    accounts_and_deposits_are_the_venue_s,
)

if __name__ == "__main__":
    run_tests("Users, keys, accounts and deposits by `miletus admin`.", TESTS)
