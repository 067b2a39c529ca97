// From the JSON of an order to the command that goes to the engine, and from an order as the fold
// has it to its JSON: what the gateway's thread does for each order beside reading and sending.
#include "bench/gateway/door.hpp"
#include "bench/gateway/gateway_bench.hpp"
#include "bench/gateway/street.hpp"
#include "edge/gateway/deribit/deribit.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <variant>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::uint32_t calls = 64;  // unlike each other
constexpr std::uint32_t laps = 4;    // of a turn, so short that few are interrupted
constexpr std::uint32_t turns_per_round = 400;
constexpr double ns_max = 1000;
const std::string folder = "build/bench_gateway_codecs";

class Decoding {
  public:
    Decoding(const market_data::Markets& markets, UnixNanos now) : markets_(markets), now_(now) {
        for (std::uint32_t number = 100; number < 100 + calls; ++number) {
            texts_.push_back(buy_call(number));
        }
    }

    // The sum of the prices.
    std::int64_t lap() {
        std::int64_t sum = 0;
        for (const std::string& text : texts_) {
            sum += view_as<protocol::PlaceOrder>(decode(text)).price.value();
        }
        return sum;
    }

  private:
    std::span<const Unit> decode(std::string_view text) {
        const auto call = reader_.read_json(text);
        ASSERT(call.has_value());
        auto order = deribit::new_order(call->parameters, protocol::Side::buy, markets_, now_);
        ASSERT(order.has_value());
        auto* message = std::get_if<protocol::PlaceOrder>(&*order);
        ASSERT(message != nullptr);
        message->header.account = Street::trader;
        message->header.session = SessionId(1);
        message->header.client_sequence = ClientSequence(++number_);
        const std::string_view label = call->parameters.text(deribit::Parameter::label);
        return protocol::encode(*message, std::span<const char>(label), room_);
    }

    const market_data::Markets& markets_;
    UnixNanos now_;
    deribit::CallReader reader_{deribit::CallLimits()};
    std::vector<std::string> texts_;
    std::array<Unit, protocol::units_max()> room_{};
    std::uint64_t number_ = 0;
};

class Encoding {
  public:
    explicit Encoding(Street& street) : markets_(street.markets()) {
        street.accounts().visit_open_orders(Street::trader, [&](const client_feed::Order& order) {
            orders_.push_back(order);
            return true;
        });
        ASSERT(orders_.size() == calls);
    }

    // Letters.
    std::size_t lap() {
        std::size_t letters = 0;
        for (const client_feed::Order& order : orders_) {
            text_.clear();
            deribit::JsonWriter writer(text_);
            deribit::write_order(writer, markets_, order);
            letters += text_.size();
        }
        return letters;
    }
    [[nodiscard]] const std::string& last_text() const LIFETIME_BOUND { return text_; }

  private:
    const market_data::Markets& markets_;
    std::vector<client_feed::Order> orders_;
    std::string text_;
};

// Nanoseconds of one message, the median of all turns. Each lap must come to the same.
template <class Codec>
double measure(Codec& codec, std::uint32_t turns, Report& report) {
    const auto expected = codec.lap();
    bool is_same = true;
    std::vector<double> times;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        times.push_back(time_ns([&] {
                            for (std::uint32_t lap = 0; lap < laps; ++lap) {
                                is_same &= codec.lap() == expected;
                            }
                        }) /
                        (laps * calls));
    }
    if (!is_same) {
        report.fail("the same messages came to something else");
    }
    return median(times);
}

void report_one(const char* name, double ns, Report& report) {
    std::printf("%-24s %8.0f ns    target %6.0f ns   ratio %.2f %s\n", name, ns, ns_max,
                ns / ns_max, verdict(ns / ns_max, 1).c_str());
    report.add(
        {.name = name, .value = ns, .unit = "ns", .baseline = ns_max, .baseline_name = "target"});
}

}  // namespace

void bench_gateway_codecs(const Options& options, Report& report) {
    std::filesystem::remove_all(folder);
    Street street(folder);
    for (std::uint32_t order = 0; order < calls; ++order) {
        street.rest(Ticks(99'999 - order), Lots(100));
    }
    street.read();
    Decoding decoding(street.markets(), street.clock().now());
    Encoding encoding(street);
    const std::uint32_t turns = options.rounds * turns_per_round;
    const double decode_ns = measure(decoding, turns, report);
    const double encode_ns = measure(encoding, turns, report);
    // 64 prices, two ticks apart, from 99,999 down.
    constexpr std::int64_t ticks_expected = 6'395'904;
    if (decoding.lap() != ticks_expected ||
        encoding.last_text().find(R"("order_state":"open")") == std::string::npos) {
        report.fail("orders are not what was said");
    }
    std::printf("\ngateway: private/buy to a command of the engine, and an order to its text\n");
    report_one("gateway/decode", decode_ns, report);
    report_one("gateway/encode", encode_ns, report);
    std::filesystem::remove_all(folder);
}

}  // namespace miletus::bench
