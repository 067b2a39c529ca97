// Once everybody is known and everything has been as large as it gets, orders come and go and are
// told of without an allocation.
#include "base/allocations_test.hpp"
#include "edge/gateway/deribit/street_test.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace miletus::deribit {
namespace {

// The simulated sockets, whose own memory does not count.
class Uncounted final : public host::Network {
  public:
    explicit Uncounted(host::Network& sockets) : sockets_(sockets) {}

    [[nodiscard]] std::span<const host::ConnectionId> ready() override {
        const Aside aside;
        return sockets_.ready();
    }
    [[nodiscard]] std::optional<host::Arrival> accepted() override {
        const Aside aside;
        return sockets_.accepted();
    }
    [[nodiscard]] host::IoResult<host::ConnectionId> connect(const std::string& address) override {
        const Aside aside;
        return sockets_.connect(address);
    }
    [[nodiscard]] host::Transfer receive(host::ConnectionId connection,
                                         std::span<std::byte> room) override {
        const Aside aside;
        return sockets_.receive(connection, room);
    }
    [[nodiscard]] host::Transfer send(host::ConnectionId connection,
                                      std::span<const std::byte> bytes) override {
        const Aside aside;
        return sockets_.send(connection, bytes);
    }
    void finish(host::ConnectionId connection) override {
        const Aside aside;
        sockets_.finish(connection);
    }
    void close(host::ConnectionId connection) override {
        const Aside aside;
        sockets_.close(connection);
    }
    [[nodiscard]] std::uint64_t turned_away() const override { return sockets_.turned_away(); }

  private:
    struct Aside {
        Aside() = default;
        ~Aside() { allocations = before; }
        Aside(const Aside&) = delete;
        Aside& operator=(const Aside&) = delete;
        Allocations before = allocations;
    };
    host::Network& sockets_;
};

// Alice and Bob trade, and everybody is told.
class Bustle : public Street {
  protected:
    Bustle() : uncounted_(sockets()) {
        network = &uncounted_;
        rooms = {.trades = 64,
                 .trades_of_instrument = 64,
                 .candles = {.minutes = 16, .hours = 4, .days = 2},
                 .archived = 4,
                 .settlements = 8,
                 .delivery_prices = 8,
                 .funding_points = 16,
                 .index_minutes = 16,
                 .index_hours = 4};
        reopen();
        alice = open_websocket();
        bob = open_websocket();
        stranger = open_websocket();
        log_in(alice, people.alice);
        log_in(bob, people.bob);
        log_in(stranger, people.reader);
        call(alice, "private/subscribe",
             R"({"channels":["user.orders.any.any.raw","user.changes.BTC_USDC-PERPETUAL.raw",)"
             R"("user.trades.any.any.100ms"],"label":"mine"})");
        for (const Client client : {alice, bob, stranger}) {
            call(client, "private/subscribe",
                 R"({"channels":["book.BTC_USDC-PERPETUAL.raw","ticker.BTC_USDC-PERPETUAL.raw",)"
                 R"("book.BTC_USDC-PERPETUAL.100ms","book.BTC_USDC-PERPETUAL.none.10.100ms",)"
                 R"("incremental_ticker.BTC_USDC-PERPETUAL","quote.BTC_USDC-PERPETUAL",)"
                 R"("trades.BTC_USDC-PERPETUAL.raw","trades.any.any.100ms",)"
                 R"("chart.trades.BTC_USDC-PERPETUAL.1"]})");
        }
    }

    // One message, from its arrival until everybody was told.
    void ask(Client client, const std::string& method, const std::string& params) {
        send_text(client, R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":)" +
                              params + "}");
        const std::uint64_t before = made_;
        answer.clear();
        for (int tries = 0; answer.empty() && tries < 20; ++tries) {
            settle();
            for (const std::string& text : hear(client)) {
                ++told;
                answer = text.contains(R"("id":7)") ? text : answer;
            }
        }
        made[method] += made_ - before;
    }
    void ask_for_order(Client client, const std::string& method, const std::string& rest) {
        ask(client, method, R"({"instrument_name":"BTC_USDC-PERPETUAL",)" + rest + "}");
    }
    // Everybody at once, so that nothing has to be larger later.
    void crowd() {
        int price = 0;
        for (int count = 0; count < 40; ++count) {
            for (const Client client : {alice, bob, stranger}) {
                send_text(client, R"({"jsonrpc":"2.0","id":7,"method":"private/buy","params":)"
                                  R"({"instrument_name":"BTC_USDC-PERPETUAL","amount":0.1,)"
                                  R"("price":)" +
                                      std::to_string(98'000 - price++) + "}}");
            }
        }
        pass(Nanos(1'000'000'000));
        for (const Client client : {alice, bob}) {
            call(client, "private/cancel_all", "{}");
        }
    }
    void settle() {
        for (int turn = 0; turn < 10; ++turn) {
            let_venue_work();
            const std::uint64_t before = allocations.made;
            gateway->do_work();
            made_ += allocations.made - before;
            listen();
        }
    }

    Client alice{};
    Client bob{};
    Client stranger{};
    std::string answer;                         // to what was asked last
    std::map<std::string, std::uint64_t> made;  // allocations, by method
    std::uint64_t told = 0;

  private:
    Uncounted uncounted_;
    std::uint64_t made_ = 0;
};

TEST_F(Bustle, orders_trades_refusals_and_notifications_allocate_nothing) {
    std::uint64_t filled = 0;
    for (int round = 0; round < 600; ++round) {
        if (round == 300) {
            crowd();
            made.clear();
            told = 0;
            filled = 0;
        }
        ask_for_order(alice, "private/buy",
                      R"("amount":0.1,"price":99000,"label":"some words of mine")");
        const std::string id = R"({"order_id":")" + value(answer, "order_id") + "\"";
        ask(alice, "private/edit", id + R"(,"amount":0.2,"price":99000.5})");
        ask_for_order(alice, "private/edit_by_label",
                      R"("amount":0.3,"price":98000,"label":"some words of mine")");
        ask(alice, "private/cancel", id + "}");
        EXPECT_EQ(value(answer, "order_state"), "cancelled") << answer;
        ask(alice, "private/cancel", id + "}");
        ask_for_order(alice, "private/buy", R"("amount":0.1,"price":99000.3)");
        ask_for_order(alice, "private/buy", R"("amount":1000,"price":99000)");
        EXPECT_EQ(value(answer, "code"), "10009") << answer;
        ask_for_order(stranger, "private/buy", R"("amount":0.1,"price":99000)");
        EXPECT_EQ(value(answer, "code"), "13021") << answer;
        ask_for_order(alice, "private/buy", R"("amount":0.1,"price":98000,"label":"gone soon")");
        ask(alice, "private/cancel_all_by_currency", R"({"currency":"USDC"})");
        EXPECT_EQ(value(answer, "result"), "1") << answer;
        const bool is_odd = round % 2 == 1;
        ask_for_order(bob, is_odd ? "private/buy" : "private/sell",
                      R"("amount":0.1,"price":100000)");
        ask_for_order(alice, is_odd ? "private/sell" : "private/buy",
                      R"("amount":0.1,"type":"market")");
        filled += static_cast<std::uint64_t>(value(answer, "order_state") == "filled");
        clock.pass(Nanos(20'000'000));
        if (round % 50 == 0) {
            tell_index(100'000 + round);
        }
    }
    for (const auto& [method, count] : made) {
        EXPECT_EQ(count, 0U) << method;
    }
    EXPECT_EQ(filled, 300U);
    EXPECT_GT(told, 10'000U);
}

}  // namespace
}  // namespace miletus::deribit
