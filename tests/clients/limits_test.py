# The bounds that keep a venue open for everybody: of requests a second, of connections, of what a
# client that does not read may leave waiting.
import resource
import socket
import time

import front_door
import wire
from books import Book, Comparison
from checks import Wrong, need
from crowd import Crowd
from front_door import INDEX, LOT, PERPETUAL, TICK, Set, run_tests
from intruders_test import still_serves

IDLE = 10_000
DESCRIPTORS_BESIDE = 500
MEMORY_PER_IDLE_MAX = 16 * 1024
DEADLINE = 120.0
TOO_MANY = 10028
ENOUGH = 12_000  # changes of a book: more bytes than may wait for anybody
LONG_SILENCE = 5.0


def too_many_requests_are_refused_and_the_session_lives(door):
    session, other = door.session("ada"), door.session("ben")
    order = {"instrument_name": PERPETUAL, "amount": 10 * LOT, "price": INDEX - 200 * TICK}
    numbers = [session.send("private/buy", order) for _ in range(200)]
    codes = []
    for number in numbers:
        try:
            session.answer(number)
            codes.append(None)
        except wire.Refused as refused:
            codes.append(refused.code)
    need(set(codes) == {None, TOO_MANY}, f"{set(codes)}")
    need(codes[0] is None, "the first was refused already")
    deadline = time.monotonic() + DEADLINE
    while not is_taken(session, "private/cancel_all"):
        need(time.monotonic() < deadline, "no request is taken any more")
        session.listen(0.05)  # the bucket fills again, and the connection stays
    other.call("private/buy", **order)
    other.call("private/cancel_all")


def is_taken(session, method):
    try:
        session.call(method)
    except wire.Refused as refused:
        need(refused.code == TOO_MANY, f"{refused}")
        return False
    return True


def one_request_subscribes_to_hundreds_of_channels(door):
    session = door.session("ada")
    kinds = ("book.{}.raw", "book.{}.100ms", "ticker.{}.100ms", "trades.{}.raw", "quote.{}")
    channels = [kind.format(PERPETUAL) for kind in kinds] * 60
    got = session.subscribe(*channels)
    need(set(got) == set(channels), f"{got}")
    session.call("public/unsubscribe_all")


# ---- Who does not read ----


def a_client_that_does_not_read_is_sent_away_and_others_go_on(door):
    lazy = door.session("ben", window=4096, timeout=DEADLINE)
    channels = [f"{kind}.{PERPETUAL}.raw" for kind in ("book", "ticker", "trades")]
    channels += ["user.changes.any.any.raw", f"book.{PERPETUAL}.none.20.100ms"]
    lazy.subscribe(*channels, scope="private")
    reader = door.session("dan")
    book = Book()
    comparison = Comparison(book)
    with Crowd(door, names=("ben", "cleo"), seed=5) as crowd:
        reader.subscribe(f"book.{PERPETUAL}.raw", handler=comparison.take)
        deadline = time.monotonic() + DEADLINE
        while book.changes < ENOUGH:
            need(time.monotonic() < deadline, f"only {book.changes} changes")
            crowd.check()
            comparison.answered(
                reader.call("public/get_order_book", instrument_name=PERPETUAL, depth=10000)
            )
        crowd.stop()
    need(comparison.made > 0, "nothing was compared")
    places = heard_to_the_end(lazy)
    need(not places or places[-1] < book.change_id, "it was sent all of it")
    still_serves(door)


def heard_to_the_end(lazy):
    """The places in the book that one who begins to read now still hears of."""
    places = []
    channel = f"book.{PERPETUAL}.raw"
    lazy.handlers[channel] = lambda data: places.append(data["change_id"])
    try:
        lazy.listen(LONG_SILENCE)
    except wire.Gone:
        return places
    raise Wrong("who does not read is kept for ever")


def memory_of(process):
    """Bytes that are in memory."""
    with open(f"/proc/{process}/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()


# ---- Ten thousand who do nothing ----


def ten_thousand_idle_connections_cost_little(door):
    limit = front_door.raise_descriptor_limit(IDLE + DESCRIPTORS_BESIDE)
    if limit < IDLE + DESCRIPTORS_BESIDE:
        return f"only {limit} descriptors may be open here"
    before = memory_of(door.process)
    idle = []
    try:
        open_many(door.plain, idle)
        grown = (memory_of(door.process) - before) // IDLE
        need(grown <= MEMORY_PER_IDLE_MAX, f"{grown} bytes for each idle connection")
        begun = time.monotonic()
        still_serves(door)
        need(time.monotonic() - begun < 5, "those who trade wait for those who are idle")
        for at in (0, IDLE // 2, IDLE - 1):
            idle[at].sendall(wire.frame(wire.PING, b"there?"))
            idle[at].settimeout(wire.PATIENCE)
            need(idle[at].recv(64)[:1] == b"\x8a", "no pong")
    finally:
        for line in idle:
            line.close()
    return None


def open_many(address, idle):
    """Connections that have shaken hands, some hundred at a time."""
    request = wire.upgrade("%s:%d" % address, wire.SOCKET_PATH, "AAAAAAAAAAAAAAAAAAAAAA==")
    while len(idle) < IDLE:
        batch = []
        for _ in range(min(200, IDLE - len(idle))):
            line = socket.create_connection(address, timeout=wire.PATIENCE)
            idle.append(line)
            line.sendall(request)
            batch.append(line)
        for line in batch:
            head = b""
            while b"\r\n\r\n" not in head:
                data = line.recv(4096)
                need(data, "an idle connection was closed")
                head += data
            need(head.startswith(b"HTTP/1.1 101 "), f"{head}")


if __name__ == "__main__":
    run_tests(
        "The bounds that keep a venue open for everybody.",
        Set([too_many_requests_are_refused_and_the_session_lives], more=front_door.NARROW),
        Set(
            [
                one_request_subscribes_to_hundreds_of_channels,
                a_client_that_does_not_read_is_sent_away_and_others_go_on,
                ten_thousand_idle_connections_cost_little,
            ],
            more=front_door.CROWDED,
        ),
    )
