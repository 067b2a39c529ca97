// What stands there at the start.
#include "bench/gateway/street.hpp"

#include <string_view>

namespace miletus::bench {

Street::Street(const std::string& folder)
    : premises_(premises_in(folder, LoopbackVenue::Durability::forgetful)),
      markets_(market_data::Rooms()),
      accounts_(client_feed::AccountsSettings()) {
    exchange::Settings settings = loopback_config(folder).exchange;
    settings.seats = {{.hears_answers = true}};
    const auto tell = [this](std::span<const Unit> event) {
        markets_.read(event);
        static_cast<void>(accounts_.read(event));
    };
    auto opened = exchange::Exchange::open({.disk = *premises_.disk,
                                            .segments_disk = *premises_.segments_disk,
                                            .clock = premises_.clock,
                                            .fresh_log = journal::LogId{1},
                                            .on_standing = tell,
                                            .on_replayed = tell},
                                           settings);
    ASSERT(opened.has_value());
    exchange_ = std::move(*opened);
    submit_market([this](const auto&... message) { submit(message...); });
    read();
}

void Street::work() {
    bool is_done = false;
    while (!is_done) {
        exchange_->sequence();
        exchange_->execute();
        ASSERT(exchange_->write().has_value());
        ASSERT(exchange_->make_room().has_value());
        exchange_->attest();
        exchange_->answers().poll([](std::span<const Unit>) { return true; });
        exchange_->events().poll([this, &is_done](std::span<const Unit> event) {
            const auto type =
                static_cast<protocol::EventType>(view_as<protocol::EventHeader>(event).type);
            if (type == protocol::EventType::completed) {
                const auto& completed = protocol::view<protocol::Completed>(event);
                ASSERT(completed.reject == Reject::none);
                is_done |= completed.client_sequence == ClientSequence(last_number_);
            }
            return true;
        });
    }
}

void Street::rest(Ticks price, Lots lots) {
    constexpr std::string_view label = "bench";
    submit(protocol::PlaceOrder{.header = {.account = trader},
                                .price = price,
                                .quantity = lots,
                                .instrument = perpetual,
                                .side = protocol::Side::buy},
           std::span<const char>(label));
}

void Street::read() {
    seat().events().poll([this](std::span<const Unit> event) {
        markets_.read(event);
        static_cast<void>(accounts_.read(event));
        return true;
    });
}

}  // namespace miletus::bench
