# What a careful client of its own does, in Python's standard library: signs, logs in, trades,
# follows its orders, loses connections and finds everything again.
import ssl
import threading
import time

import wire
from checks import Wrong, need, refusal_of
from front_door import INDEX, LOT, PERPETUAL, TICK, Set, run_tests
from wire import authorization, to_json

HEARTBEAT = 10  # seconds: the shortest that may be asked for
ORDER = {"instrument_name": PERPETUAL, "amount": 10 * LOT, "type": "limit"}
CHANGES = f"user.changes.{PERPETUAL}.raw"
BELOW = INDEX - 200 * TICK  # where no order of these tests trades


def clear(session):
    session.call("private/cancel_all")


def signatures_are_those_of_the_documentation(_):
    got = wire.digest("ABCD", "1554883365000\nfdbmmz79\n")
    need(got == "e20c9cd5639d41f8bbc88f4d699c4baf94a4f0ee320e9a116b72743c449eb994", got)


def signed_requests_are_let_in_whatever_the_order_of_their_words(door):
    http, key = door.http("ada"), door.keys["ada"]
    http.get("private/cancel_all")
    target = f"/api/v2/private/buy?{wire.query_of({**ORDER, 'price': BELOW, 'label': 'a+b %/ü'})}"
    for order in ("id ts sig nonce", "nonce sig ts id", "sig id nonce ts"):
        for comma in (",", ", "):
            header = authorization(key, "GET", target, order=order).replace(",", comma)
            status, _, body = http.raw("GET", target, headers={"Authorization": header})
            need(status == 200, f"{status}: {body}")
            need(wire.from_json(body)["result"]["order"]["label"] == "a+b %/ü", f"{body}")
    need(http.get("private/cancel_all") == 6, "other than six orders came of six requests")


def a_posted_body_is_signed_and_read_as_json(door):
    http = door.http("ada")
    order = http.post("private/buy", **ORDER, price=BELOW, label="posted")["order"]
    need((order["amount"], order["label"]) == (10 * LOT, "posted"), f"{order}")
    body = to_json({"jsonrpc": "2.0", "id": "x", "method": "private/get_order_state",
                    "params": {"order_id": order["order_id"]}})
    envelope = http.ask("POST", "/api/v2", body)
    need(envelope["id"] == "x", f"{envelope}")
    need(envelope["usOut"] >= envelope["usIn"] > 10**15, f"{envelope}")
    need(envelope["usDiff"] == int(envelope["usOut"]) - int(envelope["usIn"]), f"{envelope}")
    canceled = http.post("private/cancel", order_id=order["order_id"])
    need(canceled["order_state"] == "cancelled", f"{canceled}")


def ids_come_back_as_they_were_sent(door):
    session = door.session()
    for number in (0, 7, 2**53, 10**15, "", "seven", "ümlaut \" \\"):
        envelope = session.envelope(session.send("public/test", number=number))
        same = envelope["id"] == number and isinstance(envelope["id"], type(number))
        need(same, f"{number!r} came back as {envelope['id']!r}")


def a_token_serves_other_connections_where_it_may(door):
    http, key = door.http(), door.keys["ada"]
    given = http.get("public/auth", grant_type="client_credentials", client_id=key.id,
                     client_secret=key.secret, scope="session:python", state="x y")
    need(given["token_type"] == "bearer" and given["state"] == "x y", f"{given}")
    need(given["expires_in"] >= 600, f"{given}")
    bearer = door.http()
    bearer.token = given["access_token"]
    need(bearer.get("private/get_open_orders") == [], "open orders")
    session = door.session()
    held = session.call("private/get_positions", access_token=given["access_token"])
    need(isinstance(held, list), f"{held}")
    fresh = http.get("public/auth", grant_type="refresh_token",
                     refresh_token=given["refresh_token"])
    need(fresh["access_token"] != given["access_token"], "the old token once more")
    bearer.token = fresh["access_token"]
    need(bearer.get("private/get_open_orders") == [], "open orders")


def the_answer_to_subscribe_comes_before_its_first_message(door):
    session = door.session("ada")
    channels = ["user.portfolio.usdc", f"book.{PERPETUAL}.raw", f"ticker.{PERPETUAL}.100ms"]
    for channel in channels:
        number = session.send("private/subscribe", {"channels": [channel]})
        first = wire.from_json(session.socket.receive())
        need(first.get("id") == number and first["result"] == [channel], f"{first}")
        session.next(channel)


def states_of(told):
    """What became of one order, as user.changes told it."""
    return [order["order_state"] for order in told["orders"]]


def an_order_is_placed_edited_filled_and_told_of(door):
    ada, ben = door.session("ada"), door.session("ben")
    clear(ada)
    need(ada.subscribe(CHANGES, scope="private") == [CHANGES], "user.changes was not accepted")
    placed = ada.call("private/buy", **ORDER, price=INDEX, label="story")
    order = placed["order"]
    need(placed["trades"] == [] and order["order_state"] == "open", f"{placed}")
    mine = lambda told: any(each["order_id"] == order["order_id"] for each in told["orders"])
    need(states_of(ada.next(CHANGES, mine)) == ["open"], "the first change was not its opening")

    edited = ada.call("private/edit", order_id=order["order_id"], amount=6 * LOT,
                      price=INDEX + TICK)["order"]
    need((edited["amount"], edited["price"]) == (6 * LOT, INDEX + TICK), f"{edited}")
    need(edited["replaced"] is True, f"{edited}")
    told = ada.next(CHANGES, mine)
    need(told["orders"][0]["price"] == INDEX + TICK, f"{told}")

    taken = ben.call("private/sell", **{**ORDER, "amount": 4 * LOT}, price=INDEX)
    need([trade["price"] for trade in taken["trades"]] == [INDEX + TICK], f"{taken}")
    need(taken["order"]["order_state"] == "filled", f"{taken}")
    told = ada.next(CHANGES, mine)
    trade, left = told["trades"][0], told["orders"][0]
    need(trade["amount"] == 4 * LOT and trade["liquidity"] == "M", f"{trade}")
    need((left["filled_amount"], left["order_state"]) == (4 * LOT, "open"), f"{left}")
    need(told["positions"][0]["instrument_name"] == PERPETUAL, f"{told}")
    need(trade["trade_id"] == taken["trades"][0]["trade_id"], "two ids of one trade")

    canceled = ada.call("private/cancel", order_id=order["order_id"])
    need((canceled["order_state"], canceled["filled_amount"]) == ("cancelled", 4 * LOT), "cancel")
    need(states_of(ada.next(CHANGES, mine)) == ["cancelled"], "the last change was no cancel")
    need(canceled["cancel_reason"] == "user_request", f"{canceled}")

    by_order = ada.call("private/get_user_trades_by_order", order_id=order["order_id"])
    need([each["trade_id"] for each in by_order] == [trade["trade_id"]], f"{by_order}")
    again = refusal_of(ada.call, "private/cancel", order_id=order["order_id"])
    need(again.code in (10004, 10010, 11044), f"{again}")


def numbers_may_be_text_and_unknown_words_are_passed_over(door):
    session = door.session("ada")
    order = session.call("private/buy", instrument_name=PERPETUAL, amount="0.0010",
                         price=f"{BELOW}", type="limit", post_only="true", code="USDC",
                         include_old=True)["order"]
    need((order["amount"], order["post_only"]) == (10 * LOT, True), f"{order}")
    both = session.call("private/buy", **ORDER, price=BELOW, contracts=10)["order"]
    need((both["amount"], both["contracts"]) == (10 * LOT, 10), f"{both}")
    apart = refusal_of(session.call, "private/buy", **ORDER, price=BELOW, contracts=11)
    need(apart.code in (-32602, 10021), f"{apart}")
    clear(session)


# ---- Connections that end ----


def orders_go_with_their_connection_where_it_asked_for_that(door):
    watcher, stays = door.session("ada"), door.session("ada")
    clear(watcher)
    watcher.subscribe(CHANGES, scope="private")
    kept = stays.call("private/buy", **ORDER, price=BELOW, label="kept")["order"]["order_id"]
    goes = door.session("ada")
    need(goes.call("private/enable_cancel_on_disconnect", scope="connection") == "ok", "no ok")
    is_on = goes.call("private/get_cancel_on_disconnect", scope="connection")
    need(is_on == {"scope": "connection", "enabled": True}, f"{is_on}")
    lost = [goes.call("private/buy", **ORDER, price=BELOW - at)["order"]["order_id"]
            for at in range(3)]
    goes.close()
    gone = {}
    while set(gone) != set(lost):
        for order in watcher.next(CHANGES)["orders"]:
            if order["order_state"] == "cancelled":
                gone[order["order_id"]] = order.get("cancel_reason")
    need(set(gone.values()) == {"cancel_on_disconnect"}, f"{gone}")
    left = watcher.call("private/get_open_orders_by_instrument", instrument_name=PERPETUAL)
    need([order["order_id"] for order in left] == [kept], f"{left}")
    clear(watcher)


def logout_leaves_orders_where_they_are(door):
    goes = door.session("ada")
    goes.call("private/enable_cancel_on_disconnect", scope="connection")
    order = goes.call("private/buy", **ORDER, price=BELOW)["order"]["order_id"]
    goes.send("private/logout", {"invalidate_token": True})
    try:
        goes.listen(wire.PATIENCE)
        raise Wrong("a connection that logged out stays open")
    except wire.Gone:
        pass
    watcher = door.session("ada")
    state = watcher.call("private/get_order_state", order_id=order)
    need(state["order_state"] == "open", f"{state}")
    clear(watcher)


def with_tls_all_of_it_is_the_same(door):
    trusting = wire.trusting(door.certificate)
    session = wire.Session(door.tls, tls=trusting)
    session.log_in(door.keys["ada"])
    session.subscribe(CHANGES, scope="private")
    order = session.call("private/buy", **ORDER, price=BELOW)["order"]["order_id"]
    need(session.next(CHANGES)["orders"][0]["order_id"] == order, "another order")
    http = wire.Http(door.tls, key=door.keys["ada"], tls=trusting)
    need(http.get("private/cancel", order_id=order)["order_id"] == order, "another order")
    for address, context in ((door.tls, ssl.create_default_context()), (door.plain, trusting)):
        try:
            wire.Session(address, tls=context)
            raise Wrong("trusts a certificate that nobody vouches for")
        except (ssl.SSLError, ConnectionError, wire.Gone):
            pass
    need(b"version" in wire.Http(door.plain).raw("GET", "/api/v2/public/test")[2], "gone")


def over_http_there_is_nothing_to_disconnect(door):
    http = door.http("ada")
    for method in ("private/enable_cancel_on_disconnect", "private/get_cancel_on_disconnect"):
        need(refusal_of(http.get, method, scope="connection").code == 10030, method)
    for method in ("public/set_heartbeat", "public/subscribe"):
        refused = refusal_of(http.get, method, interval=10, channels='["platform_state"]')
        need(refused.code == 10030, f"{method}: {refused}")


def a_connection_that_comes_again_finds_its_orders(door):
    session = door.session("ada")
    clear(session)
    placed = {}
    for label in ("one", "two", "two"):
        order = session.call("private/buy", **ORDER, price=BELOW, label=label)["order"]
        placed.setdefault(label, []).append(order["order_id"])
    session.close()
    again = door.session("ada")
    for label, ids in placed.items():
        for method in ("get_open_orders_by_label", "get_order_state_by_label"):
            found = again.call(f"private/{method}", currency="USDC", label=label)
            need(sorted(order["order_id"] for order in found) == sorted(ids), f"{found}")
    for order in placed["one"] + placed["two"]:
        need(again.call("private/get_order_state", order_id=order)["order_id"] == order, order)
    need(again.call("private/cancel_by_label", label="two", currency="USDC") == 2, "not two")
    found = again.call("private/get_order_state_by_label", currency="USDC", label="two")
    need({order["order_state"] for order in found} == {"cancelled"}, f"{found}")
    clear(again)


def a_call_that_is_sent_again_is_done_once(door):
    def careful():
        session = door.session()
        session.log_in(door.keys["ada"], scope="session:careful")
        return session

    session = careful()
    clear(session)
    order = {**ORDER, "price": BELOW}
    first = session.call("private/buy", **order, client_sequence=1)["order"]["order_id"]
    session.send("private/buy", {**order, "client_sequence": 2})
    session.close()  # before the answer
    again = careful()
    told = again.call("private/buy", **order, client_sequence=1)["order"]["order_id"]
    need(told == first, f"{told}, not {first}")
    second = again.call("private/buy", **order, client_sequence=2)["order"]["order_id"]
    held = again.call("private/get_open_orders_by_instrument", instrument_name=PERPETUAL)
    ids = sorted(each["order_id"] for each in held)
    need(ids == sorted((first, second)), f"{ids}, not {first} and {second}")
    for _ in range(2):
        need(again.call("private/cancel_all", client_sequence=3) == 2, "other than two orders")
    alone = refusal_of(door.session("ada").call, "private/buy", **order, client_sequence=1)
    need(alone.code == -32602, f"{alone}")


# ---- Heartbeats ----


def heartbeats_are_kept_and_silence_is_the_end(door):
    """Both at once, since both take seconds: one connection answers, one does not and has an order
    that goes with it."""
    watcher = door.session("ada")
    clear(watcher)
    watcher.subscribe(CHANGES, scope="private")
    answers, silent = door.session("ada"), door.session("ada")
    silent.answers_tests = False
    silent.call("private/enable_cancel_on_disconnect", scope="connection")
    order = silent.call("private/buy", **ORDER, price=BELOW)["order"]["order_id"]
    short = refusal_of(silent.call, "public/set_heartbeat", interval=HEARTBEAT - 1)
    need(short.code in (-32602, 11050), f"{short}")
    for session in (answers, silent):
        need(session.call("public/set_heartbeat", interval=HEARTBEAT) == "ok", "no ok")
    ended = []
    listener = threading.Thread(target=listen_to_the_end, args=(silent, ended))
    listener.start()
    begun = time.monotonic()
    told = lambda: answers.test_requests >= 1 and answers.test_requests + answers.heartbeats >= 2
    answers.wait(told, "test_request and another heartbeat", 4 * HEARTBEAT)
    need(time.monotonic() - begun >= HEARTBEAT, "heartbeats come too often")
    listener.join(6 * HEARTBEAT)
    need(ended, "a connection that answers no test_request stays open")
    need(silent.test_requests >= 1, "the venue ended it without asking")
    need(answers.call("public/disable_heartbeat") == "ok", "the one that answers is gone too")
    gone = watcher.next(CHANGES, lambda told: states_of(told) == ["cancelled"])
    need(gone["orders"][0]["order_id"] == order, f"{gone}")
    need(gone["orders"][0]["cancel_reason"] == "cancel_on_disconnect", f"{gone}")


def listen_to_the_end(session, ended):
    try:
        session.listen(6 * HEARTBEAT)
    except wire.Gone as gone:
        ended.append(gone)


if __name__ == "__main__":
    run_tests(
        "A careful client, in Python's standard library.",
        Set(
            [
                signatures_are_those_of_the_documentation,
                signed_requests_are_let_in_whatever_the_order_of_their_words,
                a_posted_body_is_signed_and_read_as_json,
                ids_come_back_as_they_were_sent,
                a_token_serves_other_connections_where_it_may,
                the_answer_to_subscribe_comes_before_its_first_message,
                an_order_is_placed_edited_filled_and_told_of,
                numbers_may_be_text_and_unknown_words_are_passed_over,
                orders_go_with_their_connection_where_it_asked_for_that,
                logout_leaves_orders_where_they_are,
                with_tls_all_of_it_is_the_same,
            over_http_there_is_nothing_to_disconnect,
                a_connection_that_comes_again_finds_its_orders,
                a_call_that_is_sent_again_is_done_once,
            heartbeats_are_kept_and_silence_is_the_end,
            ]
        ),
    )
