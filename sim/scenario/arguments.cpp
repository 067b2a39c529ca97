// Taking words.
#include "sim/scenario/arguments.hpp"

#include "sim/scenario/text.hpp"

#include <utility>

namespace miletus::scenario {

void Arguments::fail(const std::string& error) {
    if (error_.empty()) {
        error_ = error;
    }
}

std::string_view Arguments::word(std::string_view what) {
    if (is_done()) {
        fail("expected " + std::string(what));
        return "";
    }
    return words_[next_++];
}

bool Arguments::take(std::string_view expected) {
    const bool is_next = peek() == expected;
    next_ += is_next ? 1 : 0;
    return is_next;
}

std::int64_t Arguments::integer(std::string_view what) {
    return decimal(what, 0);
}

std::int64_t Arguments::decimal(std::string_view what, std::uint32_t decimals) {
    const std::string_view text = word(what);
    const std::optional<std::int64_t> value = decimal_of(text, decimals);
    if (!value) {
        fail(std::string(text) + " is no " + std::string(what));
    }
    return value.value_or(0);
}

UnixNanos Arguments::time(std::string_view what) {
    const std::string_view text = word(what);
    const std::optional<UnixNanos> value = time_of(text);
    if (!value) {
        fail(std::string(text) + " is no time; write 2026-03-27T08:00");
    }
    return value.value_or(UnixNanos());
}

AccountId Arguments::account() {
    const std::string_view text = word("an account");
    const std::optional<AccountId> found = names_.find_account(text);
    if (!found) {
        fail("no account is called " + std::string(text) + "; open it with: account NAME ID OWNER");
    }
    return found.value_or(AccountId());
}

AssetId Arguments::asset() {
    const std::string_view text = word("an asset");
    const std::optional<AssetId> found = names_.find_asset(text);
    const std::optional<std::int64_t> number = integer_of(text);
    if (!found && !number) {
        fail("no asset is called " + std::string(text));
    }
    return found.value_or(AssetId(static_cast<std::uint16_t>(number.value_or(0))));
}

UnderlyingId Arguments::underlying() {
    const std::string_view text = word("an underlying");
    const std::optional<UnderlyingId> found = names_.find_underlying(text);
    const std::optional<std::int64_t> number = integer_of(text);
    if (!found && !number) {
        fail("no underlying is called " + std::string(text));
    }
    return found.value_or(UnderlyingId(static_cast<std::uint16_t>(number.value_or(0))));
}

InstrumentId Arguments::instrument() {
    const std::string_view text = word("an instrument");
    const std::optional<InstrumentId> found = names_.find_instrument(text);
    const std::optional<std::int64_t> number = integer_of(text);
    if (!found && !number) {
        fail("no single instrument is called " + std::string(text));
    }
    return found.value_or(InstrumentId(static_cast<std::uint32_t>(number.value_or(0))));
}

std::optional<std::string_view> Arguments::option(std::string_view key) {
    for (std::size_t at = next_; at < words_.size(); ++at) {
        const std::string_view word = words_[at];
        if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) {
            words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(at));
            return word.substr(key.size() + 1);
        }
    }
    return std::nullopt;
}

std::int64_t Arguments::integer_option(std::string_view key, std::int64_t otherwise) {
    const std::optional<std::string_view> text = option(key);
    if (!text) {
        return otherwise;
    }
    const std::optional<std::int64_t> value = integer_of(*text);
    if (!value) {
        fail(std::string(*text) + " is no number for " + std::string(key));
    }
    return value.value_or(otherwise);
}

void Arguments::check_count(std::string_view what, std::size_t count, std::size_t bound) {
    if (count > bound) {
        fail("at most " + std::to_string(bound) + " " + std::string(what));
    }
}

bool Arguments::flag(std::string_view word) {
    for (std::size_t at = next_; at < words_.size(); ++at) {
        if (words_[at] == word) {
            words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(at));
            return true;
        }
    }
    return false;
}

bool Arguments::finish() {
    if (!is_done()) {
        fail("did not understand: " + std::string(peek()));
    }
    return error_.empty();
}

}  // namespace miletus::scenario
