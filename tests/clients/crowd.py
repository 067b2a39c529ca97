# Traders that keep a book moving: each on a thread and a connection of its own, with orders from a
# seed, several on their way at once.
import collections
import random
import threading

import front_door
import wire

ON_THE_WAY = 16
RESTING = 40
# What may happen to orders that others trade with meanwhile, or whose edit changes nothing.
EXPECTED = {10003, 10004, 10009, 10010, 11008, 11029, 11044}


class Trader:
    """Places, moves and cancels orders around the index, in its own words only."""

    def __init__(self, session, seed):
        self.session = session
        self.random = random.Random(seed)
        self.sent = collections.deque()
        self.resting = []
        self.trades = 0
        self.done = 0

    def step(self):
        self.sent.append(self.send())
        if len(self.sent) >= ON_THE_WAY:
            self.hear()

    def send(self):
        if len(self.resting) > RESTING or (self.resting and self.random.random() < 0.4):
            at = self.random.randrange(len(self.resting))
            order = self.resting.pop(at)
            if self.random.random() < 0.4:
                more = {"amount": self.amount(), "price": self.price()}
                return self.session.send("private/edit", {"order_id": order, **more})
            return self.session.send("private/cancel", {"order_id": order})
        side = self.random.choice(("buy", "sell"))
        order = {
            "instrument_name": front_door.PERPETUAL,
            "amount": self.amount(),
            "price": self.price(side),
            "type": "limit",
        }
        return self.session.send(f"private/{side}", order)

    def amount(self):
        return self.random.randint(1, 500) * front_door.LOT

    def price(self, side=None):
        """Around the index, mostly on the side's own half of it: some of it crosses."""
        away = self.random.randint(-8, 60)
        if side is None:
            away = self.random.choice((-1, 1)) * self.random.randint(0, 60)
        elif side == "buy":
            away = -away
        return front_door.INDEX + away * front_door.TICK

    def hear(self):
        try:
            result = self.session.answer(self.sent.popleft())
        except wire.Refused as refused:
            if refused.code not in EXPECTED:
                raise
            return
        finally:
            self.done += 1
        order = result.get("order", result)
        self.trades += len(result.get("trades", ()))
        if order["order_state"] == "open":
            self.resting.append(order["order_id"])

    def finish(self):
        while self.sent:
            self.hear()


class Crowd:
    """Trades while its block runs. What a trader stumbled over is raised at the end."""

    def __init__(self, door, names=("ada", "ben", "cleo"), seed=1):
        sessions = [door.session(name) for name in names]
        self.traders = [Trader(session, seed + at) for at, session in enumerate(sessions)]
        self.threads = [threading.Thread(target=self.run, args=(each,)) for each in self.traders]
        self.is_over = threading.Event()
        self.failures = []

    def run(self, trader):
        try:
            while not self.is_over.is_set():
                trader.step()
            trader.finish()
        except Exception as failure:  # raised where the block ends
            self.failures.append(failure)

    def check(self):
        if self.failures:
            raise self.failures[0]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.check()

    def __exit__(self, kind, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        for trader in self.traders:
            trader.session.close()
        if kind is None:
            self.check()
