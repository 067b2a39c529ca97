// What an account is told of itself, by hand from the rules (docs/definitions.md).
#include "audit/audit.hpp"
#include "audit/venue_test.hpp"

namespace miletus::audit {
namespace {

constexpr UnderlyingId btc_usdc{0};
constexpr InstrumentId perpetual{0};

protocol::PlaceOrder order(std::uint32_t account, protocol::Side side, std::int64_t lots,
                           std::int64_t price) {
    protocol::PlaceOrder order{.price = Ticks(price),
                               .quantity = Lots(lots),
                               .client_order = ClientOrderId(7),
                               .instrument = perpetual,
                               .side = side};
    order.header.account = AccountId(account);
    return order;
}

// One lot of 0.01 BTC is worth 1 USDC at the mark of 100. Nothing costs a fee.
void open_market(Venue& venue) {
    venue.submit(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
    venue.submit(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
    venue.submit(protocol::AddUnderlying{
        .name = protocol::Name("BTC_USDC"), .base = AssetId(1), .quote = AssetId(0)});
    using enum protocol::Parameter;
    for (const auto& [parameter, value] :
         {std::pair(index_sources_min, 1), std::pair(taker_fee, 0), std::pair(maker_fee, 0)}) {
        venue.submit(
            protocol::SetParameter{.value = value, .underlying = btc_usdc, .parameter = parameter});
    }
    venue.submit(protocol::ListFuture{.terms = {.tick = IndexPrice(1'000'000),
                                                .lot = Amount(1'000'000),
                                                .price_low = Ticks(0),
                                                .price_high = Ticks(1000),
                                                .lots_max = Lots(1000)},
                                      .underlying = btc_usdc},
                 {});
    const protocol::SourcePrice source{.price = IndexPrice(100'000'000), .source = 0, .weight = 1};
    venue.submit(protocol::UpdateIndex{.underlying = btc_usdc}, std::span(&source, 1));
    venue.submit(protocol::SetInstrumentState{.instrument = perpetual,
                                              .state = protocol::InstrumentState::open});
    for (const std::uint32_t account : {1U, 2U}) {
        venue.submit(
            protocol::OpenAccount{.owner = OwnerId(account), .opened = AccountId(account)});
        venue.submit(protocol::Deposit{
            .amount = Amount(1'000'000'000), .receiver = AccountId(account), .asset = AssetId(0)});
    }
    venue.submit(protocol::Deposit{
        .amount = Amount(200'000'000), .receiver = AccountId(1), .asset = AssetId(1)});
}

// Fourteen commands of the market; with the fifteenth account 2 offers three lots at 101, of which
// account 1 takes all with the sixteenth, and bids for two more.
void trade(Venue& venue) {
    open_market(venue);
    venue.submit(order(2, protocol::Side::sell, 3, 101));
    venue.submit(order(1, protocol::Side::buy, 5, 101));
}

class Account : public Audit {
  protected:
    [[nodiscard]] AccountQuestion asked(std::uint32_t number) const {
        return {.account = AccountId(number), .folder = folder};
    }
};

// Five lots at worst need 5 (2 % + 50 ppm · 0.05) = 0.1000125, rounded up; each of the two that
// rest holds what 101 is worse than the mark, 0.01.
TEST_F(Account, is_told_what_it_has_needs_and_holds) {
    {
        Venue venue(folder);
        trade(venue);
    }
    EXPECT_TRUE(account(told, asked(1)));
    EXPECT_EQ(told.str(),
              "account 1 of owner 1, as of command 16, 2026-01-01T08:00:00.000000016\n"
              "state           normal\n"
              "balances\n"
              "  USDC          1000 total, 0.02 held, 0 session, counts for 1000 USDC\n"
              "  BTC           2 total, 0 held, 0 session, counts for 190 USDC\n"
              "equity          1189.97 USDC\n"
              "  settled       1000\n"
              "  session       0, paid when the session is settled\n"
              "  unrealised    -0.03, of futures at their marks\n"
              "  collateral    190, other assets after their haircuts\n"
              "options         0 at their marks, not part of equity\n"
              "requirement\n"
              "  equity        1189.97\n"
              "  initial       0.120013: futures 0.100013, options 0, held by orders 0.02\n"
              "  maintenance   0.050013\n"
              "  free          1189.849987 above initial, 1189.919987 above maintenance\n"
              "  withdrawable  1000\n"
              "liquidation     none: equity covers initial\n"
              "positions\n"
              "  BTC_USDC-PERPETUAL  3 lots (0.03 BTC), average 101, mark 100, cost 3.03, "
              "unrealised -0.03, by itself needs 0.060005 initial, 0.030005 maintenance\n"
              "orders\n"
              "  2  buy 2 of BTC_USDC-PERPETUAL @ 101, 3 filled, id 7\n");
}

TEST_F(Account, is_told_as_of_any_command_and_by_the_newest_snapshot_before_it) {
    {
        Venue venue(folder);
        trade(venue);
        venue.keep_snapshot();
        protocol::MassCancel cancel;
        cancel.header.account = AccountId(1);
        venue.submit(cancel);
        venue.keep_snapshot();
        venue.let_time_pass(3);
    }
    for (const auto& [at, orders] :
         {std::pair(Sequence(15), "orders          none\n"), std::pair(Sequence(16), "2  buy 2 of"),
          std::pair(Sequence(17), "orders          none\n"), std::pair(Sequence(20), "none\n")}) {
        AccountQuestion question = asked(1);
        question.at = at;
        told.str("");
        EXPECT_TRUE(account(told, question));
        EXPECT_TRUE(says("as of command " + std::to_string(at.value()) + ",")) << told.str();
        EXPECT_TRUE(says(orders)) << told.str();
    }
    // A bad snapshot is passed over.
    flip_byte("00000000000000000016.snapshot", 40);
    AccountQuestion question = asked(1);
    question.at = Sequence(16);
    told.str("");
    EXPECT_TRUE(account(told, question));
    EXPECT_TRUE(says("2  buy 2 of"));
}

// With one more sell the worse side stays at five lots; at the mark it holds nothing.
TEST_F(Account, is_told_what_an_order_would_make_of_it) {
    {
        Venue venue(folder);
        trade(venue);
    }
    AccountQuestion question = asked(1);
    question.order = "sell 1 BTC_USDC-PERPETUAL @ 100";
    EXPECT_TRUE(account(told, question));
    EXPECT_TRUE(
        says("if sell 1 BTC_USDC-PERPETUAL @ 100\n"
             "  answer        it would be taken\n"
             "  equity        1189.97\n"
             "  initial       0.120013: futures 0.100013, options 0, held by orders 0.02\n"));
    question.order = "buy 1000000 BTC_USDC-PERPETUAL @ 100";
    EXPECT_TRUE(account(told, question));
    EXPECT_TRUE(says("  answer        it would be refused: margin_insufficient\n"));
    for (const auto& [wrong, words] :
         {std::pair("buy", "\"buy\" is no order; write \"buy 5 BTC_USDC-PERPETUAL @ 100000\""),
          std::pair("buy 0 BTC_USDC-PERPETUAL @ 1", "is no order"),
          std::pair("buy 1 BTC_USDC-PERPETUAL @ 1 ioc", "is no order"),
          std::pair("buy 1 ETH @ 1", "nothing is listed as ETH\n"),
          std::pair("buy 1 BTC_USDC-PERPETUAL @ 100.5",
                    "100.5 is no price of BTC_USDC-PERPETUAL, whose tick is 1\n")}) {
        question.order = wrong;
        told.str("");
        EXPECT_FALSE(account(told, question));
        EXPECT_TRUE(says(words)) << told.str();
    }
}

TEST_F(Account, is_told_to_a_program) {
    {
        Venue venue(folder);
        trade(venue);
    }
    AccountQuestion question = asked(2);
    question.wants_json = true;
    EXPECT_TRUE(account(told, question));
    EXPECT_EQ(told.str(),
              R"({"account": 2, "owner": 2, "as_of": 16, "time": "2026-01-01T08:00:00.000000016", )"
              R"("state": "normal", "asset": "USDC", "balances": [{"asset": "USDC", )"
              R"("total": "1000", "held": "0", "session": "0", "counts_for": "1000"}, )"
              R"({"asset": "BTC", "total": "0", "held": "0", "session": "0", "counts_for": "0"}], )"
              R"("margin": {"equity": "1000.03", "settled": "1000", "session": "0", )"
              R"("unrealised": "0.03", "collateral": "0", "initial": "0.060005", )"
              R"("initial_futures": "0.060005", "initial_options": "0", "held": "0", )"
              R"("maintenance": "0.030005", "withdrawable": "999.939995", "worst_index": "good"}, )"
              R"("options_value": "0", "positions": [{"instrument": "BTC_USDC-PERPETUAL", )"
              R"("lots": -3, "coins": "-0.03", "average_price": "101", "mark_price": "100", )"
              R"("cost": "-3.03", "unrealised": "0.03", "initial": "0.060005", )"
              R"("maintenance": "0.030005"}], "orders": []})"
              "\n");
}

TEST_F(Account, what_cannot_be_told_is_refused_in_a_line) {
    EXPECT_FALSE(account(told, asked(1)));
    EXPECT_EQ(told.str(), "open " + folder + ": No such file or directory; --journal names a " +
                              "venue's folder, `miletus journal stat` what it holds\n");
    {
        Venue venue(folder);
        trade(venue);
    }
    told.str("");
    EXPECT_FALSE(account(told, asked(3)));
    EXPECT_EQ(told.str(), "there is no account 3 as of command 16\n");
    AccountQuestion question = asked(1);
    for (const std::uint64_t at : {0U, 17U}) {
        question.at = Sequence(at);
        told.str("");
        EXPECT_FALSE(account(told, question));
        EXPECT_TRUE(says("the log has no command " + std::to_string(at) +
                         "; its first is 1, its last 16; "));
    }
    flip_byte("00000001.segment", 4096 + 200);
    told.str("");
    EXPECT_FALSE(account(told, asked(1)));
    EXPECT_TRUE(says("payload checksum does not match; put back a copy of")) << told.str();
}

}  // namespace
}  // namespace miletus::audit
