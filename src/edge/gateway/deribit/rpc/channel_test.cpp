// Names of channels, and the errors that refusals become.
#include "edge/gateway/deribit/rpc/channel.hpp"

#include "edge/gateway/deribit/rpc/failure.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::deribit {
namespace {

std::string canonical(std::string_view name) {
    const std::optional<Channel> channel = parse_channel(name);
    return channel.has_value() ? canonical_name(*channel) : "none";
}

TEST(Channel, names_lead_to_their_kinds) {
    const std::vector<std::pair<std::string, ChannelKind>> names{
        {"book.BTC-PERPETUAL.raw", ChannelKind::book},
        {"book.XRP_USDC-30JUN23-0d625-C.agg2", ChannelKind::book},
        {"book.BTC-PERPETUAL.none.20.100ms", ChannelKind::grouped_book},
        {"ticker.BTC-PERPETUAL.100ms", ChannelKind::ticker},
        {"incremental_ticker.BTC-PERPETUAL", ChannelKind::incremental_ticker},
        {"quote.BTC-PERPETUAL", ChannelKind::quote},
        {"trades.BTC-PERPETUAL.raw", ChannelKind::trades},
        {"trades.option.BTC.raw", ChannelKind::trades_by_kind},
        {"chart.trades.BTC-PERPETUAL.1D", ChannelKind::candles},
        {"perpetual.BTC-PERPETUAL.agg2", ChannelKind::perpetual},
        {"deribit_price_index.btc_usd", ChannelKind::price_index},
        {"estimated_expiration_price.btc_usd", ChannelKind::estimated_expiration_price},
        {"markprice.options.btc_usd", ChannelKind::mark_prices},
        {"instrument.state.any.any", ChannelKind::instrument_state},
        {"platform_state", ChannelKind::platform_state},
        {"platform_state.public_methods_state", ChannelKind::public_methods_state},
        {"user.orders.BTC-PERPETUAL.raw", ChannelKind::user_orders},
        {"user.orders.any.any.raw", ChannelKind::user_orders_by_kind},
        {"user.trades.future.BTC.100ms", ChannelKind::user_trades_by_kind},
        {"user.changes.BTC-PERPETUAL.100ms", ChannelKind::user_changes},
        {"user.portfolio.btc", ChannelKind::user_portfolio},
    };
    for (const auto& [name, kind] : names) {
        const std::optional<Channel> channel = parse_channel(name);
        ASSERT_TRUE(channel.has_value()) << name;
        EXPECT_EQ(channel->kind, kind) << name;
        EXPECT_EQ(canonical_name(*channel), name);
    }
}

TEST(Channel, parts_of_a_name_are_understood) {
    const std::string name = "book.ETH-PERPETUAL.25.10.agg2";
    const std::optional<Channel> book = parse_channel(name);
    ASSERT_TRUE(book.has_value());
    EXPECT_EQ(book->instrument_name, "ETH-PERPETUAL");
    EXPECT_EQ(book->group, choices::Group::by_25);
    EXPECT_EQ(book->depth, choices::Depth::levels_10);
    EXPECT_EQ(book->interval, choices::Interval::aggregated);
    const std::string orders = "user.orders.option.USDC.raw";
    const std::optional<Channel> user = parse_channel(orders);
    ASSERT_TRUE(user.has_value());
    EXPECT_EQ(user->instrument_kind, choices::Kind::option);
    EXPECT_EQ(user->currency, "USDC");
    EXPECT_TRUE(row(user->kind).is_private());
}

TEST(Channel, names_are_spelled_in_one_way) {
    EXPECT_EQ(canonical("user.portfolio.BTC"), "user.portfolio.btc");
    EXPECT_EQ(canonical("user.portfolio.any"), "user.portfolio.any");
    EXPECT_EQ(canonical("user.orders.any.usdc.raw"), "user.orders.any.USDC.raw");
    EXPECT_EQ(canonical("user.orders.any.ANY.raw"), "user.orders.any.any.raw");
    EXPECT_EQ(canonical("deribit_price_index.BTC_USD"), "deribit_price_index.btc_usd");
}

TEST(Channel, other_names_are_none) {
    for (const std::string name : {"",
                                   ".",
                                   "book",
                                   "book.",
                                   "book.X",
                                   "book.X.",
                                   "book.X.50ms",
                                   "book..raw",
                                   "book.X.raw.raw",
                                   "book.X.none.5.100ms",
                                   "book.X.3.10.100ms",
                                   "book.X Y.raw",
                                   "book.X.raw.",
                                   ".book.X.raw",
                                   "ticker.\xff.raw",
                                   "trades.nothing.BTC.raw",
                                   "chart.trades.X.2",
                                   "user.orders.X",
                                   "user.portfolio",
                                   "platform_state.",
                                   "unknown.X",
                                   "BOOK.X.raw"}) {
        EXPECT_EQ(parse_channel(name), std::nullopt) << name;
    }
    EXPECT_EQ(parse_channel("book." + std::string(200, 'X') + ".raw"), std::nullopt);
}

TEST(Failure, every_refusal_has_an_error_and_says_its_own_name) {
    std::set<ErrorCode> known(all_errors().begin(), all_errors().end());
    const auto rejects = std::to_array<Reject>({
#define REJECT(number, name, sentence) Reject::name,
#include "protocol/rejects.def"
    });
    for (const Reject reject : rejects) {
        const Failure failure = failure_of(reject);
        EXPECT_TRUE(known.contains(failure.code)) << name(reject);
        EXPECT_EQ(failure.reason, name(reject));
        EXPECT_EQ(failure.code == ErrorCode::error, reject == Reject::none) << name(reject);
    }
    EXPECT_EQ(error_of(Reject::post_only_would_take), ErrorCode::post_only_reject);
    EXPECT_EQ(error_of(Reject::margin_insufficient), ErrorCode::not_enough_funds);
}

TEST(Failure, has_the_status_that_clients_of_http_expect) {
    EXPECT_EQ(http_status(ErrorCode::invalid_params), 400);
    EXPECT_EQ(http_status(ErrorCode::unauthorized), 401);
    EXPECT_EQ(http_status(ErrorCode::too_many_requests), 429);
}

}  // namespace
}  // namespace miletus::deribit
