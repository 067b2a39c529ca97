// Chains of equal labels under one index entry, which names the oldest.
#include "engine/accounts/labels.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace miletus::accounts {

namespace {

std::uint64_t hash_of(AccountId account, std::string_view text) {
    return mixed(account.value(), xxh3_64(std::as_bytes(std::span(text))));
}

}  // namespace

Labels::Labels(const Limits& limits) : labels_(limits.labels), oldest_(limits.labels) {}

std::uint32_t Labels::add(AccountId account, std::string_view text, std::uint32_t order) {
    ASSERT(!text.empty() && text.size() <= label_size_max);
    const std::uint32_t oldest = first(account, text);
    const std::uint32_t slot = labels_.allocate();
    Label& label = labels_[slot];
    label.older = 0;
    label.younger = 0;
    label.youngest = slot;
    label.hash = hash_of(account, text);
    label.account = account;
    label.order = order;
    label.size = static_cast<std::uint32_t>(text.size());
    std::ranges::copy(text, label.letters.begin());
    if (oldest == 0) {
        oldest_.insert(label.hash, slot);
    } else {
        label.older = labels_[oldest].youngest;
        labels_[label.older].younger = slot;
        labels_[oldest].youngest = slot;
    }
    return slot;
}

void Labels::remove(std::uint32_t slot) {
    const Label& label = labels_[slot];
    if (label.older == 0) {
        oldest_.erase(label.hash, slot);
        if (label.younger != 0) {
            labels_[label.younger].older = 0;
            labels_[label.younger].youngest = label.youngest;
            oldest_.insert(label.hash, label.younger);
        }
    } else {
        labels_[label.older].younger = label.younger;
        if (label.younger != 0) {
            labels_[label.younger].older = label.older;
        } else {
            labels_[first(label.account, text(slot))].youngest = label.older;
        }
    }
    labels_.release(slot);
}

std::uint32_t Labels::first(AccountId account, std::string_view text) const {
    return oldest_.find(hash_of(account, text),
                        [&](std::uint32_t slot) { return is_same(labels_[slot], account, text); });
}

std::string_view Labels::text(std::uint32_t label) const {
    return std::string_view(labels_[label].letters.data(), label_size_max)
        .substr(0, labels_[label].size);
}

bool Labels::is_same(const Label& label, AccountId account, std::string_view text) const {
    const std::string_view letters(label.letters.data(), label_size_max);
    return label.account == account && letters.substr(0, label.size) == text;
}

}  // namespace miletus::accounts
