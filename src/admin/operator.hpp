// Operator: a session at the operator's door of a running venue that carries out one thing after
// the other, and waits for each.
#pragma once

#include "client/client.hpp"
#include "host/clock.hpp"
#include "host/socket_network.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace miletus::admin {

template <class T>
using Sentence = std::expected<T, std::string>;

class Operator {
  public:
    // Or why the venue does not answer.
    [[nodiscard]] static Sentence<std::unique_ptr<Operator>> at(const std::string& address,
                                                                std::uint32_t patience_seconds);
    Operator(std::unique_ptr<host::SocketNetwork> network, const std::string& address,
             Nanos patience);

    // How it ended; Reject::none where it was done.
    template <class Command>
    [[nodiscard]] Sentence<Reject> carry_out(const Command& command) {
        const ClientSequence number = client_.session().submit(command);
        return wait_for([this, number]() -> std::optional<Reject> {
            return done_.has_value() && done_->number == number ? std::optional(done_->reject)
                                                                : std::nullopt;
        });
    }
    // By its ticker.
    [[nodiscard]] Sentence<protocol::AssetAnswer> asset_named(const std::string& name);

  private:
    struct Done {
        ClientSequence number;
        Reject reject{};
    };
    // Of a query: an asset, or why not.
    using Reply = Result<protocol::AssetAnswer>;

    [[nodiscard]] Sentence<bool> connect();
    [[nodiscard]] Sentence<Reply> ask(AssetId asset);
    // Until ready() has a value.
    template <class Ready>
    [[nodiscard]] auto wait_for(Ready ready) -> Sentence<typename decltype(ready())::value_type> {
        const UnixNanos end = clock_.now() + patience_;
        while (true) {
            const bool is_open = client_.poll();
            client_.hear([this](const client::Heard& heard) { note(heard); });
            if (auto value = ready(); value.has_value()) {
                return *value;
            }
            if (!is_open || clock_.now() > end) {
                return std::unexpected(why_silent(is_open));
            }
            network_->wait(wait_ms);
        }
    }
    void note(const client::Heard& heard);
    void note_event(std::span<const Unit> message);
    void note_answer(std::span<const Unit> message);
    [[nodiscard]] std::string why_silent(bool is_open) const;

    static constexpr std::uint32_t wait_ms = 50;

    std::unique_ptr<host::SocketNetwork> network_;
    host::SystemClock clock_;
    std::string address_;
    Nanos patience_;
    client::Client client_;
    std::optional<Done> done_;
    std::optional<Reply> reply_;
    std::optional<native::Parting> parting_;
    std::uint64_t questions_ = 0;
};

}  // namespace miletus::admin
