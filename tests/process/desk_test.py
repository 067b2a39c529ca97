# A venue whose desk lists and marks: prices come in, instruments are listed and opened, quotes
# become surfaces and marks; and after a kill all goes on, with nothing listed twice.
import collections
import math
import time

import native
from venue import PATIENCE, Venue, check, run_tests

LISTING_SESSION, MARKS_SESSION = 71, 72
DESK = f"""
[listing]
refresh_seconds = 1
session = {LISTING_SESSION}
[[listing.underlying]]
name = "BTC_USDC"
futures = {{ weeklies = 1, monthlies = 0, quarterlies = 0 }}
options = {{ dailies = 0, weeklies = 2, monthlies = 0, quarterlies = 0 }}
strikes_aimed = 5
[marks]
interval_ms = 100
session = {MARKS_SESSION}
[[marks.underlying]]
name = "BTC_USDC"
fixed = {{ vol = {{fixed_vol}} }}
"""
FIXED_VOL = 600_000  # in millionths
QUOTED_VOL = 0.8
COIN = 1_000_000  # of an index
INDEX = 100_000
FUNDS = 10**13
PERPETUAL, FUTURE, CALL, PUT = range(4)
OPEN = 1
YEAR_NS = 365 * 86_400 * 10**9


class Board:
    """Everything that the venue ever told, over all its lives."""

    def __init__(self, venue):
        self.venue = venue
        self.client = None
        self.last = None  # place of the event heard last
        self.listed = {}  # instruments by their numbers
        self.states = {}
        self.marks = {}
        self.answered = collections.Counter()  # of the desk, that were carried out
        self.surfaces = self.installed = self.number = 0
        self.index = None

    def connect(self):
        self.client = native.Client(
            self.venue.unix, native.OPERATOR, 1, native.EVERYTHING, after=self.last
        )
        self.client.number = self.number

    def start(self):
        self.venue.start()
        self.connect()

    def kill(self):
        self.venue.kill()
        self.number = self.client.number
        for frame in self.client.waiting:
            self.hear(*frame)
        self.client.waiting.clear()
        frames, _ = self.client.heard()
        for frame in frames:
            self.hear(*frame)
        self.client.close()

    def hear(self, kind, told):
        if kind != native.EVENT:
            return
        self.last = (told.sequence, told.ordinal)
        if told.name == "instrument_listed":
            name = told.fields["name"].rstrip(b"\0").decode()
            check(name not in self.names(), f"{name} was listed twice")
            self.listed[told.instrument] = told
        elif told.name == "instrument_state_changed":
            self.states[told.instrument] = told.state
        elif told.name == "mark_changed":
            self.marks[told.instrument] = told.mark
        elif told.name == "index_changed":
            self.index = told.price
        self.surfaces += told.name == "surface_updated"
        self.installed += told.name == "marks_installed"
        if told.name == "completed" and told.session in (LISTING_SESSION, MARKS_SESSION):
            place = (told.session, told.client_sequence)
            self.answered[place] += told.first == 0
            times = self.answered[place]
            check(times == 1, f"{place} was carried out {times} times")

    def names(self):
        return {told.fields["name"].rstrip(b"\0").decode() for told in self.listed.values()}

    def options(self, expiry):
        return {number: told for number, told in self.listed.items()
                if told.kind in (CALL, PUT) and told.expiry == expiry}

    def last_expiry(self):
        return max((told.expiry for told in self.listed.values()), default=0)

    def wait_until(self, is_done, what):
        deadline = time.monotonic() + PATIENCE
        for frame in self.client.waiting:
            self.hear(*frame)
        self.client.waiting.clear()
        while not is_done():
            left = deadline - time.monotonic()
            check(left > 0, f"waited in vain until {what}:\n" + self.venue.log.text())
            try:
                self.hear(*self.client.next_frame(left))
            except TimeoutError:
                pass

    def carry_out(self, name, /, entries=(), **fields):
        done = self.client.carry_out(name, entries=entries, **fields)
        check(done.reject == native.ACCEPTED, f"{name} was refused with {done.reject}")

    # ---- What the operator does ----

    def set_up(self):
        self.carry_out("add_asset", name=b"USDC", decimals=6)
        self.carry_out("add_asset", name=b"BTC", decimals=8)
        self.carry_out("add_underlying", name=b"BTC_USDC", base=1, quote=0)
        for parameter, value in ((17, 2), (18, 86_400_000)):
            self.carry_out("set_parameter", underlying=0, parameter=parameter, value=value)
        for account in (1, 2):
            self.carry_out("open_account", owner=account, opened=account)
            self.carry_out("deposit", amount=FUNDS, receiver=account, asset=0)
        self.carry_out("set_venue_state", state=0)

    def send_prices(self, index):
        """What three sources say."""
        self.carry_out("update_index", underlying=0, entries=[
            (int((index + away) * COIN), 0, source, 1) for source, away in enumerate((-1, 0, 1))
        ])
        self.wait_until(lambda: self.index == index * COIN, f"the index is {index}")

    # ---- What should be there ----

    def is_complete(self):
        kinds = collections.Counter(told.kind for told in self.listed.values())
        calls, puts = kinds[CALL], kinds[PUT]
        expiries = {told.expiry for told in self.listed.values() if told.kind == CALL}
        return (kinds[PERPETUAL] == 1 and kinds[FUTURE] >= 1 and calls == puts
                and len(expiries) >= 2 and set(self.listed) == set(self.states))

    def are_marked(self, numbers, vol, now):
        """All marks are what Black's formula says, more or less."""
        for number in numbers:
            told = self.listed[number]
            mark = self.marks.get(number)
            worth = value_of(told, vol, now)
            if mark is None or abs(mark * told.tick / 10 / COIN - worth) > 10 + 0.02 * worth:
                return False
        return bool(numbers)

    def wait_for_more_marks(self, count=3):
        last = self.installed + count
        self.wait_until(lambda: self.installed >= last, f"marks were installed {count} times more")


def value_of(option, vol, now):
    """Black's formula, where the forward is the index."""
    strike = option.strike / COIN
    deviation = vol * math.sqrt((option.expiry - now) / YEAR_NS)
    above = math.log(INDEX / strike) / deviation + deviation / 2

    def normal(number):
        return math.erfc(-number / math.sqrt(2)) / 2

    call = INDEX * normal(above) - strike * normal(above - deviation)
    return call if option.kind == CALL else call - INDEX + strike


def quote(venue, board, expiry):
    """Bids and offers for each option of the expiry; some trade."""
    traders = [native.Client(venue.tcp, account, 5) for account in (1, 2)]
    now = time.time_ns()
    for number, option in board.options(expiry).items():
        ticks = value_of(option, QUOTED_VOL, now) * COIN / option.tick
        for side, price in ((0, math.floor(ticks * 0.99)), (1, math.ceil(ticks * 1.01) + 1)):
            if price > 0:
                done = traders[0].carry_out(
                    "place_order", price=price, quantity=5, instrument=number, side=side)
                check(done.reject == native.ACCEPTED, f"a quote was refused with {done.reject}")
    bought = min(board.options(expiry), key=lambda at: abs(board.listed[at].strike - INDEX * COIN))
    price = math.ceil(value_of(board.listed[bought], QUOTED_VOL, now) * COIN
                      / board.listed[bought].tick * 1.01) + 1
    done = traders[1].carry_out("place_order", price=price, quantity=1, instrument=bought)
    check(done.reject == native.ACCEPTED, f"an order was refused with {done.reject}")
    for trader in traders:
        trader.close()
    return bought


def listed_and_marked(miletus, folder, snapshots):
    desk = DESK.replace("{fixed_vol}", str(FIXED_VOL))
    with Venue(miletus, folder, desk, snapshots=snapshots) as venue:
        board = Board(venue)
        board.start()
        board.set_up()
        board.send_prices(INDEX)
        board.wait_until(lambda: board.listed, "something is listed")
        board.kill()  # in the middle of it

        board.start()
        board.carry_out("set_venue_state", state=0)
        board.wait_until(board.is_complete, "all is listed and open")
        check(set(board.states.values()) == {OPEN}, f"not all are open: {board.states}")
        expiry = board.last_expiry()
        options = board.options(expiry)
        board.wait_until(lambda: board.are_marked(options, FIXED_VOL / 1e6, time.time_ns()),
                         "the fixed surface is what marks come from")
        bought = quote(venue, board, expiry)
        board.wait_until(lambda: board.are_marked(options, QUOTED_VOL, time.time_ns()),
                         "quotes are what marks come from")
        check_position(venue, board, bought)
        board.wait_for_more_marks()
        names = board.names()
        board.kill()

        board.start()
        epoch = board.client.epoch
        board.wait_for_more_marks(4)  # some refreshes of the listings
        check(epoch == 3 and board.names() == names, f"listed anew: {board.names() - names}")
        check(board.are_marked(options, QUOTED_VOL, time.time_ns()), "the quotes were forgotten")
        board.send_prices(INDEX * 11 // 10)
        board.wait_until(lambda: board.names() > names, "strikes follow the index")
        check(board.surfaces >= board.installed, f"{board.surfaces}, {board.installed}")
        stop(venue, board)


def check_position(venue, board, bought):
    trader = native.Client(venue.tcp, 2, 6)
    positions = {entry[-1]: entry for entry in trader.ask("query_positions").entries}
    trader.close()
    lots, _, _, mark, *_ = positions[bought]
    check(lots == 1 and mark > 0, f"{lots} lots at a mark of {mark}")
    worth = value_of(board.listed[bought], QUOTED_VOL, time.time_ns())
    told = mark * board.listed[bought].tick / 10 / COIN
    check(abs(told - worth) < 10 + 0.02 * worth, f"a mark of {told}, not {worth}")


def stop(venue, board):
    code = venue.stop()
    check(code == 0, f"exit {code}:\n" + venue.log.text())
    marked = venue.log.find("marked")
    check(marked and int(marked[0]["installed"]) > 0, venue.log.text())
    venue.check_journal()
    sent = collections.Counter(
        command["session"] for command in venue.dump().values()
        if command["session"] and command["session"][0] in (LISTING_SESSION, MARKS_SESSION))
    twice = [place for place, times in sent.items() if times != 1]
    check(not twice, f"sent twice: {twice}")
    check(set(board.answered) <= set(sent), "an answer to what was never sent")


# ---- The tests ----

def from_the_log_all_goes_on_after_a_kill(miletus, folder):
    listed_and_marked(miletus, folder, snapshots=0)


def from_a_snapshot_all_goes_on_after_a_kill(miletus, folder):
    listed_and_marked(miletus, folder, snapshots=20)


def a_venue_without_a_desk_lists_nothing(miletus, folder):
    with Venue(miletus, folder) as venue:
        board = Board(venue)
        board.start()
        board.set_up()
        board.send_prices(INDEX)
        board.carry_out("update_index", underlying=0, entries=[(INDEX * COIN, 0, 0, 1)])
        check(not board.listed and not board.surfaces, "somebody listed or marked")
        check(venue.stop() == 0, venue.log.text())
        check(not venue.log.find("marked"), venue.log.text())


TESTS = (
    from_the_log_all_goes_on_after_a_kill,
    from_a_snapshot_all_goes_on_after_a_kill,
    a_venue_without_a_desk_lists_nothing,
)

if __name__ == "__main__":
    run_tests("The desk of a venue: listings, surfaces and marks, over kills.", TESTS)
