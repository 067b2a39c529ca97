// Venue: what runs: disks, exchange, gateways, who sits beside the engine, and the steps that a
// crew takes.
#pragma once

#include "edge/crowd/crowd.hpp"
#include "edge/desk/desk.hpp"
#include "edge/gateway/native/native_gateway.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "host/log.hpp"
#include "host/socket_network.hpp"
#include "serve/config.hpp"
#include "serve/crew.hpp"
#include "serve/front_door.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace miletus::serve {

// The folder, locked, what is in it, and the time there.
struct Premises {
    host::FolderLock lock;
    std::unique_ptr<host::Disk> disk;
    std::unique_ptr<host::Disk> segments_disk;
    std::unique_ptr<host::Disk> shadow_disk;
    host::SystemClock clock{};
};
[[nodiscard]] host::IoResult<Premises> enter_folder(const std::string& folder);

// An address that is listened on, and what it is called in the log.
struct OpenDoor {
    std::string event;
    std::string address;
    bool was_taken = false;  // the one that was asked for, so that this is another
};

class Venue {
  public:
    // Reads the journal.
    static journal::JournalResult<std::unique_ptr<Venue>> open(
        const Config& config, Premises& premises, host::Log& log,
        std::unique_ptr<FrontDoor> front_door);
    // What open() makes.
    struct Parts {
        std::unique_ptr<exchange::Exchange> exchange;
        std::unique_ptr<exchange::Shadow> shadow;  // none where no snapshots are wanted
        std::unique_ptr<host::SocketNetwork> network;
        std::unique_ptr<FrontDoor> front_door;  // none where there is no such gateway
        client_feed::History history;
    };
    Venue(const Config& config, Premises& premises, host::Log& log, Parts parts);

    // Lets clients in.
    host::IoResult<std::vector<OpenDoor>> open_doors();
    // What the threads do.
    [[nodiscard]] std::vector<Duty> duties();

    // ---- Any thread ----
    [[nodiscard]] bool waits_for_clock() const { return exchange_->waits_for_clock(); }
    void accept_clock() { exchange_->accept_clock(); }
    // Whether a demonstration's market has come alive.
    [[nodiscard]] bool is_alive() const { return is_alive_.load(std::memory_order_acquire); }

    // ---- Only when no thread is at work ----
    [[nodiscard]] const exchange::Exchange& exchange() const LIFETIME_BOUND { return *exchange_; }
    [[nodiscard]] const native_gateway::Counters& counters() const LIFETIME_BOUND {
        return gateway_.counters();
    }
    // None where there is no such gateway.
    [[nodiscard]] const deribit::Counters* front_counters() const LIFETIME_BOUND {
        return front_door_ == nullptr ? nullptr : &front_door_->gateway().counters();
    }
    [[nodiscard]] const desk::Desk* desk() const LIFETIME_BOUND { return desk_.get(); }
    // Carries out what came in, tells it, says goodbye, and closes the journal.
    [[nodiscard]] journal::JournalResult<void> drain();

  private:
    [[nodiscard]] Step step_of(const std::string& agent);
    [[nodiscard]] Step step_beside_engine(const std::string& agent);
    [[nodiscard]] std::function<void(std::uint32_t idle_turns)> rest_of(const DutyConfig& duty);
    [[nodiscard]] journal::JournalResult<Progress> make_room();
    template <class Reader>
    void tell_standing(Reader& reader) const;
    void seat_desk();
    void seat_crowd();
    [[nodiscard]] Progress run_desk();
    [[nodiscard]] Progress run_crowd();
    [[nodiscard]] Progress run_deribit();

    const Config& config_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::unique_ptr<exchange::Shadow> shadow_;
    std::unique_ptr<host::SocketNetwork> network_;
    std::unique_ptr<FrontDoor> front_door_;
    native_gateway::Gateway gateway_;
    std::unique_ptr<desk::Desk> desk_;  // none where nothing is wanted of it
    std::unique_ptr<crowd::Crowd> crowd_;
    std::atomic<bool> is_alive_ = false;
    host::Clock& clock_;
    host::Log& log_;
    std::chrono::steady_clock::time_point next_try_{};  // of making room on a full disk
};

}  // namespace miletus::serve
