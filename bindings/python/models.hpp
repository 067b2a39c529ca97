// Models: the kernels that Python can ask, each with the names of its columns. Nothing here knows
// of Python.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::python {

constexpr std::size_t numbers_max = 8;
constexpr std::size_t results_max = 9;

// As many rows as the first results have. Every other column is as long, or one number for all;
// results but the first, and the status, are empty where they are not wanted.
struct Rows {
    std::array<std::span<const double>, numbers_max> numbers;
    std::span<const std::int8_t> kinds;
    std::array<std::span<double>, results_max> results;
    std::span<std::uint8_t> status;
};

// One row by itself, and what comes of it.
struct PlainRow {
    std::array<double, numbers_max> numbers;
    std::int8_t kind;
};

struct PlainResults {
    std::array<double, results_max> results;
    std::uint8_t status;
};

struct Model {
    std::string_view name;
    std::span<const std::string_view> numbers;
    std::size_t results;
    void (*kernel)(const Rows& rows);
    PlainResults (*plain_kernel)(const PlainRow& row);
};

[[nodiscard]] std::span<const Model> models();

}  // namespace miletus::python
