# What strangers and bad clients try from outside: others' orders, more rights than a key has, used
# signatures and tokens, bytes that are no requests. Whatever they send, others are served on.
import random
import struct
import time

import wire
from checks import Wrong, need, refusal_of
from front_door import INDEX, LOT, PERPETUAL, TICK, Set, run_tests
from wire import BINARY, CLOSE, CONTINUATION, PING, TEXT, authorization, frame

BELOW = INDEX - 200 * TICK
ORDER = {"instrument_name": PERPETUAL, "amount": 10 * LOT, "type": "limit", "price": BELOW}
NOT_LET_IN = {10000, 13004, 13009}
NOT_ALLOWED = {11042, 13021, 13403}
NOT_YOURS = {10004, 10029}
MESSAGE_BYTES_MAX = 1 << 20


def still_serves(door):
    """Somebody else trades as if nothing happened."""
    http = door.http("dan")
    order = http.get("private/buy", **ORDER)["order"]
    need(http.get("private/cancel", order_id=order["order_id"])["order_state"] == "cancelled", "")


# ---- Who ----


def a_wrong_secret_and_an_unknown_key_are_the_same(door):
    key = door.keys["ada"]
    wrong = wire.Key(key.id, "x" * len(key.secret))
    unknown = wire.Key("x" * len(key.id), key.secret)
    told = set()
    for bad in (wrong, unknown):
        login = {"grant_type": "client_credentials", "client_id": bad.id,
                 "client_secret": bad.secret}
        refused = refusal_of(door.http().get, "public/auth", **login)
        need(refused.code == 13004, f"{refused}")
        told.add(str(refused))
        need(refusal_of(door.session().log_in, bad).code == 13004, "by signature")
        http = door.http()
        http.key = bad
        need(refusal_of(http.get, "private/get_positions").code in NOT_LET_IN, "by header")
    need(len(told) == 1, f"an intruder learns which ids there are: {told}")


def signatures_are_for_one_request_of_now(door):
    key, http = door.keys["ada"], door.http()
    target = "/api/v2/private/get_positions?currency=USDC"
    minute = 60_000

    def status_of(header, verb="GET", asked=target, body=""):
        return http.raw(verb, asked, body, {"Authorization": header})[0]

    good = authorization(key, "GET", target)
    need(status_of(good) == 200, "a good signature")
    need(status_of(good) in (400, 401), "a request that was sent before is carried out again")
    for away in (-minute - 5000, minute + 5000):
        stale = authorization(key, "GET", target, timestamp=wire.now_ms() + away)
        need(status_of(stale) in (400, 401), f"{away} ms away")
    other = authorization(key, "GET", target)
    need(status_of(other, asked=target + "&kind=any") in (400, 401), "another target")
    body = '{"jsonrpc":"2.0","id":1,"method":"private/get_positions","params":{}}'
    signed = authorization(key, "POST", "/api/v2", body)
    need(status_of(signed, "POST", "/api/v2", body + " ") in (400, 401), "another body")
    unsigned = authorization(key, "GET", target).replace("sig=", "sig=0")
    for header in (unsigned, "deri-hmac-sha256 ", "deri-hmac-sha256 id=,ts=,sig=,nonce=",
                   "bearer ", "bearer x", "Basic eA==", "Basic !", "nonsense"):
        need(status_of(header) in (400, 401), header)
    need(status_of(authorization(key, "GET", target)) == 200, "a good one afterwards")


def a_used_refresh_token_ends_what_came_of_it(door):
    key, http = door.keys["ada"], door.http()
    given = http.get("public/auth", grant_type="client_credentials", client_id=key.id,
                     client_secret=key.secret, scope="session:replayed")
    old = given["refresh_token"]
    fresh = http.get("public/auth", grant_type="refresh_token", refresh_token=old)
    http.token = fresh["access_token"]
    http.get("private/get_positions")
    http.token = given["access_token"]
    need(refusal_of(http.get, "private/get_positions").code in NOT_LET_IN, "the old access token")
    http.token = None
    again = refusal_of(http.get, "public/auth", grant_type="refresh_token", refresh_token=old)
    need(again.code in NOT_LET_IN, f"{again}")
    http.token = fresh["access_token"]
    need(refusal_of(http.get, "private/get_positions").code in NOT_LET_IN, "the thief's pair")


def a_token_of_a_connection_ends_with_it(door):
    session = door.session()
    token = session.log_in(door.keys["ada"])["access_token"]
    session.call("private/get_positions")
    session.close()
    other = door.session()
    # The venue may hear of the end after it heard of this call.
    for _ in range(1000):
        try:
            other.call("private/get_positions", access_token=token)
        except wire.Refused as refused:
            need(refused.code in NOT_LET_IN, f"{refused}")
            return
    raise Wrong("the token outlives its connection")


def a_key_is_good_where_it_may_be_used_only(door):
    key = door.keys["ada_elsewhere"]
    need(refusal_of(door.session().log_in, key).code in NOT_LET_IN, "by signature")
    need(refusal_of(door.http("ada_elsewhere").get, "private/get_positions").code in NOT_LET_IN,
         "by header")
    need(refusal_of(door.http().get, "public/auth", grant_type="client_credentials",
                    client_id=key.id, client_secret=key.secret).code in NOT_LET_IN, "by secret")


def a_key_that_is_disabled_lets_nobody_in(door):
    key = door.keys["ada_disabled"]
    session, http = door.session("ada_disabled"), door.http("ada_disabled")
    http.get("private/get_positions")
    door.admin("key", "disable", key.id)
    deadline = time.monotonic() + wire.PATIENCE  # the venue looks at its file now and then
    while True:
        need(time.monotonic() < deadline, "whoever is in stays in")
        try:
            session.call("private/get_positions")
        except wire.Refused as refused:
            need(refused.code in NOT_LET_IN, f"{refused}")
            break
    need(refusal_of(http.get, "private/get_positions").code in NOT_LET_IN, "by header")
    need(refusal_of(door.session().log_in, key).code in NOT_LET_IN, "by a new login")


# ---- What ----


def nobody_touches_the_orders_of_others(door):
    ada, ben = door.session("ada"), door.session("ben")
    order = ada.call("private/buy", **ORDER, label="mine")["order"]["order_id"]
    for method, params in (
        ("cancel", {"order_id": order}),
        ("edit", {"order_id": order, "amount": 20 * LOT, "price": BELOW}),
        ("get_order_state", {"order_id": order}),
    ):
        need(refusal_of(ben.call, f"private/{method}", **params).code in NOT_YOURS, method)
    for method in ("get_open_orders_by_label", "get_order_state_by_label"):
        found = ben.call(f"private/{method}", currency="USDC", label="mine")
        need(found == [], f"{method}: {found}")
    need(ben.call("private/cancel_by_label", label="mine") == 0, "by label")
    need(ben.call("private/cancel_all") == 0, "all of them")
    try:
        trades = ben.call("private/get_user_trades_by_order", order_id=order)
        need(trades == [], f"{trades}")
    except wire.Refused as refused:
        need(refused.code in NOT_YOURS, f"{refused}")
    state = ada.call("private/get_order_state", order_id=order)
    need((state["order_state"], state["amount"]) == ("open", 10 * LOT), f"{state}")
    need(ada.call("private/cancel_all") == 1, "the order")


def nobody_hears_the_channels_of_others(door):
    ada, ben, stranger = door.session("ada"), door.session("ben"), door.session()
    channels = [f"user.{what}.any.any.raw" for what in ("orders", "trades", "changes")]
    need(set(ben.subscribe(*channels, scope="private")) <= set(channels), "ben's own")
    try:
        need(stranger.subscribe(*channels) == [], "a stranger hears user channels")
    except wire.Refused as refused:
        need(refused.code in NOT_LET_IN | {13778}, f"{refused}")
    refused = refusal_of(stranger.subscribe, *channels, scope="private")
    need(refused.code in NOT_LET_IN, f"{refused}")
    ada.call("private/buy", **ORDER)
    ada.call("private/cancel_all")
    for listener in (ben, stranger):
        listener.call("public/test")
        need(not any(listener.channels.values()), f"{listener.channels}")


def a_reading_key_changes_nothing(door):
    session = door.session()
    granted = session.log_in(
        door.keys["ada_reads"], scope="trade:read_write account:read_write wallet:read_write"
    )
    need("read_write" not in granted["scope"], granted["scope"])
    need(session.call("private/get_open_orders") == [], "open orders")
    need(session.subscribe("user.orders.any.any.raw", scope="private") != [], "no orders told")
    for method, params in (
        ("buy", ORDER),
        ("sell", ORDER),
        ("cancel", {"order_id": "USDC-1"}),
        ("cancel_all", {}),
        ("edit", {"order_id": "USDC-1", "amount": 10 * LOT, "price": BELOW}),
        ("close_position", {"instrument_name": PERPETUAL, "type": "market"}),
    ):
        refused = refusal_of(session.call, f"private/{method}", **params)
        need(refused.code in NOT_ALLOWED, f"{method}: {refused}")
    http = door.http("ada_reads")
    need(refusal_of(http.get, "private/buy", **ORDER).code in NOT_ALLOWED, "over HTTP")


def a_token_may_be_less_than_its_key(door):
    session = door.session()
    session.log_in(door.keys["ada"], scope="trade:read account:read")
    need(refusal_of(session.call, "private/buy", **ORDER).code in NOT_ALLOWED, "a smaller scope")
    session.log_in(door.keys["ada"])
    session.call("private/buy", **ORDER)
    session.call("private/cancel_all")


def raw_feeds_are_for_those_who_logged_in(door):
    stranger = door.session()
    for channel in (f"book.{PERPETUAL}.raw", f"ticker.{PERPETUAL}.raw", f"trades.{PERPETUAL}.raw"):
        refused = refusal_of(stranger.subscribe, channel)
        need(refused.code == 13778, f"{channel}: {refused}")
    need(stranger.subscribe(f"book.{PERPETUAL}.100ms") != [], "in intervals")


def private_calls_need_a_login(door):
    for client in (door.session().call, door.http().get):
        for method, params in (("get_positions", {}), ("buy", ORDER), ("cancel_all", {})):
            refused = refusal_of(client, f"private/{method}", **params)
            need(refused.code in NOT_LET_IN, f"{method}: {refused}")


# ---- Bytes ----


def end_of(socket):
    """The code of the close frame with which the venue ends a connection."""
    try:
        while True:
            socket.receive()
    except wire.Gone as gone:
        return gone.code


def frames_that_break_the_protocol_end_their_connection_only(door):
    text = b'{"jsonrpc":"2.0","id":1,"method":"public/test"}'
    broken = {
        "no mask": (frame(TEXT, text, is_masked=False), {1002}),
        "reserved bits": (bytes([frame(TEXT, text)[0] | 0x40]) + frame(TEXT, text)[1:], {1002}),
        "an unknown opcode": (frame(3, text), {1002}),
        "a part without a beginning": (frame(CONTINUATION, text), {1002}),
        "a part of a ping": (frame(PING, b"", is_final=False), {1002}),
        "a long ping": (frame(PING, bytes(126)), {1002}),
        "no UTF-8": (frame(TEXT, b"\xff\xfe"), {1007}),
        "bytes": (frame(BINARY, text), {1003}),
        "a reserved close code": (frame(CLOSE, struct.pack(">H", 1005)), {1002}),
        "half a close code": (frame(CLOSE, b"\x03"), {1002}),
        "too long a message": (frame(TEXT, b"", claimed=MESSAGE_BYTES_MAX + 1), {1009}),
        "an impossible length": (frame(TEXT, b"", claimed=(1 << 63) + 1), {1002, 1009}),
    }
    for what, (data, codes) in broken.items():
        socket = wire.WebSocket(door.plain)
        socket.send_bytes(data)
        code = end_of(socket)
        need(code in codes, f"{what}: closed with {code}")
    still_serves(door)


def messages_come_in_parts_and_around_pings(door):
    session = door.session()
    text = wire.to_json({"jsonrpc": "2.0", "id": 5, "method": "public/test", "params": {}}).encode()
    parts = [text[at : at + 7] for at in range(0, len(text), 7)]
    for at, part in enumerate(parts):
        session.socket.send_bytes(
            frame(CONTINUATION if at else TEXT, part, is_final=at == len(parts) - 1)
        )
        session.socket.ping(b"%d" % at)
    session.answer(5)
    big = session.call("public/test", padding="x" * 500_000)
    need("version" in big, f"{big}")
    need(session.socket.pongs == len(parts), f"{session.socket.pongs} pongs")
    session.socket.send_bytes(frame(CLOSE, struct.pack(">H", 1000)))
    need(end_of(session.socket) == 1000, "no goodbye")


def words_that_are_no_requests_are_answered(door):
    session = door.session("ada")
    for text, codes in (
        ("", {-32700, -32600}),
        ("{", {-32700}),
        ("nonsense", {-32700}),
        ('{"a":"' + "\\ud800" + '"}', {-32700, -32600}),
        ("[" * 100_000, {-32700, -32600}),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, {-32700, -32600}),
        ("[]", {-32600}),
        ("17", {-32600}),
        ('[{"jsonrpc":"2.0","id":1,"method":"public/test"}]', {-32600}),
        ('{"jsonrpc":"2.0","id":null}', {-32600}),
        ('{"jsonrpc":"2.0","id":{},"method":"public/test"}', {-32600}),
        ('{"jsonrpc":"2.0","id":1,"method":7}', {-32600}),
        ('{"jsonrpc":"2.0","id":1,"method":"public/test","params":[1]}', {-32600, -32602}),
        ('{"jsonrpc":"2.0","id":1,"method":"public/none"}', {-32601}),
        ('{"jsonrpc":"2.0","id":1,"method":"private/none"}', {-32601}),
        ('{"jsonrpc":"2.0","id":1,"method":"../../etc/passwd"}', {-32601}),
        ('{"jsonrpc":"2.0","id":1,"method":"public/ticker"}', {-32000, -32602}),
    ):
        session.socket.send_text(text)
        answer = wire.from_json(session.socket.receive())
        need("error" in answer and answer["error"]["code"] in codes, f"{text[:60]}: {answer}")
    session.call("public/test")


def numbers_that_cannot_be_are_refused(door):
    session = door.session("ada")
    wrong = ["x", "", "NaN", "-1", "1e400", "0x10", "1,5", " ", "9" * 400, True, None, [], {}]
    for value in [*wrong, 0, -1, 10**30]:
        for name in ("amount", "price"):
            params = {**ORDER, name: value}
            refused = refusal_of(session.call, "private/buy", **params)
            known = {-32602, -32000, 10002, 10005, 10007, 10009, 10011, 10021, 10022, 10023, 10043}
            need(refused.code in known, f"{name}={value!r}: {refused}")
    for name in ("", "x" * 1000, "BTC_USDC-PERPETUAL\0", "../..", "BTC-PERPETUAL", 17, None):
        refused = refusal_of(session.call, "public/ticker", instrument_name=name)
        need(refused.code in (-32602, -32000, 13020), f"{name!r}: {refused}")
    for label in ("x" * 65, "\n", "\0"):
        refused = refusal_of(session.call, "private/buy", **ORDER, label=label)
        need(refused.code in (-32602, 11029, 13016), f"{label!r}: {refused}")
    for price in (BELOW + TICK / 2, BELOW + TICK / 10**6):
        refused = refusal_of(session.call, "private/buy", **{**ORDER, "price": price})
        need(refused.code in (10026, 10043), f"{price}: {refused}")
    need(session.call("private/get_open_orders") == [], "something of that was taken")


def requests_that_are_no_http_are_refused(door):
    long = b"x" * 100_000
    for what, data, statuses in (
        ("garbage", b"\x00\x01\x02\x03\r\n\r\n", {400}),
        ("a verb", b"BREW /api/v2/public/test HTTP/1.1\r\nHost: x\r\n\r\n", {400, 405, 501}),
        ("a version", b"GET /api/v2/public/test HTTP/7.0\r\nHost: x\r\n\r\n", {400, 505}),
        ("a long target", b"GET /" + long + b" HTTP/1.1\r\nHost: x\r\n\r\n", {400, 414, 431}),
        ("a long head", b"GET / HTTP/1.1\r\nHost: x\r\nA: " + long + b"\r\n\r\n", {400, 431}),
        ("two lengths", b"POST /api/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        ("a length", b"POST /api/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
        ("too much", b"POST /api/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n",
         {400, 413}),
        ("a path", b"GET /etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
        ("an old WebSocket", b"GET /ws/api/v2 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
         b"Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: x\r\n\r\n",
         {400, 426}),
    ):
        need(status_of(door, data) in statuses | {None}, what)
    still_serves(door)


def status_of(door, data):
    """The status with which raw bytes are answered; none where the connection is just closed."""
    line = wire.WebSocket.dial(door.plain, None, wire.PATIENCE, None)
    with line:
        try:
            line.sendall(data)
            head = line.recv(4096)
        except ConnectionError:
            return None
        return int(head.split()[1]) if head.startswith(b"HTTP/1.1 ") else None


def random_bytes_end_nobody_elses_connection(door):
    witness = door.session("ben")
    chance = random.Random(7)
    good = b'{"jsonrpc":"2.0","id":1,"method":"public/get_order_book","params":{"depth":5}}'
    for _ in range(150):
        socket = wire.WebSocket(door.plain)
        data = bytearray(frame(TEXT, good))
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            socket.send_bytes(bytes(data))
            socket.send_bytes(chance.randbytes(chance.randint(0, 300)))
        except wire.Gone:
            pass
        socket.close()
        line = wire.WebSocket.dial(door.plain, None, wire.PATIENCE, None)
        line.sendall(chance.randbytes(chance.randint(0, 300)))
        line.close()
    witness.call("private/get_positions")
    still_serves(door)


if __name__ == "__main__":
    run_tests(
        "What strangers and bad clients try from outside.",
        Set(
            [
                a_wrong_secret_and_an_unknown_key_are_the_same,
                signatures_are_for_one_request_of_now,
                a_used_refresh_token_ends_what_came_of_it,
                a_token_of_a_connection_ends_with_it,
                a_key_is_good_where_it_may_be_used_only,
                a_key_that_is_disabled_lets_nobody_in,
            nobody_touches_the_orders_of_others,
                nobody_hears_the_channels_of_others,
                a_reading_key_changes_nothing,
                a_token_may_be_less_than_its_key,
                raw_feeds_are_for_those_who_logged_in,
                private_calls_need_a_login,
                frames_that_break_the_protocol_end_their_connection_only,
                messages_come_in_parts_and_around_pings,
                words_that_are_no_requests_are_answered,
                numbers_that_cannot_be_are_refused,
                requests_that_are_no_http_are_refused,
                random_bytes_end_nobody_elses_connection,
            ]
        ),
    )
