// JSON, appended to a text that the caller keeps: commas come by themselves, numbers are exact. It
// does not check that objects and lists are closed.
#pragma once

#include "base/annotations.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace miletus::deribit {

class JsonWriter {
  public:
    // What stands in `out` before stays, and is no part of the JSON.
    explicit JsonWriter(std::string& out LIFETIME_BOUND) : out_(&out), begin_(out.size()) {}

    void begin_object() { open('{'); }
    void end_object() { out_->push_back('}'); }
    void begin_array() { open('['); }
    void end_array() { out_->push_back(']'); }

    // A name of the tables: nothing in it needs an escape.
    void key(std::string_view name);

    // Valid UTF-8; control characters, quotes and backslashes are escaped.
    void text(std::string_view value);
    void integer(std::int64_t value);
    // value / 10^decimals, without an exponent and without zeros at the end.
    void decimal(int128 value, std::uint32_t decimals);
    // With so many digits behind the point at most; null where it is no finite number.
    void real(double value, std::uint32_t digits);
    void boolean(bool value);
    void null();
    // JSON already.
    void raw(std::string_view json);

    // ---- A key and its value ----
    void text(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    void integer(std::string_view name, std::int64_t value) {
        key(name);
        integer(value);
    }
    void decimal(std::string_view name, int128 value, std::uint32_t decimals) {
        key(name);
        decimal(value, decimals);
    }
    void real(std::string_view name, double value, std::uint32_t digits) {
        key(name);
        real(value, digits);
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        boolean(value);
    }
    void null(std::string_view name) {
        key(name);
        null();
    }
    void raw(std::string_view name, std::string_view json) {
        key(name);
        raw(json);
    }

  private:
    // A comma, unless what follows is the first of its kind or the value of a key.
    void separate() {
        if (out_->size() == begin_) {
            return;
        }
        const char last = out_->back();
        if (last != '{' && last != '[' && last != ':') {
            out_->push_back(',');
        }
    }
    void open(char bracket) {
        separate();
        out_->push_back(bracket);
    }
    void escape(std::string_view value);

    std::string* out_;
    std::size_t begin_;
};

}  // namespace miletus::deribit
