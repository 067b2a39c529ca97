// MethodTable: what answers each method that a table names; nothing for the others.
#pragma once

#include "base/assert.hpp"
#include "edge/gateway/deribit/schema/schema.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace miletus::deribit {

template <class Answer>
class MethodTable {
  public:
    struct Row {
        Method method{};
        Answer answer = nullptr;
    };
    // A method that is named twice does not compile.
    consteval MethodTable(std::initializer_list<Row> rows) {
        for (const Row& row : rows) {
            ASSERT(answers_[std::to_underlying(row.method)] == nullptr);
            answers_[std::to_underlying(row.method)] = row.answer;
        }
    }

    [[nodiscard]] constexpr Answer operator[](Method method) const {
        return answers_[std::to_underlying(method)];
    }

  private:
    static constexpr std::size_t size = 256;  // of a byte
    std::array<Answer, size> answers_{};
};

}  // namespace miletus::deribit
