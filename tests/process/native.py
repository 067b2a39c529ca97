# A client of the native protocol, written from docs/formats/native.md and the tables that it names,
# and from nothing else: where this and the venue understand each other, the page is right.
import socket
import struct
import time

ALL_OF_A_COMMAND = 0xFFFFFFFF
OPERATOR = 0
ANSWERS_ONLY, ACCOUNT_FEED, EVERYTHING = 0, 1, 2
ACCEPTED = 100  # of rejects.def: not refused
GOODBYES = {
    1: "malformed",
    2: "unknown_version",
    3: "not_admitted",
    5: "resume_too_old",
    6: "replaced",
    7: "too_slow",
    8: "silent",
    9: "venue_full",
    10: "stopping",
    11: "resume_unknown",
}

HELLO, COMMAND, QUERY, PING = 1, 2, 3, 4
WELCOME, EVENT, ANSWER, PONG, REFUSED, GOODBYE = 16, 17, 18, 19, 20, 21
BODY_BYTES_MAX = 6208
UNIT = 64

FRAME_HEAD = struct.Struct("<IBxxx")
REQUEST_HEAD = struct.Struct("<HHHxxIIQQqQqxxxxxxxx")
TOLD_HEAD = struct.Struct("<BBHIQ")
HELLO_BODY = struct.Struct("<IIQQIBBxx32s")
WELCOME_BODY = struct.Struct("<IIQQIxxxx")
REFUSED_BODY = struct.Struct("<QHxxxxxx")
GOODBYE_BODY = struct.Struct("<QBxxxxxxx")


class Layout:
    """A message's number and body. Fields are "name:format", reserved bytes "number of them x"."""

    def __init__(self, number, fields, entry=""):
        self.number = number
        words = fields.split()
        self.names = [word.split(":")[0] for word in words if ":" in word]
        formats = [word.split(":")[1] if ":" in word else word for word in words]
        self.body = struct.Struct("<" + "".join(formats) + ("I" if entry else ""))
        self.entry = struct.Struct("<" + entry) if entry else None

    def encode(self, values, entries=()):
        unknown = set(values) - set(self.names)
        assert not unknown, f"no such fields: {unknown}"
        fixed = [values.get(name, 0) for name in self.names]
        if self.entry is None:
            return self.body.pack(*fixed)
        group = b"".join(self.entry.pack(*entry) for entry in entries)
        return self.body.pack(*fixed, len(entries)) + group

    def decode(self, body):
        values = self.body.unpack_from(body)
        fields = dict(zip(self.names, values))
        if self.entry is not None:
            fields["entries"] = [
                self.entry.unpack_from(body, self.body.size + at * self.entry.size)
                for at in range(values[-1])
            ]
        return fields


COMMANDS = {
    "started": Layout(3, "epoch:I 4x"),
    "set_venue_state": Layout(4, "state:B 7x"),
    "add_asset": Layout(20, "name:16s decimals:I 4x"),
    "add_underlying": Layout(21, "name:16s base:H quote:H 4x"),
    "list_future": Layout(
        22,
        "expiry:q tick:q lot:q price_low:q price_high:q lots_max:q underlying:H 2x",
        entry="qq",
    ),
    "set_instrument_state": Layout(24, "instrument:I state:B 3x"),
    "set_band": Layout(25, "low:q high:q instrument:I 4x"),
    "set_parameter": Layout(26, "effective:q value:q underlying:H parameter:B 5x"),
    "open_account": Layout(40, "owner:I opened:I"),
    "deposit": Layout(41, "amount:q receiver:I asset:H 2x"),
    "place_order": Layout(
        60,
        "price:q quantity:q client_order:Q expires:q display:q instrument:I side:B order_type:B"
        " time_in_force:B post_only:B self_trade:B reduce_only:B 10x",
        entry="c",
    ),
    "cancel_by_client_id": Layout(63, "client_order:Q"),
    "mass_cancel": Layout(65, "only_session:Q instrument:I currency:H kind:B filters:B"),
    "set_session": Layout(68, "cancel_on_disconnect:B 7x"),
    "update_index": Layout(80, "underlying:H 2x", entry="qqII"),
}

QUERIES = {
    "query_book": Layout(1, "instrument:I depth:I"),
    "query_account": Layout(2, ""),
    "query_positions": Layout(3, "skip:I 4x"),
    "query_order": Layout(4, "client_order:Q"),
}

ORDER_PLACE = "order:Q price:q quantity:q level_total:q instrument:I account:I side:B"
EVENTS = {
    1: ("completed", Layout(
        1,
        "session:Q client_sequence:Q time:q result:Q account:I command:H reject:H first:Q",
    )),
    10: ("order_rested", Layout(10, ORDER_PLACE + " 7x")),
    11: ("order_reduced", Layout(11, ORDER_PLACE + " reason:B 6x")),
    12: ("order_removed", Layout(12, ORDER_PLACE + " reason:B 6x")),
    13: ("trade", Layout(
        13,
        "maker:Q taker:Q price:q quantity:q level_total:q number:Q maker_left:q taker_left:q"
        " time:q instrument:I maker_account:I taker_account:I taker_side:B 27x",
    )),
    14: ("remainder_canceled", Layout(
        14, "order:Q price:q quantity:q instrument:I account:I side:B reason:B 14x"
    )),
    20: ("order_accepted", Layout(
        20,
        "order:Q client_order:Q price:q quantity:q expires:q time:q session:Q instrument:I"
        " account:I side:B order_type:B time_in_force:B post_only:B self_trade:B reduce_only:B 38x",
        entry="c",
    )),
    42: ("instrument_listed", Layout(
        42,
        "name:48s expiry:q strike:q tick:q lot:q price_low:q price_high:q lots_max:q instrument:I"
        " underlying:H kind:B 61x",
        entry="qq",
    )),
    43: ("instrument_state_changed", Layout(43, "instrument:I state:B 43x")),
    50: ("venue_state_changed", Layout(50, "state:B 47x")),
    52: ("epoch_started", Layout(52, "epoch:I 44x")),
    60: ("index_changed", Layout(60, "price:q time:q underlying:H state:B sources:B 28x")),
    61: ("mark_changed", Layout(61, "mark:q instrument:I 36x")),
    63: ("surface_updated", Layout(63, "underlying:H expiries:H 44x")),
    64: ("marks_installed", Layout(64, "digest:16s surface:Q instruments:I underlying:H 18x")),
}

ANSWERS = {
    1: ("refused", Layout(1, "session:Q client_sequence:Q account:I reject:H 26x")),
    2: ("book_answer", Layout(
        2,
        "session:Q client_sequence:Q last_trade:Q instrument:I account:I state:B 11x",
        entry="qqB7x",
    )),
    3: ("account_answer", Layout(
        3,
        "session:Q client_sequence:Q account:I owner:I open_orders:I settlement:H 14x",
        entry="qqqqH6x",
    )),
    4: ("positions_answer", Layout(
        4, "session:Q client_sequence:Q account:I 24x", entry="qqqqI4x"
    )),
    5: ("order_answer", Layout(
        5,
        "session:Q client_sequence:Q order:Q client_order:Q price:q left:q filled:q"
        " trigger_price:q instrument:I account:I side:B state:B reason:B trigger:B reference:B 35x",
    )),
}


class Told:
    """An event or an answer: its place, its name (none where this file does not decode it), its
    fields."""

    def __init__(self, table, body):
        self.type, self.version, units, self.ordinal, self.sequence = TOLD_HEAD.unpack_from(body)
        assert self.version == 1 and units * UNIT == len(body), "a header that cannot be"
        self.name, layout = table.get(self.type, (None, None))
        self.fields = layout.decode(body[TOLD_HEAD.size :]) if layout else {}

    def __getattr__(self, name):
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self):
        return f"{self.name} {self.sequence}.{self.ordinal} {self.fields}"


class Ended(Exception):
    """The connection is gone; `goodbye` says why, where the venue said it."""

    def __init__(self, why, goodbye=None):
        super().__init__(f"{why}: {goodbye}" if goodbye else why)
        self.goodbye = goodbye


def frame(kind, body):
    return FRAME_HEAD.pack(len(body), kind) + body


def message(layout, number, values, entries=()):
    body = layout.encode(values, entries)
    units = -(-(REQUEST_HEAD.size + len(body)) // UNIT)
    head = REQUEST_HEAD.pack(layout.number, 1, units, 0, 0, 0, number, 0, 0, 0)
    return (head + body).ljust(units * UNIT, b"\0")


def command(name, number, /, entries=(), **values):
    """A command, framed, under the client's number of it."""
    return frame(COMMAND, message(COMMANDS[name], number, values, entries))


def query(name, number, **values):
    return frame(QUERY, message(QUERIES[name], number, values))


def hello(account, session, feed, after, key=bytes(32)):
    """`after` is the place of the event heard last, or none to begin with now."""
    sequence, ordinal = after or (0, 0)
    body = HELLO_BODY.pack(1, account, session, sequence, ordinal, feed, bool(after), key)
    return frame(HELLO, body)


def dial(address, timeout):
    kind, _, place = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, _, port = place.rpartition(":")
        place = (host, int(port))
    line.settimeout(timeout)
    line.connect(place)
    return line


class Client:
    """A connection that has said hello. Frames come in order from `next` or `heard`."""

    def __init__(self, address, account, session, feed=ANSWERS_ONLY, after=None, timeout=120.0):
        self.account, self.session = account, session
        self.timeout = timeout
        self.line = dial(address, timeout)
        self.buffer = bytearray()
        self.waiting = []  # frames that were passed over by ask() and carry_out()
        self.number = 0
        self.line.sendall(hello(account, session, feed, after))
        kind, welcome = self.next_frame()
        assert kind == WELCOME, "the first frame was no welcome"
        self.version, self.epoch, self.last, self.oldest, self.answers_kept = welcome

    def fileno(self):
        return self.line.fileno()

    def close(self):
        self.line.close()

    # ---- Hearing ----

    def next_frame(self, timeout=None):
        """(kind, decoded body), or Ended; TimeoutError where nothing comes."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            found = self.take_frame()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the venue said nothing")
            self.line.settimeout(left)
            self.receive()

    def heard(self):
        """The frames that are here already; does not wait. Ended comes after the last one."""
        frames = []
        self.line.setblocking(False)
        ended = None
        try:
            self.receive()
        except BlockingIOError:
            pass
        except Ended as end:
            ended = end
        try:
            while found := self.take_frame():
                frames.append(found)
        except Ended as end:
            ended = end
        return frames, ended

    def receive(self):
        try:
            data = self.line.recv(1 << 18)
        except (ConnectionError, BrokenPipeError) as error:
            raise Ended(str(error)) from None
        if not data:
            raise Ended("closed")
        self.buffer += data

    def take_frame(self):
        if len(self.buffer) < FRAME_HEAD.size:
            return None
        length, kind = FRAME_HEAD.unpack_from(self.buffer)
        assert length <= BODY_BYTES_MAX, "a frame that cannot be"
        end = FRAME_HEAD.size + length
        if len(self.buffer) < end:
            return None
        body = bytes(self.buffer[FRAME_HEAD.size : end])
        del self.buffer[:end]
        return kind, self.decode(kind, body)

    @staticmethod
    def decode(kind, body):
        if kind == EVENT:
            return Told(EVENTS, body)
        if kind == ANSWER:
            return Told(ANSWERS, body)
        if kind == WELCOME:
            return WELCOME_BODY.unpack(body)
        if kind == REFUSED:
            return REFUSED_BODY.unpack(body)
        if kind == GOODBYE:
            _, reason = GOODBYE_BODY.unpack(body)
            raise Ended("goodbye", GOODBYES[reason])
        assert kind == PONG, f"a frame of kind {kind}"
        return body

    # ---- Saying ----

    def send(self, data):
        """Waits for room, whatever hearing did to the socket; Ended where nobody is there."""
        self.line.settimeout(self.timeout)
        try:
            self.line.sendall(data)
        except (ConnectionError, BrokenPipeError) as error:
            raise Ended(str(error)) from None

    def carry_out(self, name, number=None, /, entries=(), **values):
        """Sends a command and waits for its `completed`. Other frames are left in `waiting`."""
        self.number = self.number + 1 if number is None else number
        wanted = self.number
        self.send(command(name, wanted, entries=entries, **values))
        return self.wait_for(
            lambda kind, told: kind == EVENT
            and told.name == "completed"
            and (told.account, told.session, told.client_sequence)
            == (self.account, self.session, wanted)
        )

    def ask(self, name, number=0, **values):
        """Sends a query and waits for its answer."""
        self.send(query(name, number, **values))
        return self.wait_for(lambda kind, told: kind == ANSWER and told.client_sequence == number)

    def ping(self, token=b"are you?"):
        self.send(frame(PING, token))
        return self.wait_for(lambda kind, body: kind == PONG and body == token)

    def wait_for(self, is_wanted):
        deadline = time.monotonic() + self.timeout
        while True:
            kind, body = self.next_frame(max(0.0, deadline - time.monotonic()))
            if is_wanted(kind, body):
                return body
            self.waiting.append((kind, body))
