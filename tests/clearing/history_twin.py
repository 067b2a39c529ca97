# The twin of whole histories: it reads what a stream of commands did, as the program `history`
# prints it, and works out from the rules of docs/definitions.md what that comes to: positions and
# their exact cost, results, funding, fees, settled sessions, deliveries, balances, and at every
# checkpoint what each account is worth and needs. Prices are given, and so is when something
# happened; how much is not. It shares nothing with the engine that it judges.
#
# usage: /usr/bin/python3 tests/clearing/history_twin.py build/release/bin/history [KIND SEED]
import math
import subprocess
import sys
from collections import Counter, defaultdict, deque
from fractions import Fraction

from standard_twin import MILLION, Expiry, Future, Leg

COMMANDS = 10_000
SEEDS = (("market", 1), ("market", 2), ("market", 3), ("market", 4), ("stream", 5), ("stream", 8))
OPERATOR = 0
MOST_COLLATERAL = 2**56  # what one asset counts for, at most

# What a parameter is until it is set.
FIRST = {
    "future_initial": 20_000,
    "future_maintenance": 10_000,
    "future_slope": 50,
    "option_initial": 150_000,
    "option_initial_floor": 100_000,
    "option_maintenance": 75_000,
    "collateral_haircut": 50_000,
    "maker_fee": 0,
    "taker_fee": 500,
    "option_fee": 300,
    "option_fee_cap": 125_000,
    "future_delivery_fee": 250,
    "option_delivery_fee": 150,
    "future_liquidation_fee": 5000,
    "option_liquidation_fee": 2000,
    "funding_damp": 250,
    "funding_cap": 5000,
}

# What no history may be without.
NAMES = (
    "trade",
    "premium",
    "session_settled",
    "future_delivered",
    "option_delivered",
    "liquidation_step",
    "position_reassigned",
    "funding_changed",
    "margin_answer",
    "reduction",
    "overlap",
)


class Wrong(Exception):
    """Where the engine and its twin part."""


def expect(told, found, what):
    if told != found:
        raise Wrong(f"{what}: the engine has {told}, the twin {found}")


class Told:
    """A line of a history."""

    def __init__(self, line):
        self.name, *fields = line.split(" ")
        self.fields = dict(field.split("=", 1) for field in fields)

    def __getattr__(self, name):
        value = self.fields[name]
        return int(value) if value.lstrip("-").isdigit() else value


class Instrument:
    def __init__(self, told, venue):
        self.number = told.instrument
        self.kind = told.kind
        self.underlying = told.underlying
        self.expiry = told.expiry
        self.strike = told.strike
        tick, self.lot = (int(number) for number in told.terms.split("/"))
        self.base, self.quote = venue.underlyings[told.underlying]
        self.coin = 10 ** venue.decimals[self.base]
        self.unit = 10 ** venue.decimals[self.quote]
        self.tick_value = self.exact(tick)
        self.mark = 0  # in tenths of a tick
        self.funding = 0
        self.frozen_index = None  # once it is paid out
        self.delivery = None

    def exact(self, price):
        """What a lot is worth at a price in millionths."""
        return Fraction(price * self.lot * self.unit, MILLION * self.coin)

    @property
    def is_option(self):
        return self.kind in ("call", "put")

    @property
    def mark_value(self):
        return whole(self.tick_value * self.mark / 10)


def whole(number):
    assert Fraction(number).denominator == 1, number
    return int(number)


class Position:
    def __init__(self):
        self.lots = 0
        self.cost = 0
        self.charged = 0  # the funding that was paid up to

    def turn(self, lots, value):
        """Takes lots, sold ones below zero, for what they are worth; returns what closing brought:
        shares of value and cost are rounded down."""
        if self.lots * lots >= 0:
            self.lots += lots
            self.cost += value
            return 0
        closed = min(abs(lots), abs(self.lots))
        value_share = math.floor(Fraction(value * closed, abs(lots)))
        cost_share = math.floor(Fraction(self.cost * closed, abs(self.lots)))
        self.cost += value - value_share - cost_share
        self.lots += lots
        return -value_share - cost_share


class OrderFees:
    """All fills of an order owe together what is rounded up once."""

    def __init__(self):
        self.owed = Fraction(0)
        self.paid = 0

    def fee(self, owed):
        self.owed += owed
        fee = math.ceil(self.owed) - self.paid
        self.paid += fee
        return fee


class Fill:
    def __init__(self, trade, instrument, takes):
        buys = (trade.taker_side == "buy") == takes
        self.account = trade.taker_account if takes else trade.maker_account
        self.order = trade.taker if takes else trade.maker
        self.instrument = instrument
        self.takes = takes
        self.lots = trade.quantity if buys else -trade.quantity
        self.value = whole(instrument.tick_value * trade.price) * self.lots


class Venue:
    def __init__(self):
        self.decimals = []
        self.underlyings = []
        self.instruments = {}
        self.parameters = defaultdict(lambda: dict(FIRST))
        self.indices = {}
        self.owners = {}
        self.balances = defaultdict(int)
        self.sessions = defaultdict(int)
        self.positions = defaultdict(Position)  # by account and instrument
        self.orders = {}  # those that rest: account, instrument, side, lots
        self.reducing = set()  # those that may only reduce a position
        self.fees = defaultdict(OrderFees)
        self.fills = deque()  # that trades told, and positions did not yet
        self.reassigned = deque()
        self.delivered = None
        self.fund = OPERATOR
        self.insured = 0  # what the insurance fund and the others changed, together
        self.fund_before = 0
        self.slice = None  # of a liquidation: account, instrument, lots that were closed
        self.taken_over = None  # the account whose positions others were given
        self.asked = None
        self.command = None
        self.seen = Counter()

    # ---- What the rules say ----

    def rate(self, instrument, name):
        return self.parameters[instrument.underlying][name]

    def index_value(self, instrument):
        if instrument.frozen_index is not None:
            return instrument.frozen_index
        return math.floor(instrument.exact(self.indices.get(instrument.underlying, 0)))

    def fee_of(self, fill):
        """Exactly, of one fill."""
        instrument = fill.instrument
        traded = abs(fill.value)
        if instrument.is_option:
            index = self.index_value(instrument) * abs(fill.lots)
            by_index = index * self.rate(instrument, "option_fee")
            return Fraction(
                min(by_index, traded * self.rate(instrument, "option_fee_cap")), MILLION
            )
        taker = self.rate(instrument, "taker_fee")
        maker = max(self.rate(instrument, "maker_fee"), -taker)
        return Fraction(traded * (taker if fill.takes else maker), MILLION)

    def delivery_fee(self, instrument, lots, payoff):
        paid = abs(lots * payoff)
        if not instrument.is_option:
            return math.ceil(Fraction(paid * self.rate(instrument, "future_delivery_fee"), MILLION))
        by_index = self.index_value(instrument) * abs(lots)
        fee = min(
            by_index * self.rate(instrument, "option_delivery_fee"),
            paid * self.rate(instrument, "option_fee_cap"),
        )
        return math.ceil(Fraction(fee, MILLION))

    def funding_rate(self, instrument, tick):
        """For eight hours, in billionths."""
        index = self.indices[instrument.underlying]
        premium = (Fraction(instrument.mark * tick, 10) - index) / index
        premium = math.floor(max(min(premium, 1), -1) * 10**9)
        damp = self.rate(instrument, "funding_damp") * 1000
        cap = self.rate(instrument, "funding_cap") * 1000
        return max(min(max(damp, premium) + min(-damp, premium), cap), -cap)

    def due(self, position, instrument):
        return position.lots * (instrument.funding - position.charged)

    # ---- What happened ----

    def read(self, told):
        self.seen[told.name] += 1
        handler = getattr(self, "on_" + told.name, None)
        if handler:
            handler(told)

    def on_asset_added(self, told):
        self.decimals.append(told.decimals)

    def on_underlying_added(self, told):
        self.underlyings.append((told.base, told.quote))

    def on_instrument_listed(self, told):
        instrument = Instrument(told, self)
        instrument.tick = int(told.terms.split("/")[0])
        self.instruments[told.instrument] = instrument

    def on_instrument_archived(self, told):
        del self.instruments[told.instrument]
        for key in [key for key in self.positions if key[1] == told.instrument]:
            expect(0, self.positions.pop(key).lots, f"{key} of an archived instrument")

    def on_account_opened(self, told):
        self.owners[told.account] = told.owner

    def on_parameter_changed(self, told):
        self.parameters[told.underlying][told.parameter] = told.value

    def on_index_changed(self, told):
        self.indices[told.underlying] = told.price

    def on_mark_changed(self, told):
        self.instruments[told.instrument].mark = told.mark

    def on_funding(self, told):
        self.instruments[told.instrument].funding = told.value

    def on_funding_changed(self, told):
        instrument = self.instruments[told.instrument]
        expect(told.index, instrument.funding, "funding")
        expect(told.rate, self.funding_rate(instrument, instrument.tick), "the rate of funding")

    # ---- Orders ----

    def on_order_accepted(self, told):
        if told.reduce_only:
            self.reducing.add(told.order)

    on_order_waits = on_order_accepted

    def on_order_rested(self, told):
        self.orders[told.order] = [told.account, told.instrument, told.side, told.quantity]

    def on_order_reduced(self, told):
        self.orders[told.order][3] = told.quantity

    def on_order_removed(self, told):
        del self.orders[told.order]

    def on_trade(self, told):
        instrument = self.instruments[told.instrument]
        self.fills.append(Fill(told, instrument, takes=False))
        self.fills.append(Fill(told, instrument, takes=True))
        if told.maker_left:
            self.orders[told.maker][3] = told.maker_left
        else:
            del self.orders[told.maker]

    # ---- Money ----

    def on_balance_changed(self, told):
        key = (told.account, told.asset)
        change = getattr(self, "change_by_" + told.reason)(told)
        expect(told.change, change, f"{told.reason} of account {told.account}")
        self.balances[key] += change
        expect(told.balance, self.balances[key], f"the balance {key}")

    def change_by_deposit(self, told):
        expect((self.asked.receiver, self.asked.asset), (told.account, told.asset), "a deposit")
        return self.asked.amount

    def change_by_withdrawal(self, told):
        expect((self.asked.payer, self.asked.asset), (told.account, told.asset), "a withdrawal")
        return -self.asked.amount

    def change_by_transfer(self, told):
        is_payer = told.account == self.asked.sender
        expect(is_payer or told.account == self.asked.receiver, True, "who is paid")
        return -self.asked.amount if is_payer else self.asked.amount

    def change_by_trade(self, told):
        """The premium of the fill, or of the reassignment, that is told next."""
        if self.reassigned:
            account, instrument, lots, value = self.reassigned[0]
        else:
            fill = self.fills[0]
            account, instrument, value = fill.account, fill.instrument, fill.value
        expect(told.account, account, "who pays a premium")
        expect(instrument.is_option, True, "that only options have premiums")
        self.seen["premium"] += 1
        return -value

    def change_by_settlement(self, told):
        return self.sessions.pop(told.account)

    def change_by_delivery(self, told):
        self.delivered = told.change
        return told.change  # judged with its position

    def change_by_insurance(self, told):
        """A fee of a liquidation, what others were asked too much by rounding, or what the fund
        pays for a loss: each is told of both sides."""
        self.insured += told.change
        if told.account == self.fund:
            self.fund_before = self.balances[self.fund, told.asset]
        elif told.change < 0 and told.account == self.taken_over:
            expect(told.change, -self.liquidation_value(told.account), "what rounding left over")
        elif told.change < 0:
            expect(told.change, -self.liquidation_fee(told.account), "the fee of a liquidation")
        else:
            missing = max(-self.liquidation_value(told.account), 0)
            paid = min(missing, max(self.fund_before, 0))
            expect(told.change, paid, "what the fund pays")
        return told.change

    def liquidation_fee(self, account):
        owner, instrument, lots = self.slice
        expect(account, owner, "whose liquidation it is")
        kind = "option" if instrument.is_option else "future"
        rate = self.rate(instrument, kind + "_liquidation_fee")
        fee = math.ceil(Fraction(self.index_value(instrument) * lots * rate, MILLION))
        return min(fee, self.liquidation_value(account))

    def on_liquidation_step(self, told):
        self.slice = [told.account, self.instruments[told.instrument], 0]

    # ---- Positions ----

    def on_result_booked(self, told):
        expect(told.reason, "funding", "the reason of a result")
        instrument = self.instruments[told.instrument]
        position = self.positions[told.account, told.instrument]
        due = self.due(position, instrument)
        expect(told.change, -due, f"funding of account {told.account}")
        position.charged = instrument.funding
        self.sessions[told.account] -= due
        expect(told.session, self.sessions[told.account], f"the session of {told.account}")

    def on_position_changed(self, told):
        instrument = self.instruments[told.instrument]
        position = self.positions[told.account, told.instrument]
        what = f"account {told.account} in {told.instrument} by {told.reason}: "
        expect(0, self.due(position, instrument), what + "funding that nobody charged")
        position.charged = instrument.funding
        realised, fee = getattr(self, "position_by_" + told.reason)(told, instrument, position)
        expect(told.realised, realised, what + "realised")
        expect(told.fee, fee, what + "fee")
        expect((told.lots, told.cost), (position.lots, position.cost), what + "lots and cost")
        self.balances[told.account, instrument.quote] -= fee
        self.balances[OPERATOR, instrument.quote] += fee

    def position_by_trade(self, told, instrument, position):
        fill = self.fills.popleft()
        key = (fill.account, fill.instrument.number)
        expect((told.account, told.instrument), key, "whose fill it is")
        if fill.order in self.reducing:
            closed = -fill.lots if position.lots > 0 else fill.lots
            expect(True, 0 < closed <= abs(position.lots), "that it reduces")
            self.seen["reduction"] += 1
        realised = position.turn(fill.lots, fill.value)
        if not instrument.is_option:
            self.sessions[told.account] += realised
        if self.slice and self.slice[:2] == [told.account, instrument]:
            self.slice[2] += abs(fill.lots)
        return realised, self.fees[fill.order].fee(self.fee_of(fill))

    def position_by_settlement(self, told, instrument, position):
        result = position.lots * instrument.mark_value - position.cost
        position.cost += result
        self.sessions[told.account] += result
        return result, 0

    def position_by_delivery(self, told, instrument, position):
        payoff = whole(instrument.tick_value * instrument.delivery / 10)
        lots, cost = position.lots, position.cost
        self.seen[("option" if instrument.is_option else "future") + "_delivered"] += bool(lots)
        position.lots = position.cost = 0
        paid = lots * payoff if instrument.is_option else lots * payoff - cost
        expect(self.delivered, paid, "what a delivery pays")
        return lots * payoff - cost, self.delivery_fee(instrument, lots, payoff)

    def position_by_reassignment(self, told, instrument, position):
        account, _, lots, value = self.reassigned.popleft()
        expect(told.account, account, "who is reassigned")
        realised = position.turn(lots, value)
        if not instrument.is_option:
            self.sessions[told.account] += realised
        return realised, 0

    def on_position_reassigned(self, told):
        instrument = self.instruments[told.instrument]
        self.taken_over = told.account
        value = whole(instrument.tick_value * told.price / 10) * told.lots
        sign = 1 if told.side == "buy" else -1
        self.reassigned.append((told.account, instrument, sign * told.lots, sign * value))
        self.reassigned.append((told.counterparty, instrument, -sign * told.lots, -sign * value))

    def on_delivery_price_set(self, told):
        instrument = self.instruments[told.instrument]
        instrument.frozen_index = self.index_value(instrument)
        instrument.delivery = told.price

    def on_completed(self, told):
        expect(0, len(self.fills) + len(self.reassigned), "fills that no position told")
        expect(0, self.insured, "what the insurance fund and the others changed")
        is_done = told.reject == "none" and told.first == 0
        if is_done and self.asked and self.asked.name == "set_insurance_account":
            self.fund = self.asked.fund
        self.slice = self.taken_over = None

    # ---- Checkpoints ----

    def on_account_answer(self, told):
        account = told.account
        for entry in told.entries:
            key = (account, entry.asset)
            what = f"asset {entry.asset} of account {account}: "
            expect(entry.balance, self.balances[key], what + "balance")
            session = self.sessions[account] if entry.asset == told.settlement else 0
            expect(entry.session, session, what + "session")
            worth = self.worth(entry.asset, told.settlement, self.balances[key])
            expect(entry.worth, worth, what + "what it counts for")
            if entry.asset == told.settlement:
                self.held = entry.held

    def worth(self, asset, settlement, amount):
        if asset == settlement:
            return amount
        priced = [at for at, (base, _) in enumerate(self.underlyings) if base == asset]
        if not priced or priced[0] not in self.indices:
            return 0
        kept = MILLION - self.parameters[priced[0]]["collateral_haircut"]
        quote = self.underlyings[priced[0]][1]
        price = Fraction(self.indices[priced[0]] * 10 ** self.decimals[quote], MILLION)
        return min(
            math.floor(amount * kept // MILLION * price / 10 ** self.decimals[asset]),
            MOST_COLLATERAL,
        )

    def positions_of(self, account):
        for (owner, number), position in self.positions.items():
            if owner == account:
                yield number, position

    def on_positions_answer(self, told):
        held = {number: each for number, each in self.positions_of(told.account) if each.lots}
        expect({entry.instrument for entry in told.entries}, set(held), "what is held")
        for entry in told.entries:
            instrument, position = self.instruments[entry.instrument], held[entry.instrument]
            what = f"account {told.account} in {entry.instrument}: "
            expect((entry.lots, entry.cost), (position.lots, position.cost), what + "position")
            expect(entry.mark, instrument.mark, what + "mark")
            worth = position.lots * instrument.mark_value - position.cost
            expect(entry.unrealised, worth - self.due(position, instrument), what + "unrealised")
            needed = self.alone_needs(told.account, instrument, position.lots)
            expect([entry.initial, entry.maintenance], list(needed), what + "margin by itself")

    def equity(self, account):
        """Cash, the session's result, what futures are worth, other assets."""
        session, unrealised = self.sessions[account], 0
        for number, position in self.positions_of(account):
            instrument = self.instruments[number]
            if not instrument.is_option:
                session -= self.due(position, instrument)
                unrealised += position.lots * instrument.mark_value - position.cost
        settlement = self.underlyings[0][1]
        collateral = sum(
            self.worth(asset, settlement, self.balances[account, asset])
            for asset in range(len(self.decimals))
            if asset != settlement
        )
        return self.balances[account, settlement], session, unrealised, collateral

    def liquidation_value(self, account):
        """What would be left if every position were closed at its mark."""
        options = sum(
            position.lots * self.instruments[number].mark_value
            for number, position in self.positions_of(account)
            if self.instruments[number].is_option
        )
        return sum(self.equity(account)) + options

    def open_of(self, account):
        """Lots of open orders by instrument: buys, sells. Those that may only reduce count for no
        more than is held."""
        lots = defaultdict(lambda: [0, 0])
        reducing = defaultdict(lambda: [0, 0])
        for order, (owner, number, side, left) in self.orders.items():
            if owner == account:
                (reducing if order in self.reducing else lots)[number][side == "sell"] += left
        for number, (buys, sells) in reducing.items():
            held = self.positions[account, number].lots
            lots[number][0] += min(buys, max(-held, 0))
            lots[number][1] += min(sells, max(held, 0))
            self.seen["overlap"] += max(buys, sells) > abs(held)
        return lots

    def others(self, account, number):
        """Lots of the owner's other accounts."""
        return sum(
            abs(self.positions[other, number].lots)
            for other, owner in self.owners.items()
            if owner == self.owners[account] and other != account
        )

    def future_needs(self, account, instrument, lots, buys, sells):
        notional = max(abs(instrument.mark_value), self.index_value(instrument))
        future = Future(
            notional=notional,
            lot=instrument.lot,
            coin=instrument.coin,
            worst=max(lots + buys, sells - lots),
            others=self.others(account, instrument.number) * instrument.lot,
            initial=self.rate(instrument, "future_initial"),
            maintenance=self.rate(instrument, "future_maintenance"),
            slope=self.rate(instrument, "future_slope"),
        )
        return future.requirement()

    def expiry_needs(self, members):
        first = members[0][0]
        expiry = Expiry(
            base_decimals=self.decimals[first.base],
            quote_decimals=self.decimals[first.quote],
            index=self.indices.get(first.underlying, 0),
            rates=[
                self.rate(first, name)
                for name in ("option_initial", "option_initial_floor", "option_maintenance")
            ],
            legs=[
                Leg(
                    is_put=instrument.kind == "put",
                    strike=instrument.strike,
                    lot=instrument.lot,
                    mark=instrument.mark_value,
                    lots=lots,
                    sells=sells,
                )
                for instrument, lots, sells in members
            ],
        )
        return expiry.requirement()

    def alone_needs(self, account, instrument, lots):
        if instrument.is_option:
            return self.expiry_needs([(instrument, lots, 0)])
        return self.future_needs(account, instrument, lots, 0, 0)

    def needs(self, account):
        """Initial and maintenance margin of futures, then of options."""
        opened = self.open_of(account)
        futures, options = [0, 0], [0, 0]
        expiries = defaultdict(list)
        numbers = {number for number, position in self.positions_of(account)} | set(opened)
        for number in sorted(numbers):
            instrument = self.instruments[number]
            lots = self.positions[account, number].lots
            buys, sells = opened[number]
            if instrument.is_option:
                if lots or sells:
                    expiries[instrument.underlying, instrument.expiry].append(
                        (instrument, lots, sells)
                    )
            elif lots or buys or sells:
                needed = self.future_needs(account, instrument, lots, buys, sells)
                futures = [a + b for a, b in zip(futures, needed)]
        for members in expiries.values():
            options = [a + b for a, b in zip(options, self.expiry_needs(members))]
        return futures, options

    def on_orders_answer(self, told):
        lots = defaultdict(lambda: [0, 0])
        for entry in told.entries:
            if entry.state == "open":  # those that wait for a price count for no margin
                lots[entry.instrument][entry.side == "sell"] += entry.left
        self.listed_orders = lots

    def on_margin_answer(self, told):
        account = told.account
        what = f"account {account}: "
        cash, session, unrealised, collateral = self.equity(account)
        expect(told.cash, cash, what + "cash")
        expect(told.session_result, session, what + "result of the session")
        expect(told.unrealised, unrealised, what + "unrealised")
        expect(told.collateral, collateral, what + "collateral")
        expect(told.equity, cash + session + unrealised + collateral, what + "equity")
        expect(told.held, self.held, what + "held")
        futures, options = self.needs(account)
        expect(told.initial_futures, futures[0], what + "initial margin of futures")
        expect(told.initial_options, options[0], what + "initial margin of options")
        expect(told.initial, futures[0] + options[0] + self.held, what + "initial margin")
        expect(told.maintenance, futures[1] + options[1], what + "maintenance margin")


def read_history(venue, lines):
    """Each line as it comes; entries belong to the line above them."""
    told = None
    for line in lines:
        if not line.endswith("\n"):
            return  # the program ended in the middle of it
        line = line.rstrip("\n")
        if line.startswith(" "):
            told.entries.append(Told("entry" + line))
            continue
        if told is not None:
            venue.read(told)
        told = Told(line)
        told.entries = []
        if told.name == "command":
            venue.command = told.sequence
            venue.asked = None
        elif "sender" in told.fields:
            venue.asked = told
    if told is not None:
        venue.read(told)


def check(program, kind, seed):
    venue = Venue()
    with subprocess.Popen(
        [program, kind, str(seed), str(COMMANDS)], stdout=subprocess.PIPE, text=True
    ) as history:
        try:
            read_history(venue, history.stdout)
        except Wrong as wrong:
            history.kill()
            raise Wrong(f"{kind} {seed}, command {venue.command}: {wrong}") from None
    if history.returncode != 0:
        raise Wrong(f"{kind} {seed}: the program ended with {history.returncode}")
    return venue.seen


def main():
    program, *chosen = sys.argv[1:]
    seen = Counter()
    for kind, seed in [tuple(chosen)] if chosen else SEEDS:
        seen += check(program, kind, seed)
    for name in NAMES:
        print(f"{name} {seen[name]}")
        if not chosen:
            expect(True, seen[name] > 0, f"that histories have any {name}")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(str(wrong))
