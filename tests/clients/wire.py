# HTTP and WebSocket clients of a venue that speaks Deribit's API v2, made of Python's standard
# library and nothing else. Numbers come as integers and Decimals, never as floats. Every wait has a
# deadline, and nothing here sleeps.
import base64
import collections
import hashlib
import hmac
import http.client
import json
import os
import socket
import ssl
import struct
import time
import urllib.parse
from decimal import Decimal

PATIENCE = 30.0  # seconds; a busy machine may stand still for long
API = "/api/v2/"
SOCKET_PATH = "/ws/api/v2"
SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

Key = collections.namedtuple("Key", "id secret")


class Refused(Exception):
    """The venue answered with an error."""

    def __init__(self, error):
        super().__init__(json.dumps(error, default=str))
        self.code = error["code"]
        self.message = error.get("message")
        self.data = error.get("data") or {}


class Gone(Exception):
    """The connection ended; `code` is that of the close frame, none where no such frame came."""

    def __init__(self, why, code=None):
        super().__init__(f"{why} ({code})")
        self.code = code


class Json(json.JSONEncoder):
    """Writes Decimals as the numbers that they are."""

    def default(self, value):
        return int(value) if value == int(value) else float(value)


def to_json(value):
    return json.dumps(value, cls=Json, separators=(",", ":"))


def from_json(text):
    return json.loads(text, parse_float=Decimal)


def now_ms():
    return time.time_ns() // 1_000_000


def digest(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


# ---- HTTP ----


def query_of(params):
    """The parameters as a query string: whatever JSON calls them, in text."""
    words = {}
    for name, value in params.items():
        words[name] = value if isinstance(value, str) else to_json(value)
    return urllib.parse.urlencode(words)


def authorization(key, verb, target, body="", timestamp=None, nonce=None, order="id ts sig nonce"):
    """The header that signs a request: the target exactly as it is sent, with its query."""
    timestamp = now_ms() if timestamp is None else timestamp
    nonce = os.urandom(6).hex() if nonce is None else nonce
    text = f"{timestamp}\n{nonce}\n{verb}\n{target}\n{body}\n"
    words = {"id": key.id, "ts": timestamp, "sig": digest(key.secret, text), "nonce": nonce}
    return "deri-hmac-sha256 " + ",".join(f"{name}={words[name]}" for name in order.split())


class Http:
    """One connection that is kept alive. Requests are signed where there is a key, and carry the
    token where there is one."""

    def __init__(self, address, key=None, token=None, tls=None, timeout=PATIENCE):
        self.key, self.token = key, token
        if tls:
            self.line = http.client.HTTPSConnection(*address, timeout=timeout, context=tls)
        else:
            self.line = http.client.HTTPConnection(*address, timeout=timeout)

    def close(self):
        self.line.close()

    def raw(self, verb, target, body="", headers=None):
        """Sends exactly this; the status, the headers and the body."""
        try:
            self.line.request(verb, target, body.encode() or None, headers or {})
            answer = self.line.getresponse()
            return answer.status, answer.headers, answer.read()
        except (ConnectionError, http.client.HTTPException) as error:
            self.line.close()
            raise Gone(repr(error)) from None

    def headers_for(self, verb, target, body):
        if self.token:
            return {"Authorization": f"bearer {self.token}"}
        if self.key and "private/" in target + body:
            return {"Authorization": authorization(self.key, verb, target, body)}
        return {}

    def ask(self, verb, target, body=""):
        """The whole envelope of the answer."""
        status, _, content = self.raw(verb, target, body, self.headers_for(verb, target, body))
        envelope = from_json(content)
        if "error" in envelope:
            assert status >= 400, f"an error with status {status}"
            raise Refused(envelope["error"])
        assert status == 200, f"a result with status {status}"
        return envelope

    def get(self, method, **params):
        target = API + method + ("?" + query_of(params) if params else "")
        return self.ask("GET", target)["result"]

    def post(self, method, **params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.ask("POST", API + method, to_json(body))["result"]


# ---- WebSocket ----


def mask_of(payload, mask):
    """The payload under the mask, at the speed of large integers."""
    times = -(-len(payload) // 4)
    stream = (mask * times)[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(payload), "big")


def frame(opcode, payload, is_final=True, is_masked=True, claimed=None):
    """A frame; `claimed` is a length to lie with."""
    length = len(payload) if claimed is None else claimed
    masked = 0x80 if is_masked else 0
    head = bytearray([(0x80 if is_final else 0) | opcode])
    if length < 126:
        head.append(masked | length)
    elif length < 1 << 16:
        head += struct.pack(">BH", masked | 126, length)
    else:
        head += struct.pack(">BQ", masked | 127, length)
    if not is_masked:
        return bytes(head) + payload
    mask = os.urandom(4)
    return bytes(head) + mask + mask_of(payload, mask)


class WebSocket:
    """A connection that has shaken hands. Text comes whole, pings are answered."""

    def __init__(self, address, path=SOCKET_PATH, tls=None, timeout=PATIENCE, window=None):
        self.timeout = timeout
        self.buffer = bytearray()
        self.parts = bytearray()  # of a message that is not whole yet
        self.pongs = 0
        self.line = self.dial(address, tls, timeout, window)
        self.shake_hands(f"{address[0]}:{address[1]}", path)

    @staticmethod
    def dial(address, tls, timeout, window):
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if window:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        line.settimeout(timeout)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            line.connect(address)
            return tls.wrap_socket(line, server_hostname=address[0]) if tls else line
        except OSError:
            line.close()
            raise

    def shake_hands(self, host, path):
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.send_bytes(upgrade(host, path, nonce))
        deadline = time.monotonic() + self.timeout
        while b"\r\n\r\n" not in self.buffer:
            self.receive_bytes(deadline)
        head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        self.buffer = bytearray(rest)
        lines = head.decode().split("\r\n")
        if " 101 " not in lines[0] + " ":
            self.line.close()
            raise Gone(lines[0], int(lines[0].split()[1]))
        fields = {name.strip().lower(): value.strip()
                  for name, _, value in (line.partition(":") for line in lines[1:])}
        proof = base64.b64encode(hashlib.sha1((nonce + SOCKET_GUID).encode()).digest()).decode()
        assert fields.get("sec-websocket-accept") == proof, f"a wrong handshake: {lines}"
        assert "sec-websocket-extensions" not in fields, "an extension that was not asked for"

    def fileno(self):
        return self.line.fileno()

    def close(self):
        """At once, as a process that dies does."""
        self.line.close()

    # ---- Saying ----

    def send_bytes(self, data):
        self.line.settimeout(self.timeout)
        try:
            self.line.sendall(data)
        except (ConnectionError, BrokenPipeError, ssl.SSLError) as error:
            raise Gone(repr(error)) from None

    def send_text(self, text):
        self.send_bytes(frame(TEXT, text.encode()))

    def ping(self, payload=b"are you?"):
        self.send_bytes(frame(PING, payload))

    # ---- Hearing ----

    def receive_bytes(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("nothing came")
        self.line.settimeout(left)
        try:
            data = self.line.recv(1 << 18)
        except TimeoutError:
            raise TimeoutError("nothing came") from None
        except (ConnectionError, ssl.SSLError) as error:
            raise Gone(repr(error)) from None
        if not data:
            raise Gone("closed without a close frame")
        self.buffer += data

    def receive(self, timeout=None):
        """The next message's text; TimeoutError where none comes, Gone where none will."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            text = self.take_message()
            if text is not None:
                return text
            self.receive_bytes(deadline)

    def take_message(self):
        """A message of what is here already; none where it is not whole."""
        while (found := self.take_frame()) is not None:
            opcode, is_final, payload = found
            if opcode == PING:
                self.send_bytes(frame(PONG, payload))
            elif opcode == PONG:
                self.pongs += 1
            elif opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
                raise Gone("the venue said goodbye: " + payload[2:].decode(), code)
            else:
                self.parts += payload
                if is_final:
                    text, self.parts = self.parts.decode(), bytearray()
                    return text
        return None

    def take_frame(self):
        if len(self.buffer) < 2:
            return None
        assert not self.buffer[0] & 0x70, "reserved bits are set"
        assert not self.buffer[1] & 0x80, "a server's frame is never masked"
        length, begin = self.buffer[1] & 0x7F, 2
        if length >= 126:
            begin = 4 if length == 126 else 10
            if len(self.buffer) < begin:
                return None
            length = int.from_bytes(self.buffer[2:begin], "big")
        if len(self.buffer) < begin + length:
            return None
        payload = bytes(self.buffer[begin : begin + length])
        found = self.buffer[0] & 0x0F, bool(self.buffer[0] & 0x80), payload
        del self.buffer[: begin + length]
        return found


def upgrade(host, path, nonce):
    """The request that makes a WebSocket of a connection."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


# ---- JSON-RPC over a WebSocket ----


class Session:
    """Calls and channels over one WebSocket, on one thread. What comes while something else is
    waited for is kept, in order, in `channels`."""

    def __init__(self, address, tls=None, timeout=PATIENCE, **options):
        self.timeout = timeout
        self.socket = WebSocket(address, tls=tls, timeout=timeout, **options)
        self.number = 0
        self.answers = {}
        self.channels = collections.defaultdict(collections.deque)
        self.handlers = {}  # of channels whose messages are not kept: called as they come
        self.heartbeats = 0
        self.test_requests = 0
        self.answers_tests = True

    def close(self):
        self.socket.close()

    # ---- Calls ----

    def send(self, method, params=None, number=None):
        """Does not wait; the id under which answer() finds what comes."""
        if number is None:
            self.number += 1
            number = self.number
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}
        self.socket.send_text(to_json(request))
        return number

    def answer(self, number, timeout=None):
        """The result of a call that was sent; Refused where it is an error."""
        return self.envelope(number, timeout)["result"]

    def envelope(self, number, timeout=None):
        self.wait(lambda: number in self.answers, f"an answer to {number}", timeout)
        envelope = self.answers.pop(number)
        if "error" in envelope:
            raise Refused(envelope["error"])
        return envelope

    def call(self, method, **params):
        return self.answer(self.send(method, params))

    def log_in(self, key, **more):
        """By a signature: the secret does not travel."""
        timestamp, nonce = now_ms(), os.urandom(6).hex()
        signature = digest(key.secret, f"{timestamp}\n{nonce}\n{more.get('data', '')}")
        return self.call(
            "public/auth",
            grant_type="client_signature",
            client_id=key.id,
            timestamp=timestamp,
            nonce=nonce,
            signature=signature,
            **{"data": "", **more},
        )

    # ---- Channels ----

    def subscribe(self, *channels, scope="public", handler=None):
        """The channels that the venue accepted."""
        if handler:
            self.handlers.update(dict.fromkeys(channels, handler))
        return self.call(f"{scope}/subscribe", channels=list(channels))

    def next(self, channel, is_wanted=lambda data: True, timeout=None):
        """The next message of a channel that is wanted; those before it are dropped."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            kept = self.channels[channel]
            self.wait(lambda: kept, f"a message of {channel}", deadline - time.monotonic())
            data = kept.popleft()
            if is_wanted(data):
                return data

    # ---- Hearing ----

    def wait(self, is_done, what, timeout=None):
        """Hears until something is so."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while not is_done():
            try:
                self.hear(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise TimeoutError(f"no {what}") from None

    def hear(self, timeout=None):
        """One message."""
        self.take(from_json(self.socket.receive(timeout)))

    def listen(self, seconds):
        """All that comes within this time."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.hear(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            pass

    def take(self, message):
        assert message.get("jsonrpc") == "2.0", f"no JSON-RPC: {message}"
        if message.get("method") == "subscription":
            params = message["params"]
            handler = self.handlers.get(params["channel"])
            if handler:
                handler(params["data"])
            else:
                self.channels[params["channel"]].append(params["data"])
        elif message.get("method") == "heartbeat":
            self.take_heartbeat(message["params"]["type"])
        else:
            assert ("result" in message) != ("error" in message), f"no answer: {message}"
            self.answers[message.get("id")] = message

    def take_heartbeat(self, kind):
        if kind == "heartbeat":
            self.heartbeats += 1
            return
        assert kind == "test_request", kind
        self.test_requests += 1
        if self.answers_tests:
            self.send("public/test")


def trusting(certificate):
    """A context of TLS that trusts this certificate and no other."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
