# Books that clients keep while others trade: raw, in intervals and in groups, held against each
# other and against `get_order_book`.
import itertools
import time


from books import Book, Comparison, told
from checks import need
from crowd import Crowd
from front_door import PERPETUAL, TICK, Set, run_tests

DEADLINE = 60.0  # of what takes seconds where the machine is not busy
CHANGES = 1500
COMPARISONS = 150
CHANNEL = f"book.{PERPETUAL}"


def until(session, is_done, crowd, what):
    """Hears, and asks for the whole book again and again, until something is so."""
    deadline = time.monotonic() + DEADLINE
    while not is_done():
        need(time.monotonic() < deadline, f"not within {DEADLINE} s: {what()}")
        crowd.check()
        yield session.call("public/get_order_book", instrument_name=PERPETUAL, depth=10000)


def a_raw_book_never_gaps_and_is_the_book_at_every_change(door):
    session = door.session("dan")
    book = Book()
    comparison = Comparison(book)
    with Crowd(door, seed=1) as crowd:
        accepted = session.subscribe(f"{CHANNEL}.raw", handler=comparison.take)
        need(accepted == [f"{CHANNEL}.raw"], f"{accepted}")
        is_done = lambda: comparison.made >= COMPARISONS and book.changes >= CHANGES
        what = lambda: f"{book.changes} changes, {comparison.made} comparisons"
        for answer in until(session, is_done, crowd, what):
            comparison.answered(answer)
        crowd.stop()
        trades = sum(trader.trades for trader in crowd.traders)
        need(trades > 0, "nobody traded: this book was too quiet to tell anything")
    settle(session, [book])
    need(book.snapshots == 1, f"{book.snapshots} snapshots")


def settle(session, books):
    """Nobody trades any more: every channel comes to the book as it stands."""
    answer = session.call("public/get_order_book", instrument_name=PERPETUAL, depth=10000)
    for book in books:
        session.wait(lambda: book.change_id == answer["change_id"], f"{answer['change_id']}")
        need(book.levels() == told(answer), f"at the end {book.levels()}, not {told(answer)}")


def every_subscription_begins_with_a_snapshot(door):
    session = door.session("dan")
    book = Book()
    channel = f"{CHANNEL}.raw"
    with Crowd(door, seed=11) as crowd:
        for snapshots in range(1, 9):
            session.subscribe(channel, handler=book.take)
            changes = book.changes + 20
            is_done = lambda: book.snapshots == snapshots and book.changes >= changes
            for _ in until(session, is_done, crowd, lambda: f"{book.snapshots} snapshots"):
                pass
            need(session.call("public/unsubscribe", channels=[channel]) == [channel], "no channel")
            heard = book.changes
            session.call("public/test")
            need(book.changes == heard, "a message after the answer to unsubscribe")


def a_second_subscription_is_answered_and_begins_anew(door):
    session = door.session("dan")
    book = Book()
    channel = f"{CHANNEL}.raw"
    with Crowd(door, seed=21) as crowd:
        for snapshots in (1, 2, 3):
            need(session.subscribe(channel, handler=book.take) == [channel], "not accepted again")
            is_done = lambda: book.snapshots == snapshots
            for _ in until(session, is_done, crowd, lambda: f"{book.snapshots} snapshots"):
                pass
    settle(session, [book])


def intervals_follow_without_a_gap_and_no_faster_than_they_say(door):
    session = door.session()
    books = {"100ms": Book(), "agg2": Book()}
    begun = time.monotonic()
    with Crowd(door, seed=31) as crowd:
        for interval, book in books.items():
            session.subscribe(f"{CHANNEL}.{interval}", handler=book.take)
        is_done = lambda: books["100ms"].changes >= 20 and books["agg2"].changes >= 2
        for _ in until(session, is_done, crowd, lambda: f"{books['100ms'].changes} changes"):
            session.listen(0.02)
        seconds = time.monotonic() - begun
        need(books["100ms"].changes <= seconds * 10 + 2, f"{books['100ms'].changes} in {seconds} s")
        need(books["agg2"].changes <= seconds * 2 + 2, f"{books['agg2'].changes} in {seconds} s")
    settle(session, books.values())


def nobody_hears_of_nothing_when_others_come_and_go(door):
    channel = f"trades.{PERPETUAL}.100ms"
    session, other = door.session(), door.session()
    heard = []
    with Crowd(door, seed=51) as crowd:
        session.subscribe(channel, handler=lambda trades: heard.append(len(trades)))
        for _ in until(session, lambda: len(heard) >= 15, crowd, lambda: f"{len(heard)} messages"):
            other.subscribe(channel)
            other.call("public/unsubscribe", channels=[channel])
            session.listen(0.01)
    need(0 not in heard, f"messages without a trade among {heard}")


def grouped(levels, step, is_bid):
    """Levels whose prices are taken to multiples of a step, away from the middle."""

    def step_of(level):
        below = level[0] // step * step
        return below if is_bid or below == level[0] else below + step

    return [
        (price, sum(amount for _, amount in members))
        for price, members in itertools.groupby(levels, step_of)
    ]


def groups_are_the_best_levels_of_the_book(door):
    session = door.session("dan")
    book = Book()
    book.KEPT = 4096
    wanted = {"none": None, "5": 5 * TICK, "25": 25 * TICK}
    waiting, made = [], dict.fromkeys(wanted, 0)

    def compare():
        for data, group, depth in waiting[:]:
            if data["change_id"] > book.change_id:
                continue
            waiting.remove((data, group, depth))
            bids, asks = book.states.get(data["change_id"], (None, None))
            if bids is None:
                continue
            if wanted[group]:
                bids = grouped(bids, wanted[group], True)
                asks = grouped(asks, wanted[group], False)
            here = bids[:depth], asks[:depth]
            need(told(data) == here, f"group {group}: {told(data)}, not {here}")
            made[group] += 1

    with Crowd(door, seed=41) as crowd:
        session.subscribe(f"{CHANNEL}.raw", handler=book.take)
        for group, depth in (("none", 20), ("5", 10), ("25", 1)):
            keep = lambda data, group=group, depth=depth: waiting.append((data, group, depth))
            session.subscribe(f"{CHANNEL}.{group}.{depth}.100ms", handler=keep)
        for _ in until(session, lambda: min(made.values()) >= 10, crowd, lambda: f"{made}"):
            session.listen(0.02)
            compare()


if __name__ == "__main__":
    run_tests(
        "Books that clients keep while others trade.",
        Set(
            [
                a_raw_book_never_gaps_and_is_the_book_at_every_change,
                every_subscription_begins_with_a_snapshot,
                a_second_subscription_is_answered_and_begins_anew,
                intervals_follow_without_a_gap_and_no_faster_than_they_say,
                nobody_hears_of_nothing_when_others_come_and_go,
                groups_are_the_best_levels_of_the_book,
            ]
        ),
    )
