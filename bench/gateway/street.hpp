// Street: a venue that moves only when it is told to, on the caller's thread: an exchange whose log
// is forgotten, the folds that the gateway reads from, and an open market of BTC in USDC with an
// account that has money. For what is timed without sockets or threads.
#pragma once

#include "bench/loopback.hpp"
#include "edge/client_feed/client_feed.hpp"
#include "edge/market_data/market_data.hpp"
#include "exchange/exchange.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace miletus::bench {

class Street {
  public:
    static constexpr AccountId trader{1};
    static constexpr InstrumentId perpetual{0};

    explicit Street(const std::string& folder);

    // Carried out and durable when it returns; nobody at the seat has read it.
    template <class Message, class... Entries>
    void submit(Message message, const Entries&... entries) {
        message.header.session = SessionId(1);
        message.header.client_sequence = ClientSequence(++last_number_);
        std::vector<Unit> units(
            protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
        protocol::encode(message, entries..., units);
        ASSERT(exchange_->intake().submit_command(units));
        exchange_->intake().publish();
        work();
    }
    // A buy that rests, with a label as clients give one.
    void rest(Ticks price, Lots lots);
    // Both folds read all that the seat has not.
    void read();

    [[nodiscard]] exchange::Seat& seat() LIFETIME_BOUND { return exchange_->seat(0); }
    [[nodiscard]] host::Clock& clock() LIFETIME_BOUND { return premises_.clock; }
    [[nodiscard]] market_data::Markets& markets() LIFETIME_BOUND { return markets_; }
    [[nodiscard]] client_feed::Accounts& accounts() LIFETIME_BOUND { return accounts_; }

  private:
    void work();

    serve::Premises premises_;
    market_data::Markets markets_;
    client_feed::Accounts accounts_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::uint64_t last_number_ = 0;
};

}  // namespace miletus::bench
