# A book as a client keeps it: a fold over the messages of a `book` channel, which says so where
# they cannot be. And the same book as `get_order_book` tells it.
import collections

from checks import need


class Book:
    """Follows `book.NAME.raw`, `.100ms` or `.agg2`: the first message is a snapshot, every other
    one names the one before. The last states are kept, each under its change_id."""

    KEPT = 512

    def __init__(self):
        self.sides = {"bids": {}, "asks": {}}
        self.change_id = None
        self.snapshots = 0
        self.changes = 0
        self.states = collections.OrderedDict()

    def take(self, data):
        if data["type"] == "snapshot":
            need(data.get("prev_change_id") is None, "a snapshot names a message before it")
            self.sides = {"bids": {}, "asks": {}}
            self.snapshots += 1
        else:
            need(data["type"] == "change", f"a message of type {data['type']}")
            need(self.change_id is not None, "a change before any snapshot")
            need(
                data["prev_change_id"] == self.change_id,
                f"after {self.change_id} comes one that follows {data['prev_change_id']}",
            )
            need(data["change_id"] > self.change_id, f"{data['change_id']} after {self.change_id}")
            self.changes += 1
        for side in ("bids", "asks"):
            for action, price, amount in data[side]:
                self.change(side, action, price, amount)
        self.change_id = data["change_id"]
        self.check()
        self.keep()

    def change(self, side, action, price, amount):
        levels = self.sides[side]
        if action == "delete":
            need(amount == 0, f"{price} is deleted with an amount of {amount}")
            need(levels.pop(price, None) is not None, f"{price} is deleted and was not there")
            return
        need(amount > 0, f"{action} at {price} with an amount of {amount}")
        if action == "new":
            need(price not in levels, f"{price} is new and was there")
        else:
            need(action == "change", f"an action {action}")
            need(price in levels, f"{price} changes and was not there")
        levels[price] = amount

    def check(self):
        bids, asks = self.sides["bids"], self.sides["asks"]
        need(not bids or not asks or max(bids) < min(asks), "bids are above asks")

    def keep(self):
        self.states[self.change_id] = self.levels()
        if len(self.states) > self.KEPT:
            self.states.popitem(last=False)

    def levels(self, depth=None):
        """Both sides from the best on, as get_order_book has them."""
        bids = sorted(self.sides["bids"].items(), reverse=True)[:depth]
        asks = sorted(self.sides["asks"].items())[:depth]
        return bids, asks


def told(answer):
    """The sides of an answer of get_order_book, or of a message of a channel of groups."""
    return [tuple(level) for level in answer["bids"]], [tuple(level) for level in answer["asks"]]


class Comparison:
    """Compares answers of get_order_book with a book that follows a channel: at the change_id of
    the answer, whether the channel came there before it or comes there after."""

    def __init__(self, book):
        self.book = book
        self.waiting = {}
        self.made = 0

    def take(self, data):
        """A message of the channel."""
        self.book.take(data)
        wanted = self.waiting.pop(self.book.change_id, None)
        if wanted is not None:
            self.compare(self.book.change_id, wanted)

    def answered(self, answer):
        """An answer of get_order_book, of all levels."""
        change_id, sides = answer["change_id"], told(answer)
        if change_id in self.book.states:
            self.compare(change_id, sides)
        elif self.book.change_id is None or change_id > self.book.change_id:
            self.waiting[change_id] = sides

    def compare(self, change_id, sides):
        need(
            self.book.states[change_id] == sides,
            f"at {change_id} the channel has {self.book.states[change_id]}, the book is {sides}",
        )
        self.made += 1
