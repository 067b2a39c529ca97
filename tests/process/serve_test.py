# The process as an operator and a bad client meet it: exit codes, what is said about mistakes, the
# end in good order, clocks that jump, clients that misbehave.
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
from decimal import Decimal

import native
from venue import CONFIG, PATIENCE, Venue, check, open_market, run_tests

JUMP_SECONDS = 6  # more than the five that the venue's clock may come ahead
FUNDS = 10**12


def expect_exit(venue, code, *words):
    """The venue ends by itself, with this code and these words."""
    venue.launch()
    got = venue.wait()
    check(got == code, f"exit {got}, not {code}:\n" + venue.log.text())
    for word in words:
        check(word in venue.log.text(), f"no word of {word}:\n" + venue.log.text())


def carry_out(client, name, /, **fields):
    done = client.carry_out(name, **fields)
    check(done.reject == native.ACCEPTED, f"{name} was refused with {done.reject}")
    return done


def farewell(client):
    """Waits for the connection's end; why the venue ended it, none where it did not say."""
    try:
        while True:
            client.waiting.append(client.next_frame())
    except native.Ended as ended:
        return ended.goodbye


# ---- Mistakes ----


def a_wrong_configuration_is_told_with_file_line_and_key(miletus, folder):
    wrong = (
        ("silence = 3\n", "gateway.silence"),
        ('[limits]\norders = "many"\n', "limits.orders"),
        ("history_units = 5000\n", "gateway.history_units"),
        ("[[thread]]\nagents = 3\n", "agents"),
        ("[gateway\n", ""),
    )
    for text, key in wrong:
        venue = Venue(miletus, folder, text)
        line = len(venue.config.read_text().splitlines())
        expect_exit(venue, 2, f"venue.toml:{line}: ", key)


def an_unknown_option_or_verb_is_bad_usage(miletus, folder):
    for words in (["serve", "--colour", "red"], ["trade"], ["serve", "--config"], []):
        done = subprocess.run([miletus, *words], capture_output=True, timeout=PATIENCE)
        check(done.returncode == 2, f"{words}: exit {done.returncode}")
    missing = str(pathlib.Path(folder) / "none.toml")
    done = subprocess.run(
        [miletus, "serve", "--config", missing], capture_output=True, timeout=PATIENCE
    )
    check(done.returncode == 2 and missing.encode() in done.stderr, f"{done}")


def an_answer_that_cannot_be_written_is_a_failure(miletus, folder):
    option = ["--kind", "call", "--forward", "100", "--strike", "100", "--days", "30"]
    chain = pathlib.Path(folder) / "chain.csv"
    rows = ["kind,strike,time,bid,ask,index"]
    rows += [f"{kind},{strike},0.5,{price - 1},{price + 1},100" for kind, strike, price in (
        ("call", 80, 25), ("put", 80, 5), ("call", 100, 14), ("put", 100, 14),
        ("call", 120, 8), ("put", 120, 28))]
    chain.write_text("\n".join(rows) + "\n")
    for words in (
        ["price", *option, "--vol", "0.5"],
        ["iv", *option, "--price", "5"],
        ["surface", str(chain), "--cash"],
    ):
        done = subprocess.run([miletus, *words], capture_output=True, timeout=PATIENCE)
        check(done.returncode == 0, f"{done}")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [miletus, *words], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE
            )
        check(done.returncode == 1 and b"cannot write" in done.stderr, f"{done}")


def an_age_that_nothing_can_have_is_bad_usage(miletus, folder):
    for age in ("nan", "-1", "-inf", "old", ""):
        done = subprocess.run(
            [miletus, "surface", "none.csv", f"--stale={age}"],
            capture_output=True,
            timeout=PATIENCE,
        )
        check(done.returncode == 2 and b"--stale" in done.stderr, f"{done}")
    for age in ("0", "1.5", "inf"):
        done = subprocess.run(
            [miletus, "surface", "none.csv", f"--stale={age}"],
            capture_output=True,
            timeout=PATIENCE,
        )
        check(done.returncode == 1 and b"cannot read none.csv" in done.stderr, f"{done}")


def a_folder_is_one_processes(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        other = Venue(miletus, folder)
        expect_exit(other, 4, "event=not_available", str(venue.data))
        check(venue.stop() == 0, "it did not stop in good order")


def an_address_is_one_processes(miletus, folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp:127.0.0.1:{taken.getsockname()[1]}"
        config = CONFIG.replace("tcp:127.0.0.1:0", address)
        expect_exit(Venue(miletus, folder, config=config), 4, "not_available", address)
    nonsense = CONFIG.replace("tcp:127.0.0.1:0", "pigeon:loft")
    expect_exit(Venue(miletus, folder, config=nonsense), 4, "pigeon:loft")


def a_folder_that_cannot_be_made_is_not_available(miletus, folder):
    file = pathlib.Path(folder) / "file"
    file.write_text("in the way")
    expect_exit(Venue(miletus, folder, data=file / "data"), 4, "event=not_available")


def a_damaged_journal_is_refused_with_its_place(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1, 2), FUNDS)
        check(venue.stop() == 0, "it did not stop in good order")
        segment = venue.data / "00000001.segment"
        content = bytearray(segment.read_bytes())
        content[4096 + 4096 + 200] ^= 1  # the second record's payload
        segment.write_bytes(content)
        expect_exit(venue, 3, "event=journal_refused", "00000001.segment", "8192", "equence 2")


# ---- The end in good order ----

def sigterm_answers_what_came_in_and_says_goodbye(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1,), FUNDS)
        sender = native.Client(venue.unix, native.OPERATOR, 2)
        idle = native.Client(venue.tcp, 1, 3)
        for number in range(1, 17):
            sender.send(native.command("deposit", number, amount=1, receiver=1))
        sender.ping()  # all of it was read
        check(venue.stop() == 0, venue.log.text())
        check(venue.log.find("stopped"), venue.log.text())
        for client in (operator, sender, idle):
            why = farewell(client)
            check(why == "stopping", f"the goodbye was {why}")
        answered = [told.client_sequence for kind, told in sender.waiting
                    if kind == native.EVENT and told.name == "completed"]
        check(answered == list(range(1, 17)), f"only these were answered: {answered}")
        venue.start()
        asker = native.Client(venue.tcp, 1, 3)
        balance = asker.ask("query_account").entries[0][0]
        check(balance == FUNDS + 16, f"a balance of {balance} after the restart")
        check(venue.stop(signal.SIGINT) == 0, venue.log.text())
        check("torn" not in venue.check_journal(), "a torn tail after an end in good order")


def sigterm_twice_is_sigterm_once(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        open_market(native.Client(venue.unix, native.OPERATOR, 1), (1,), FUNDS)
        venue.process.send_signal(signal.SIGTERM)
        code = venue.stop()
        check(code == 0, f"exit {code}:\n" + venue.log.text())
        venue.check_journal()


def a_restart_takes_cancels_only_and_knows_every_order(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1,), FUNDS)
        trader = native.Client(venue.tcp, 1, 2)
        for at in (1, 2):
            carry_out(trader, "place_order", price=50, quantity=at, client_order=at)
        check(venue.stop() == 0, venue.log.text())
        venue.start()
        trader = native.Client(venue.tcp, 1, 2)
        trader.number = 2
        refused = trader.carry_out("place_order", price=50, quantity=1, client_order=3)
        check(refused.reject == 603, f"an order before the venue was opened: {refused}")
        carry_out(trader, "cancel_by_client_id", client_order=1)
        told = trader.ask("query_order", client_order=2)
        check((told.state, told.left, told.price) == (0, 2, 50), f"{told}")
        book = trader.ask("query_book", instrument=0, depth=5)
        check(book.entries == [(50, 2, 0)], f"{book}")


# ---- What is told of an account ----

def account_of(venue, number, *words, journal=None):
    """Runs `miletus account`; its exit code and what it says."""
    asked = [venue.miletus, "account", str(number), "--journal", str(journal or venue.data), *words]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout


def an_account_is_told_as_the_venue_tells_it_and_as_it_was(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1, 2), FUNDS)
        maker = native.Client(venue.tcp, 1, 2)
        rested = carry_out(maker, "place_order", price=90, quantity=5, client_order=4)
        taker = native.Client(venue.tcp, 2, 3)
        carry_out(taker, "place_order", price=90, quantity=3, side=1)
        balance = taker.ask("query_account").entries[0][0]
        code, now = account_of(venue, 2, "--json")  # beside the writer
        told = json.loads(now)
        total = Decimal(told["balances"][0]["total"])
        check(code == 0 and total * 10**6 == balance, f"{balance} is told as {now}")
        position = told["positions"][0]
        check((position["lots"], position["average_price"]) == (-3, "90"), now)
        code, before = account_of(venue, 1, "--at", str(rested.sequence))
        check(code == 0 and "buy 5 of BTC_USDC-PERPETUAL @ 90, 0 filled, id 4\n" in before, before)
        check("positions       none\n" in before, before)
        check(venue.stop() == 0, venue.log.text())
        code, after = account_of(venue, 1, "--if", "sell 3 BTC_USDC-PERPETUAL @ 100")
        check(code == 0 and "buy 2 of BTC_USDC-PERPETUAL @ 90, 3 filled, id 4\n" in after, after)
        check("  answer        it would be taken\n" in after, after)
        for words, journal, sentence in (
            ((9,), venue.data, "there is no account 9"),
            ((1, "--at", "999999"), venue.data, "the log has no command 999999"),
            ((1,), folder, "--journal names a venue's folder"),
        ):
            code, said = account_of(venue, *words, journal=journal)
            check(code == 1 and said.count("\n") == 1 and sentence in said, f"{code}: {said}")
        check(account_of(venue, "first")[0] == 2, "an account without a number")


# ---- The clock ----

def a_clock_that_comes_ahead_is_asked_about(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1,), FUNDS)
        os.kill(venue.process.pid, signal.SIGSTOP)
        time.sleep(JUMP_SECONDS)  # it is the time that passes which is tested
        os.kill(venue.process.pid, signal.SIGCONT)
        check(venue.log.wait_for("clock_jumped"), venue.log.text())
        operator.send(native.command("deposit", 99, amount=1, receiver=1))
        operator.ping()
        check(not operator.waiting, f"numbered before the clock was right: {operator.waiting}")
        venue.process.send_signal(signal.SIGHUP)
        check(venue.log.wait_for("clock_accepted"), venue.log.text())
        done = operator.wait_for(lambda kind, told: told.client_sequence == 99)
        check(done.reject == native.ACCEPTED, f"{done}")
        check(venue.stop() == 0, venue.log.text())
        venue.check_journal()


# ---- Clients that misbehave ----

def garbage_half_a_frame_and_strangers_do_not_disturb(miletus, folder):
    with Venue(miletus, folder) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1,), FUNDS)
        half = native.dial(venue.tcp, PATIENCE)
        half.sendall(native.hello(1, 5, 0, None)[:20])
        for bytes_ in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64, b"\0" * 9,
                       native.query("query_account", 1)):
            stranger = native.dial(venue.tcp, PATIENCE)
            stranger.sendall(bytes_)
            check(last_reason(stranger) == "malformed", f"after {bytes_[:20]}")
        check(reason_of(venue.tcp, 0, 6) == "not_admitted", "an operator through a window")
        check(reason_of(venue.tcp, 1, 0) == "malformed", "session 0")
        check(reason_of(venue.tcp, 1, 1) is None, "the number of another account's session")
        check(reason_of(venue.tcp, 1, 7, after=(10**6, 0)) == "resume_unknown", "the future")
        check_refusals(venue)
        half.close()
        carry_out(operator, "deposit", amount=1, receiver=1)
        check(venue.stop() == 0, venue.log.text())


def reason_of(address, account, session, after=None):
    try:
        native.Client(address, account, session, after=after)
    except native.Ended as ended:
        return ended.goodbye
    return None


def check_refusals(venue):
    """Bytes in a frame that are no message: no sequence, a refusal, and it goes on."""
    client = native.Client(venue.tcp, 1, 8)
    wrong = bytearray(native.command("deposit", 7, amount=1, receiver=1))
    wrong[8] = 250  # a type that no message has
    client.send(wrong)
    refused = client.wait_for(lambda kind, _: kind == native.REFUSED)
    check(refused == (7, 104), f"{refused}")
    client.ping()
    client.send(native.command("started", 1, epoch=99))
    why = farewell(client)
    check(why == "malformed", f"the venue's own command: {why}")


def who_never_reads_is_sent_away_and_the_others_go_on(miletus, folder):
    history = "history_units = 4096\n"
    with Venue(miletus, folder, history) as venue:
        venue.start()
        operator = native.Client(venue.unix, native.OPERATOR, 1)
        open_market(operator, (1, 2), FUNDS)
        deaf = native.Client(venue.unix, 1, 5, native.ACCOUNT_FEED)
        asking = native.Client(venue.unix, 2, 6)
        told = work_until_both_are_away(venue, operator, asking)
        check({line["session"] for line in away(venue)} == {"5", "6"}, f"{away(venue)}")
        memory = resident_mib(venue.process.pid)
        check(memory < 512, f"the venue takes {memory} MiB after {told} orders")
        check(farewell(deaf) in (None, "too_slow"), "another reason was told")
        carry_out(operator, "deposit", amount=1, receiver=1)
        check(venue.stop() == 0, venue.log.text())


def ask_on(client, rest):
    """As many queries as go through now; nobody reads what they are answered. What is left of
    the last one."""
    client.line.setblocking(False)
    try:
        while True:
            rest = rest or native.query("query_account", 1) * 64
            rest = rest[client.line.send(rest) :]
    except (BlockingIOError, ConnectionError):
        return rest


def work_until_both_are_away(venue, operator, asking):
    """Another client trades on, answered all the time, until both were sent away. How many
    orders that took."""
    trader = native.Client(venue.tcp, 1, 9)
    deadline = time.monotonic() + PATIENCE
    number = 0
    rest = b""
    while len(away(venue)) < 2:
        check(time.monotonic() < deadline, "nobody was sent away:\n" + venue.log.text())
        for _ in range(8):
            number += 1
            fields = {"price": 50, "quantity": 1, "client_order": number}
            trader.send(native.command("place_order", 2 * number - 1, **fields))
            cancel = {"client_order": number}
            trader.send(native.command("cancel_by_client_id", 2 * number, **cancel))
        last = 2 * number
        trader.wait_for(lambda kind, told: told.client_sequence == last)
        trader.waiting.clear()
        operator.ping()
        rest = ask_on(asking, rest)
    return number


def last_reason(line):
    """Why a bare connection was ended."""
    data = bytearray()
    while piece := line.recv(4096):
        data += piece
    length, kind = native.FRAME_HEAD.unpack_from(data)
    check(kind == native.GOODBYE and len(data) == native.FRAME_HEAD.size + length, f"{data}")
    return native.GOODBYES[native.GOODBYE_BODY.unpack_from(data, native.FRAME_HEAD.size)[1]]


def away(venue):
    """Those that were sent away for being slow."""
    return [line for line in venue.log.find("disconnected") if line["session"] in ("5", "6")]


def resident_mib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


TESTS = (
    a_wrong_configuration_is_told_with_file_line_and_key,
    an_unknown_option_or_verb_is_bad_usage,
    an_answer_that_cannot_be_written_is_a_failure,
    an_age_that_nothing_can_have_is_bad_usage,
    a_folder_is_one_processes,
    an_address_is_one_processes,
    a_folder_that_cannot_be_made_is_not_available,
    a_damaged_journal_is_refused_with_its_place,
    sigterm_answers_what_came_in_and_says_goodbye,
    sigterm_twice_is_sigterm_once,
    a_restart_takes_cancels_only_and_knows_every_order,
    an_account_is_told_as_the_venue_tells_it_and_as_it_was,
    a_clock_that_comes_ahead_is_asked_about,
    garbage_half_a_frame_and_strangers_do_not_disturb,
    who_never_reads_is_sent_away_and_the_others_go_on,
)

if __name__ == "__main__":
    run_tests("Exit codes, mistakes, ends, clocks and clients of `miletus`.", TESTS)
