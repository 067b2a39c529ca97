// Venue: what runs: disks, exchange, gateway, and the steps that a crew takes.
#pragma once

#include "edge/desk/desk.hpp"
#include "edge/gateway/native/native_gateway.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "host/log.hpp"
#include "host/socket_network.hpp"
#include "serve/config.hpp"
#include "serve/crew.hpp"

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

class Venue {
  public:
    // Reads the journal.
    static journal::JournalResult<std::unique_ptr<Venue>> open(const Config& config,
                                                               Premises& premises, host::Log& log);
    // What open() makes.
    struct Parts {
        std::unique_ptr<exchange::Exchange> exchange;
        std::unique_ptr<exchange::Shadow> shadow;  // none where no snapshots are wanted
        std::unique_ptr<host::SocketNetwork> network;
        client_feed::History history;
    };
    Venue(const Config& config, Premises& premises, host::Log& log, Parts parts);

    // Lets clients in. Returns the addresses.
    host::IoResult<std::vector<std::string>> open_doors();
    // What the threads do.
    [[nodiscard]] std::vector<Duty> duties();

    // ---- Any thread ----
    [[nodiscard]] bool waits_for_clock() const { return exchange_->waits_for_clock(); }
    void accept_clock() { exchange_->accept_clock(); }

    // ---- Only when no thread is at work ----
    [[nodiscard]] const exchange::Exchange& exchange() const LIFETIME_BOUND { return *exchange_; }
    [[nodiscard]] const native_gateway::Counters& counters() const LIFETIME_BOUND {
        return gateway_.counters();
    }
    [[nodiscard]] const desk::Desk* desk() const LIFETIME_BOUND { return desk_.get(); }
    // Carries out what came in, tells it, says goodbye, and closes the journal.
    [[nodiscard]] journal::JournalResult<void> drain();

  private:
    [[nodiscard]] Step step_of(const std::string& agent);
    [[nodiscard]] bool is_gateways(const DutyConfig& duty) const;
    [[nodiscard]] journal::JournalResult<Progress> make_room();
    void seat_desk();
    [[nodiscard]] Progress run_desk();

    const Config& config_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::unique_ptr<exchange::Shadow> shadow_;
    std::unique_ptr<host::SocketNetwork> network_;
    native_gateway::Gateway gateway_;
    std::unique_ptr<desk::Desk> desk_;  // none where nothing is wanted of it
    host::Log& log_;
    std::chrono::steady_clock::time_point next_try_{};  // of making room on a full disk
};

}  // namespace miletus::serve
