# The sessions of the kill test: what each sends, what it knows of it, and what it asks after a
# start. A session outlives its connections: what was not answered goes out again under its number.
import collections

import native
from venue import check, market

DEPOSITED = 9  # an account that only ever receives deposits of one unit
FUNDS = 10**15
QUOTERS = (1, 2)  # accounts whose orders never trade, so that each one's fate is known
CROSSERS = (3, 4)
QUERY_NUMBERS = 10**12  # apart from those of commands

Answer = collections.namedtuple("Answer", "sequence result reject")
Sent = collections.namedtuple("Sent", "name fields bytes")


class Session:
    """Numbers, and what became of them. Subclasses say what is sent."""

    def __init__(self, number, account, door, random, totals):
        self.id, self.account, self.door = number, account, door
        self.random, self.totals = random, totals
        self.sent = {}
        self.answers = {}
        self.last = 0
        self.client = None

    # ---- A connection ----

    def begin(self, client):
        """All that may be asked again is asked again: what was answered too."""
        self.client = client
        self.place = (0, 0)
        self.outstanding = collections.deque()
        self.resent = set(range(max(1, self.last - client.answers_kept + 1), self.last + 1))
        self.questions = {}
        self.has_asked = False
        self.first_new = self.last + 1
        for number in sorted(self.resent):
            self.outstanding.append(number)
            client.send(self.sent[number].bytes)
        self.totals["resent"] += len(self.resent)

    def push(self):
        """Sends what may be sent now."""
        if self.outstanding and self.outstanding[0] < self.first_new:
            return
        if not self.has_begun():
            return
        if not self.has_asked:
            self.has_asked = True
            self.ask()
        while not self.questions and len(self.outstanding) < self.client.answers_kept:
            said = self.next_command()
            if said is None:
                return
            self.say(*said)

    def say(self, name, fields, entries=()):
        self.last += 1
        data = native.command(name, self.last, entries=entries, **fields)
        self.sent[self.last] = Sent(name, fields, data)
        self.outstanding.append(self.last)
        self.client.send(data)

    def hear(self, kind, body):
        if kind == native.ANSWER:
            judge = self.questions.pop(body.client_sequence)
            judge(body)
            self.totals["queries"] += 1
            return
        check(kind == native.EVENT, f"a frame of kind {kind}: {body}")
        check((body.sequence, body.ordinal) > self.place, f"told twice, or out of order: {body}")
        self.place = (body.sequence, body.ordinal)
        if body.name == "completed" and (body.account, body.session) == (self.account, self.id):
            self.take_answer(body)

    def is_settled(self):
        return not self.outstanding and not self.questions and self.has_asked

    # ---- Answers ----

    def take_answer(self, told):
        number = told.client_sequence
        check(self.outstanding and number == self.outstanding[0], f"not answered in turn: {told}")
        self.outstanding.popleft()
        answer = Answer(told.first or told.sequence, told.result, told.reject)
        known = self.answers.get(number)
        if known:
            check(told.first and answer == known, f"first {known}, then {told}")
            self.totals["answered again"] += 1
            return
        check(number in self.resent or not told.first, f"new, and answered before: {told}")
        self.totals["acknowledged"] += 1
        self.totals["done unheard"] += 1 if told.first else 0
        self.answers[number] = answer
        self.learn(self.sent[number], answer)

    # ---- What a kind of session does ----

    def next_command(self):
        return None

    def learn(self, sent, answer):
        pass

    def ask(self):
        pass

    def has_begun(self):
        """Whether it has an account. A command that nobody may send has no answer that is kept."""
        return self.account == native.OPERATOR or self.operator.has_made_market()

    def query(self, judge, name, **fields):
        number = QUERY_NUMBERS + len(self.questions)
        self.questions[number] = judge
        self.client.send(native.query(name, number, **fields))


class Operator(Session):
    """Makes the market, and opens the venue after each start."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        accounts = (*QUOTERS, *CROSSERS)
        self.script = collections.deque(market(accounts, FUNDS))
        self.script.appendleft(("open_account", {"owner": DEPOSITED, "opened": DEPOSITED}, ()))
        self.length = len(self.script)
        self.is_opening = False

    def has_made_market(self):
        return not self.script and len(self.answers) >= self.length

    def begin(self, client):
        super().begin(client)
        self.is_opening = True

    def next_command(self):
        if self.script:
            return self.script.popleft()
        if self.is_opening:
            self.is_opening = False
            return "set_venue_state", {"state": 0}, ()
        return None

    def learn(self, sent, answer):
        if sent.name == "set_venue_state" and answer.reject == 606:
            self.is_opening = True  # orders of ended sessions are still being canceled
        else:
            check(answer.reject == native.ACCEPTED, f"{sent.name} was refused: {answer}")


class Depositor(Session):
    """One unit at a time, so that the balance counts what was carried out."""

    accepted = 0

    def next_command(self):
        return "deposit", {"amount": 1, "receiver": DEPOSITED, "asset": 0}

    def learn(self, sent, answer):
        self.accepted += answer.reject == native.ACCEPTED


class Watcher(Session):
    """Asks for the balance that the depositors make."""

    depositors = ()

    def ask(self):
        at_least = sum(depositor.accepted for depositor in self.depositors)
        self.query(lambda told: self.judge(told, at_least), "query_account")

    def judge(self, told, at_least):
        accepted = sum(depositor.accepted for depositor in self.depositors)
        under_way = sum(len(depositor.outstanding) for depositor in self.depositors)
        check(told.name == "account_answer", f"the account was lost: {told}")
        balances = {asset: balance for balance, *_, asset in told.entries}
        balance = balances.get(0, 0)
        check(
            at_least <= balance <= accepted + under_way,
            f"balance {balance}; {at_least} to {accepted} deposits, {under_way} under way",
        )


class Quoter(Session):
    """Orders far from the market. The only session of its account: each order's fate is known."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.open = {}  # client order id: (price, quantity)
        self.closed = []  # (client order id, reason)
        self.asked = 0

    def next_command(self):
        chance = self.random.random()
        if chance < 0.005:
            return "mass_cancel", {}
        if self.open and (chance < 0.3 or len(self.open) > 300):
            return "cancel_by_client_id", {"client_order": self.random.choice(list(self.open))}
        if self.open and chance < 0.33:  # refused: the id is taken
            return self.order(self.random.choice(list(self.open)))
        self.asked += 1
        return self.order(self.asked)

    def order(self, client_order):
        fields = {"price": self.random.randint(20, 60), "quantity": self.random.randint(1, 9)}
        return "place_order", {**fields, "client_order": client_order}

    def learn(self, sent, answer):
        if answer.reject != native.ACCEPTED:
            return
        if sent.name == "place_order":
            check(sent.fields["client_order"] not in self.open, f"placed twice: {sent.fields}")
            order = (sent.fields["price"], sent.fields["quantity"])
            self.open[sent.fields["client_order"]] = order
        elif sent.name == "cancel_by_client_id":
            check(sent.fields["client_order"] in self.open, f"canceled twice: {sent.fields}")
            del self.open[sent.fields["client_order"]]
            self.closed.append((sent.fields["client_order"], 0))
        else:
            check(answer.result == len(self.open), f"{answer}; {len(self.open)} were open")
            self.closed += [(client_order, 1) for client_order in self.open]
            self.open.clear()

    def ask(self):
        some = self.random.sample(sorted(self.open), min(4, len(self.open)))
        for client_order in some:
            price, quantity = self.open[client_order]
            wanted = {"state": 0, "price": price, "left": quantity, "filled": 0, "reason": 0}
            self.ask_order(client_order, wanted)
        for client_order, reason in dict(self.closed[-4:]).items():  # an id's last order
            if client_order not in self.open:
                self.ask_order(client_order, {"state": 2, "filled": 0, "reason": reason})

    def ask_order(self, client_order, wanted):
        def judge(told):
            check(told.name == "order_answer", f"order {client_order} was lost: {told}")
            got = {name: told.fields[name] for name in wanted}
            check(got == wanted, f"order {client_order}: {got}, not {wanted}")

        self.query(judge, "query_order", client_order=client_order)


class Crosser(Session):
    """Trades with the other one; asks for its orders to be canceled when it is gone."""

    def begin(self, client):
        super().begin(client)
        self.has_said_hello = False

    def next_command(self):
        if not self.has_said_hello:
            self.has_said_hello = True
            return "set_session", {"cancel_on_disconnect": int(self.account == CROSSERS[0])}
        if self.random.random() < 0.02:
            return "mass_cancel", {"only_session": self.id, "filters": 1}
        return "place_order", {
            "price": self.random.randint(98, 102),
            "quantity": self.random.randint(1, 5),
            "side": self.random.randint(0, 1),
            "time_in_force": self.random.choice((0, 0, 3)),
        }


class Monitor:
    """The operator's feed of everything: without a gap and without a repeat, also over
    reconnections; and over starts, where the venue can still go on from there."""

    id, account = 51, native.OPERATOR

    def __init__(self, totals):
        self.totals = totals
        self.client = None
        self.heard = None  # (sequence, ordinal, whether that completed the command)

    def connect(self, address):
        after = None
        if self.heard:
            sequence, ordinal, is_whole = self.heard
            after = (sequence, native.ALL_OF_A_COMMAND if is_whole else ordinal)
        try:
            self.client = self.dial(address, after)
            self.totals["feeds resumed"] += 1 if after else 0
        except native.Ended as ended:
            check(ended.goodbye == "resume_too_old", f"the feed after {after}: {ended}")
            self.client = self.dial(address, None)
            self.heard = None
        if self.heard is None:
            self.heard = (self.client.last, 0, True)

    def dial(self, address, after):
        return native.Client(address, self.account, self.id, native.EVERYTHING, after)

    def hear(self, kind, told):
        check(kind == native.EVENT, f"a frame of kind {kind}: {told}")
        sequence, ordinal, is_whole = self.heard
        wanted = (sequence + 1, 0) if is_whole else (sequence, ordinal + 1)
        check((told.sequence, told.ordinal) == wanted, f"{wanted} should come, not {told}")
        self.heard = (told.sequence, told.ordinal, told.name == "completed")
        self.totals["events"] += 1


def make_sessions(random, totals):
    operator = Operator(1, native.OPERATOR, "unix", random, totals)
    depositors = [Depositor(11 + at, native.OPERATOR, "unix", random, totals) for at in range(2)]
    watcher = Watcher(41, DEPOSITED, "tcp", random, totals)
    watcher.depositors = depositors
    quoters = [Quoter(20 + account, account, "tcp", random, totals) for account in QUOTERS]
    crossers = [Crosser(30 + account, account, "tcp", random, totals) for account in CROSSERS]
    sessions = [operator, *depositors, watcher, *quoters, *crossers]
    for session in sessions:
        session.operator = operator
    return sessions
