# The clients against a small server of a few lines: what the other tests are made with is right
# before they accuse a venue. Needs no venue.
import base64
import contextlib
import hashlib
import http.server
import socket
import sys
import threading

import front_door
import wire
from books import Book, Comparison
from checks import Wrong, need
from wire import CLOSE, CONTINUATION, PING, PONG, TEXT, frame

KEY = wire.Key("an-id", "a-secret")


@contextlib.contextmanager
def served(story):
    """One connection to a server that does what the story says; it has shaken hands."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(wire.PATIENCE)
        failures = []

        def serve():
            try:
                line, _ = listener.accept()
                line.settimeout(wire.PATIENCE)
                with line:
                    shake_hands(line)
                    story(line)
            except Exception as failure:  # raised where the block ends
                failures.append(failure)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()
        thread.join()
        if failures:
            raise failures[0]


def shake_hands(line):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += line.recv(1)
    # The nonce of RFC 6455's example or any other: its proof is computed apart from the client's.
    nonce = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0].decode()
    line.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        b"sec-websocket-accept: " + proof_of(nonce).encode() + b"\r\n\r\n"
    )


def proof_of(nonce):
    return base64.b64encode(hashlib.sha1((nonce + wire.SOCKET_GUID).encode()).digest()).decode()


def plain(opcode, payload, is_final=True):
    return frame(opcode, payload, is_final, is_masked=False)


def told(value):
    return plain(TEXT, wire.to_json({"jsonrpc": "2.0", **value}).encode())


def read(line, length):
    data = b""
    while len(data) < length:
        more = line.recv(length - len(data))
        need(more, "the client went away")
        data += more
    return data


def read_frame(line):
    """(opcode, payload) of a client's frame, which must be masked."""
    head = read(line, 2)
    length = head[1] & 0x7F
    need(head[1] & 0x80, "a client's frame without a mask")
    if length >= 126:
        length = int.from_bytes(read(line, 2 if length == 126 else 8), "big")
    mask = read(line, 4)
    payload = read(line, length)
    return head[0] & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


# ---- Tests ----


def the_example_of_the_standard_is_accepted():
    need(proof_of("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "RFC 6455, 1.3")


def frames_of_every_length_go_both_ways():
    lengths = (0, 1, 125, 126, 127, 65535, 65536, 200_000)

    def echo(line):
        for _ in lengths:
            opcode, payload = read_frame(line)
            need(opcode == TEXT, f"{opcode}")
            line.sendall(plain(TEXT, payload))

    with served(echo) as address:
        client = wire.WebSocket(address)
        for length in lengths:
            text = "".join(chr(97 + at % 26) for at in range(length))
            client.send_text(text)
            need(client.receive() == text, f"{length} letters came back as others")
        client.close()


def parts_are_put_together_and_pings_answered_meanwhile():
    def story(line):
        whole = (
            plain(TEXT, "ü".encode()[:1], False)
            + plain(PING, b"1")
            + plain(CONTINUATION, "ü".encode()[1:] + b"ber", False)
            + plain(PONG, b"")
            + plain(CONTINUATION, b"all")
            + plain(TEXT, b"next")
        )
        for at in range(len(whole)):
            line.sendall(whole[at : at + 1])
        need(read_frame(line) == (PONG, b"1"), "no pong")
        line.sendall(plain(CLOSE, b"\x03\xe9bye"))

    with served(story) as address:
        client = wire.WebSocket(address)
        need([client.receive(), client.receive()] == ["überall", "next"], "other words")
        need(client.pongs == 1, f"{client.pongs} pongs")
        try:
            client.receive()
            raise Wrong("a closed connection is heard")
        except wire.Gone as gone:
            need(gone.code == 1001 and "bye" in str(gone), f"{gone}")
        client.close()


def answers_are_found_by_their_ids_and_channels_kept():
    def story(line):
        data = {"method": "subscription", "params": {"channel": "a", "data": 1}}
        line.sendall(told(data) + told({"method": "heartbeat", "params": {"type": "test_request"}}))
        _, first = read_frame(line)
        _, second = read_frame(line)
        line.sendall(told({"id": 2, "result": "second"}))
        data["params"]["data"] = 2
        line.sendall(told(data) + told({"id": 1, "error": {"code": -32601, "message": "no"}}))
        line.sendall(told({"id": 77, "result": 0.1}))
        need(b"public/x" in first and b"public/y" in second, f"{first} {second}")
        need(b"public/test" in read_frame(line)[1], "a test_request without an answer")

    with served(story) as address:
        session = wire.Session(address)
        x, y = session.send("public/x"), session.send("public/y", {"a": 1})
        need(session.answer(y) == "second", "another's answer")
        try:
            session.answer(x)
            raise Wrong("an error is no result")
        except wire.Refused as refused:
            need(refused.code == -32601, f"{refused}")
        need([session.next("a"), session.next("a")] == [1, 2], "messages out of order")
        need(session.answer(77) == wire.Decimal("0.1"), "a float")
        need(session.test_requests == 1, "no test_request")
        session.close()


def silence_is_a_timeout_and_the_end_is_the_end():
    can_end = threading.Event()
    with served(lambda line: can_end.wait(wire.PATIENCE)) as address:
        client = wire.WebSocket(address)
        try:
            client.receive(0.05)
            raise Wrong("something came of nothing")
        except TimeoutError:
            can_end.set()
        try:
            client.receive()
            raise Wrong("something came of nobody")
        except wire.Gone as gone:
            need(gone.code is None, f"{gone}")
        client.close()


class Signed(http.server.BaseHTTPRequestHandler):
    """Says whether a request is signed as the documentation has it."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        words = self.headers["Authorization"].removeprefix("deri-hmac-sha256 ").split(",")
        claim = dict(word.split("=", 1) for word in words)
        text = "\n".join((claim["ts"], claim["nonce"], self.command, self.path, body, ""))
        is_good = claim["sig"] == wire.digest(KEY.secret, text) and claim["id"] == KEY.id
        content = wire.to_json({"jsonrpc": "2.0", "result": [is_good, self.path, body]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def requests_are_signed_as_they_are_sent():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Signed) as server:
        threading.Thread(target=server.serve_forever).start()
        client = wire.Http(server.server_address, key=KEY)
        is_good, path, _ = client.get("private/buy", label="a b+ü/", amount=wire.Decimal("0.10"),
                                      post_only=True)
        need(is_good, "a wrong signature")
        wanted = "/api/v2/private/buy?label=a+b%2B%C3%BC%2F&amount=0.1&post_only=true"
        need(path == wanted, path)
        is_good, _, body = client.post("private/sell", price=5)
        need(is_good and '"params":{"price":5}' in body, body)
        client.close()
        server.shutdown()


def level(action, price, amount):
    return [action, price, amount]


def message(change_id, bids=(), asks=(), prev=None):
    kind = {"type": "change", "prev_change_id": prev} if prev else {"type": "snapshot"}
    return {"change_id": change_id, "bids": list(bids), "asks": list(asks), **kind}


def a_book_says_where_its_messages_do_not_fit():
    start = message(5, [level("new", 10, 1)], [level("new", 12, 2)])
    book = Book()
    book.take(start)
    book.take(message(6, [level("change", 10, 3)], [level("delete", 12, 0)], prev=5))
    need(book.levels() == ([(10, 3)], []), f"{book.levels()}")
    book.take(message(9, [level("new", 11, 1)]))
    need(book.levels() == ([(11, 1)], []) and book.snapshots == 2, "a snapshot starts anew")
    for wrong in (
        message(7, prev=4),
        message(5, prev=5),
        message(7, [level("new", 10, 1)], prev=5),
        message(7, [level("new", 9, 0)], prev=5),
        message(7, [level("change", 9, 1)], prev=5),
        message(7, [level("delete", 9, 0)], prev=5),
        message(7, [level("delete", 10, 1)], prev=5),
        message(7, [level("new", 13, 1)], prev=5),
        {**start, "prev_change_id": 4},
    ):
        book = Book()
        book.take(start)
        try:
            book.take(wrong)
        except Wrong:
            continue
        raise Wrong(f"not noticed: {wrong}")


def a_book_is_compared_at_the_same_change():
    book = Book()
    comparison = Comparison(book)
    good = {"change_id": 6, "bids": [[10, 3]], "asks": []}
    comparison.take(message(5, [level("new", 10, 1)]))
    comparison.answered(good)
    need(comparison.made == 0, "compared with a state that is not there yet")
    comparison.take(message(6, [level("change", 10, 3)], prev=5))
    need(comparison.made == 1, "not compared")
    comparison.answered({"change_id": 5, "bids": [[10, 1]], "asks": []})
    need(comparison.made == 2, "what was before is not compared")
    try:
        comparison.answered({**good, "bids": [[10, 4]]})
    except Wrong:
        return
    raise Wrong("another book is taken for the same")


def main():
    tests = [
        the_example_of_the_standard_is_accepted,
        frames_of_every_length_go_both_ways,
        parts_are_put_together_and_pings_answered_meanwhile,
        answers_are_found_by_their_ids_and_channels_kept,
        silence_is_a_timeout_and_the_end_is_the_end,
        requests_are_signed_as_they_are_sent,
        a_book_says_where_its_messages_do_not_fit,
        a_book_is_compared_at_the_same_change,
    ]
    failures = sum(not front_door.passes(test) for test in tests)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
