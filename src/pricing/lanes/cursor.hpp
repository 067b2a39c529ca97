// Cursor: where lanes stand in their columns. A whole one reads and writes straight through; one at
// the end of the columns, where fewer numbers are left than there are lanes, goes by way of a full
// row whose other numbers are harmless, so that the last prices take the same way as the first.
#pragma once

#include "pricing/lanes/columns.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

template <class L>
struct WholeCursor {
    std::size_t at;

    ALWAYS_INLINE typename L::Real load(const Column<double>& column) const {
        return column.is_same_for_all ? L::real(*column.numbers)
                                      : L::load(behind(column.numbers, at));
    }
    ALWAYS_INLINE typename L::Real load_signs(const Column<std::int8_t>& column) const {
        return column.is_same_for_all ? L::real(static_cast<double>(*column.numbers))
                                      : L::load_signs(behind(column.numbers, at));
    }
    ALWAYS_INLINE void store(double* column, typename L::Real value) const {
        if (column != nullptr) {
            L::store(behind(column, at), value);
        }
    }
    ALWAYS_INLINE void store_status(std::uint8_t* column, typename L::Real value) const {
        std::array<double, L::width> row;
        L::store(row.data(), value);
        for (std::size_t lane = 0; lane < L::width; ++lane) {
            *behind(column, at + lane) = static_cast<std::uint8_t>(row[lane]);
        }
    }
};

template <class L>
struct LastCursor {
    using Row = std::array<double, L::width>;
    std::size_t at;
    std::size_t left;

    static Row ones() {
        Row row;
        L::store(row.data(), L::real(1.0));
        return row;
    }

    typename L::Real load(const Column<double>& column) const {
        if (column.is_same_for_all) {
            return L::real(*column.numbers);
        }
        Row row = ones();
        for (std::size_t lane = 0; lane < left; ++lane) {
            row[lane] = *behind(column.numbers, at + lane);
        }
        return L::load(row.data());
    }
    typename L::Real load_signs(const Column<std::int8_t>& column) const {
        if (column.is_same_for_all) {
            return L::real(static_cast<double>(*column.numbers));
        }
        Row row = ones();
        for (std::size_t lane = 0; lane < left; ++lane) {
            row[lane] = static_cast<double>(*behind(column.numbers, at + lane));
        }
        return L::load(row.data());
    }
    void store(double* column, typename L::Real value) const {
        if (column != nullptr) {
            std::array<double, L::width> row;
            L::store(row.data(), value);
            for (std::size_t lane = 0; lane < left; ++lane) {
                *behind(column, at + lane) = row[lane];
            }
        }
    }
    void store_status(std::uint8_t* column, typename L::Real value) const {
        std::array<double, L::width> row;
        L::store(row.data(), value);
        for (std::size_t lane = 0; lane < left; ++lane) {
            *behind(column, at + lane) = static_cast<std::uint8_t>(row[lane]);
        }
    }
};

// Calls step(cursor) for each row of the columns.
template <class L, class Step>
ALWAYS_INLINE void for_each_row(std::size_t count, Step step) {
    std::size_t at = 0;
    for (; at + L::width <= count; at += L::width) {
        step(WholeCursor<L>{at});
    }
    if (at < count) {
        step(LastCursor<L>{at, count - at});
    }
}

}  // namespace miletus::lanes
