// Section: a table of the configuration while it is read. What is wrong is told with file, line and
// key, and the first of it only.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace miletus::serve {

// What a number may be.
struct Range {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

inline std::string line_of(const toml::node& node) {
    return std::to_string(node.source().begin.line);
}

// A table being read: what was not asked for at the end is a mistake.
class Section {
  public:
    // `name` is what stands before the keys: "limits.", or nothing.
    Section(const toml::table& table, std::string name, std::string path, std::string& problem)
        : table_(table), name_(std::move(name)), path_(std::move(path)), problem_(problem) {}

    void read(std::string_view key, std::integral auto& value, Range range) {
        const toml::node* node = find(key);
        if (node == nullptr) {
            return;
        }
        const auto number = node->value_exact<std::int64_t>();
        if (!number || *number < range.low || *number > range.high) {
            fail(*node, key,
                 "must be a number from " + std::to_string(range.low) + " to " +
                     std::to_string(range.high));
            return;
        }
        value = static_cast<std::remove_cvref_t<decltype(value)>>(*number);
    }
    void read(std::string_view key, bool& value) {
        read_exactly(key, value, "must be true or false");
    }
    void read(std::string_view key, std::string& value) {
        read_exactly(key, value, "must be a text in quotes");
    }
    void read_power_of_two(std::string_view key, std::uint32_t& value, Range range) {
        read(key, value, range);
        const toml::node* node = table_.get(key);
        if (problem_.empty() && node != nullptr && !std::has_single_bit(value)) {
            fail(*node, key, "must be a power of two");
        }
    }

    [[nodiscard]] const toml::node* find(std::string_view key) {
        known_.emplace(key);
        return table_.get(key);
    }
    void fail(const toml::node& node, std::string_view key, const std::string& what) {
        if (problem_.empty()) {
            problem_ = path_ + ":" + line_of(node) + ": " + name_ + std::string(key) + ": " + what;
        }
    }
    // About what need not stand there.
    void fail_all(std::string_view key, const std::string& what) {
        const toml::node* node = table_.get(key);
        fail(node != nullptr ? *node : static_cast<const toml::node&>(table_), key, what);
    }
    // About the first key that the sentence names; about the table where none of them stands there.
    void fail_where_named(const std::string& sentence) {
        for (const auto& [key, node] : table_) {
            if (sentence.contains(key.str())) {
                fail(node, key.str(), sentence);
                return;
            }
        }
        fail_all("name", sentence);
    }
    [[nodiscard]] bool is_good() const { return problem_.empty(); }
    // Calls visit(key, node) for each entry; the keys are the user's.
    template <class Visit>
    void for_each(Visit visit) {
        for (const auto& [key, node] : table_) {
            known_.emplace(key.str());
            visit(key.str(), node);
        }
    }
    // Calls read(section) for the table under the key; whether there is one.
    template <class Read>
    bool with_table(std::string_view key, Read read) {
        const toml::node* node = find(key);
        if (node == nullptr) {
            return false;
        }
        if (!node->is_table()) {
            fail(*node, key, "must be a table: [" + name_ + std::string(key) + "]");
            return true;
        }
        Section section(*node->as_table(), name_ + std::string(key) + ".", path_, problem_);
        read(section);
        section.finish();
        return true;
    }
    // Calls read(section, node) for each table of the array; whether there are any.
    template <class Read>
    bool with_tables(std::string_view key, Read read) {
        const toml::node* node = find(key);
        if (node == nullptr) {
            return false;
        }
        const toml::array* tables = node->as_array();
        const bool is_array = tables != nullptr && std::ranges::all_of(*tables, [](const auto& it) {
                                  return it.is_table();
                              });
        if (!is_array) {
            fail(*node, key, "must be an array of tables: [[" + name_ + std::string(key) + "]]");
            return true;
        }
        for (const toml::node& table : *tables) {
            Section section(*table.as_table(), name_ + std::string(key) + ".", path_, problem_);
            read(section, table);
            section.finish();
        }
        return true;
    }
    void finish() {
        for (const auto& [key, node] : table_) {
            if (!known_.contains(std::string(key.str()))) {
                fail(node, key.str(), "no such key; known here: " + known_keys());
            }
        }
    }

  private:
    template <class Value>
    void read_exactly(std::string_view key, Value& value, const std::string& what) {
        const toml::node* node = find(key);
        if (node == nullptr) {
            return;
        }
        const auto found = node->value_exact<Value>();
        if (!found) {
            fail(*node, key, what);
            return;
        }
        value = *found;
    }
    [[nodiscard]] std::string known_keys() const {
        std::string all;
        for (const std::string& key : known_) {
            all += (all.empty() ? "" : ", ") + key;
        }
        return all;
    }

    const toml::table& table_;
    std::string name_;
    std::string path_;
    std::string& problem_;
    std::set<std::string> known_;
};

}  // namespace miletus::serve
