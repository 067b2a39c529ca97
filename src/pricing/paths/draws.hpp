// Normal draws of one batch of paths, each into its row.
#pragma once

#include "pricing/lanes/columns.hpp"
#include "pricing/paths/normal.hpp"
#include "pricing/paths/philox.hpp"
#include "pricing/paths/terms.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace miletus::pricing {

template <class L>
ALWAYS_INLINE typename L::Real load(const PathRow& row, std::size_t part) {
    return L::load(lanes::behind(row.numbers.data(), part));
}

template <class L>
ALWAYS_INLINE void store(PathRow& row, std::size_t part, typename L::Real value) {
    L::store(lanes::behind(row.numbers.data(), part), value);
}

template <class L>
void draw_philox(const PathTerms& terms, const PathRoom& room, std::size_t batch) {
    using Word = typename L::Word;
    const std::uint64_t first = (room.first_path + batch * batch_paths) & 0xFFFF'FFFFU;
    for (std::size_t part = 0; part < batch_paths; part += L::width) {
        const Word paths = L::lane_numbers() + L::word(first + part);
        const PhiloxPaths<L> generator(terms.seed, paths, 0);
        for (std::size_t at = 0; at < terms.dimensions; at += 2) {
            const PhiloxWords<L> words = generator.at(*lanes::behind(room.steps, at / 2));
            PathRow& first_row = *lanes::behind(room.rows, *lanes::behind(terms.places, at));
            PathRow& second_row = *lanes::behind(room.rows, *lanes::behind(terms.places, at + 1));
            store<L>(first_row, part, normal_of<L>(words.high));
            store<L>(second_row, part, normal_of<L>(words.low));
        }
    }
}

// In Gray's order: the next batch differs in one direction, and in the last one that tells its
// paths apart.
template <class L>
void draw_sobol(const PathTerms& terms, const PathRoom& room, std::size_t batch) {
    constexpr std::uint64_t steps = 28;  // 2^32 points in batches of 2^4
    for (std::size_t at = 0; at < terms.dimensions; ++at) {
        const typename L::Word point = L::word(*lanes::behind(room.points, at));
        const PathRow& lane_points = *lanes::behind(terms.point_lanes, at);
        PathRow& row = *lanes::behind(room.rows, *lanes::behind(terms.places, at));
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            const auto bits = point ^ bits_of(load<L>(lane_points, part));
            store<L>(row, part, normal_of<L>(bits));
        }
    }
    const std::uint64_t next = room.first_path / batch_paths + batch + 1;
    const auto changed = std::countr_zero(next | (std::uint64_t{1} << (steps - 1)));
    const std::uint64_t* changes =
        lanes::behind(terms.point_steps, static_cast<std::size_t>(changed) * terms.dimensions);
    for (std::size_t at = 0; at < terms.dimensions; ++at) {
        *lanes::behind(room.points, at) ^= *lanes::behind(changes, at);
    }
}

}  // namespace miletus::pricing
