// Pages: where one ends, told as a text that the next one begins with. Entries are looked through
// newest first; a token names the first one that was not told.
#pragma once

#include "base/units.hpp"
#include "edge/gateway/deribit/objects/short_text.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::deribit {

// Of entries that have moments, several maybe the same: the moment, and which of those it is.
struct PagePlace {
    UnixNanos time;
    std::uint64_t number = 0;
};
[[nodiscard]] IdText page_token(const PagePlace& place);
[[nodiscard]] std::optional<PagePlace> page_place(std::string_view token);

// "continuation": a token, or null at the end.
void write_continuation(JsonWriter& writer, const std::optional<PagePlace>& next);

// Decides, entry by entry, what stands on a page.
class Page {
  public:
    Page(std::uint32_t count, const std::optional<PagePlace>& start)
        : count_(count), start_(start) {}

    // Whether the next entry, of this moment, is to be told.
    [[nodiscard]] bool takes(UnixNanos time) {
        number_ = time == last_ ? number_ + 1 : 0;
        last_ = time;
        if (next_.has_value()) {
            return false;
        }
        if (start_.has_value() &&
            (time > start_->time || (time == start_->time && number_ < start_->number))) {
            return false;
        }
        if (taken_ == count_) {
            next_ = PagePlace{.time = time, .number = number_};
            return false;
        }
        ++taken_;
        return true;
    }
    [[nodiscard]] bool is_full() const { return next_.has_value(); }
    // Where the next page begins; none where there is none.
    [[nodiscard]] const std::optional<PagePlace>& next() const { return next_; }

  private:
    std::uint32_t count_;
    std::optional<PagePlace> start_;
    std::optional<PagePlace> next_;
    std::uint32_t taken_ = 0;
    UnixNanos last_{-1};
    std::uint64_t number_ = 0;
};

}  // namespace miletus::deribit
