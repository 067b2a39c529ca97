// Audit: what one asks of a journal that lies on a disk: how much it holds, what it says, whether
// it is whole, which state it leads to, and how an account stands in it. Each question prints its
// answer and returns whether it was a good one. Nothing is changed, except by snapshot(), trim()
// and veto(). Where the log was trimmed, what carries it out goes on from the oldest snapshot kept,
// and says so.
#pragma once

#include "base/units.hpp"

#include <iosfwd>
#include <limits>
#include <string>

namespace miletus::audit {

struct Range {
    Sequence from{1};
    Sequence to{std::numeric_limits<std::uint64_t>::max()};
};

// A few lines about the journal in this folder.
bool stat(std::ostream& out, const std::string& folder);
// One line a command.
bool dump(std::ostream& out, const std::string& folder, const Range& range);
// Every checksum and every link of the chain; then every command again, through an engine whose
// events must agree with all digests that the log attests.
bool verify(std::ostream& out, const std::string& folder);
// Runs the commands up to a sequence through an engine, and tells the hash of its state.
bool replay(std::ostream& out, const std::string& folder, Sequence to);
// The same, and tells nothing but the hash.
bool replay_hash(std::ostream& out, const std::string& folder, Sequence to);

struct AccountQuestion {
    AccountId account;
    std::string folder;
    Sequence at = Range{}.to;  // as of which command
    std::string order{};       // one that is thought of: "buy 5 BTC_USDC-PERPETUAL @ 100000"
    bool wants_json = false;
};
// What the account has, needs and holds, as the engine answers it.
bool account(std::ostream& out, const AccountQuestion& question);

// Carries all of it out and keeps the state beside the log, for the next start to go on from.
bool snapshot(std::ostream& out, const std::string& folder);
// Removes the segments that no start will need, now that two whole snapshots stand behind them.
bool trim(std::ostream& out, const std::string& folder);
// Appends the command that makes every later replay pass over this one.
bool veto(std::ostream& out, const std::string& folder, Sequence sequence);

}  // namespace miletus::audit
