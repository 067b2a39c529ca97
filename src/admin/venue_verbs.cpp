// Commands that only a venue's operator may give.
#include "admin/operator.hpp"
#include "admin/verbs.hpp"
#include "base/decimal.hpp"

namespace miletus::admin {

namespace {

bool fail(Told told, const std::string& sentence) {
    told.mistakes << "miletus: " << sentence << "\n";
    return false;
}

// Tells `words` where the venue has done it.
bool judge(Told told, const Sentence<Reject>& outcome, const std::string& words) {
    if (!outcome) {
        return fail(told, outcome.error());
    }
    if (*outcome != Reject::none) {
        return fail(told, "the venue refused: " + std::string(sentence(*outcome)));
    }
    told.out << words << "\n";
    return true;
}

}  // namespace

bool open_account(Told told, const Door& door, AccountId account, OwnerId owner) {
    const auto venue = Operator::at(door.address, door.patience_seconds);
    if (!venue) {
        return fail(told, venue.error());
    }
    const protocol::OpenAccount command{.owner = owner, .opened = account};
    return judge(told, (*venue)->carry_out(command),
                 "account " + std::to_string(account.value()) + " is open, of owner " +
                     std::to_string(owner.value()));
}

bool deposit(Told told, const Door& door, AccountId account, const std::string& amount,
             const std::string& asset) {
    const auto venue = Operator::at(door.address, door.patience_seconds);
    if (!venue) {
        return fail(told, venue.error());
    }
    const Sentence<protocol::AssetAnswer> found = (*venue)->asset_named(asset);
    if (!found) {
        return fail(told, found.error());
    }
    const std::optional<std::int64_t> units = decimal_of(amount, found->decimals);
    if (!units.has_value() || *units <= 0) {
        return fail(told, "\"" + amount + "\" is no amount of " + asset +
                              ": write a number above "
                              "zero, with at most " +
                              std::to_string(found->decimals) + " digits behind the point");
    }
    const protocol::Deposit command{
        .amount = Amount(*units), .receiver = account, .asset = found->asset};
    return judge(told, (*venue)->carry_out(command),
                 decimal_text(*units, found->decimals) + " " + asset + " came into account " +
                     std::to_string(account.value()));
}

}  // namespace miletus::admin
