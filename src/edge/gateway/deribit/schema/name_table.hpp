// A table from names to the numbers 0, 1, 2…, made while compiling: open addressing by a hash of
// the length and some letters, so that a look-up touches few of them before it compares.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace miletus::deribit {

template <std::size_t count>
class NameTable {
  public:
    constexpr explicit NameTable(const std::array<std::string_view, count>& names) : names_(names) {
        places_.fill(empty);
        for (std::size_t number = 0; number < count; ++number) {
            std::size_t place = hash(names[number]);
            while (places_[place] != empty) {
                place = (place + 1) % size;
            }
            places_[place] = static_cast<std::uint16_t>(number);
        }
    }

    // `count` where no name is the same.
    [[nodiscard]] constexpr std::size_t find(std::string_view name) const {
        if (name.empty()) {
            return count;
        }
        for (std::size_t place = hash(name); places_[place] != empty; place = (place + 1) % size) {
            if (names_[places_[place]] == name) {
                return places_[place];
            }
        }
        return count;
    }

    // The most names that a look-up compares.
    [[nodiscard]] constexpr std::size_t comparisons_max() const {
        std::size_t most = 0;
        std::size_t run = 0;
        for (std::size_t place = 0; place < 2 * size; ++place) {
            run = places_[place % size] == empty ? 0 : run + 1;
            most = run > most ? run : most;
        }
        return most;
    }

  private:
    static constexpr std::uint16_t empty = 0xffff;
    // At most a quarter full.
    static constexpr std::size_t size = std::bit_ceil(4 * count);

    [[nodiscard]] static constexpr std::size_t hash(std::string_view name) {
        const auto letter = [name](std::size_t at) {
            return static_cast<std::uint64_t>(static_cast<unsigned char>(name[at]));
        };
        const std::size_t length = name.size();
        const std::uint64_t mixed = length * 0x9e37'79b9'7f4a'7c15U +
                                    letter(0) * 0xc2b2'ae3d'27d4'eb4fU +
                                    letter(length / 2) * 0x1656'67b1'9e37'79f9U +
                                    letter(length - length / 4 - 1) * 0xd6e8'feb8'6659'fd93U +
                                    letter(length - 1) * 0xff51'afd7'ed55'8ccdU;
        return static_cast<std::size_t>(mixed >> 48U) % size;
    }

    std::array<std::string_view, count> names_;
    std::array<std::uint16_t, size> places_{};
};

}  // namespace miletus::deribit
