// Outbox: the way of the crowd's commands into the exchange. It numbers them, and knows how many
// may still be sent.
#pragma once

#include "base/units.hpp"
#include "protocol/codec.hpp"
#include "protocol/intake.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::crowd {

struct Sender {
    AccountId account;
    SessionId session;
};

class Outbox {
  public:
    struct Rate {
        std::uint32_t per_second = 0;
        std::uint32_t at_once = 0;
    };
    Outbox(protocol::Intake& intake, Rate rate);

    // The time, by the clock or by the log, whichever is later: numbers come from it, so that they
    // rise across starts.
    void set_time(UnixNanos now);
    // Whether one more command may be sent without a hurry.
    [[nodiscard]] bool has_budget() const;

    // The number that it was sent under; nothing where there is no room, and it was not sent.
    template <class Command, class... Entries>
    [[nodiscard]] std::optional<ClientSequence> send(Command command, Sender sender,
                                                     const Entries&... entries) {
        const ClientSequence number = next_number();
        if (!send_as(number, command, sender, entries...)) {
            return std::nullopt;
        }
        last_ = number;
        return number;
    }
    // Under a number of the caller's.
    template <class Command, class... Entries>
    [[nodiscard]] bool send_as(ClientSequence number, Command command, Sender sender,
                               const Entries&... entries) {
        command.header.account = sender.account;
        command.header.session = sender.session;
        command.header.client_sequence = number;
        room_.resize(protocol::longest<Command>());
        const std::span<const Unit> units =
            protocol::encode(command, entries..., std::span<Unit>(room_));
        if (!intake_.submit_command(units)) {
            return false;
        }
        pay();
        return true;
    }
    void publish() { intake_.publish(); }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }

  private:
    [[nodiscard]] ClientSequence next_number() const;
    void pay();

    protocol::Intake& intake_;
    Nanos time_per_command_;
    Nanos ahead_;           // so far may be paid in advance
    UnixNanos paid_until_;  // every command moves it by the time that one may take
    UnixNanos now_;
    ClientSequence last_;
    std::uint64_t sent_ = 0;
    std::vector<Unit> room_;
};

}  // namespace miletus::crowd
