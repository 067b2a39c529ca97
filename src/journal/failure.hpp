// Why a journal cannot go on: its disk refused, or its bytes are not what was written. Either names
// the place, and stops the process that meets it; nothing is repaired by guessing.
#pragma once

#include "base/units.hpp"
#include "host/io_result.hpp"
#include "journal/format.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace miletus::journal {

struct Failure {
    Damage damage = Damage::none;  // none where the disk refused
    std::string file;
    std::uint64_t offset = 0;
    Sequence sequence{};  // the command that should be there
    std::string detail;   // what the disk said
    bool is_disk_full = false;

    Failure() = default;
    Failure(host::IoError error)  // NOLINT: implicit, to hand on
        : detail(error.sentence()), is_disk_full(error.is_disk_full()) {}
    Failure(Damage what, std::string_view name, std::uint64_t where, Sequence next)
        : damage(what), file(name), offset(where), sequence(next) {}

    // Such as: 00000001.segment, byte 8192, sequence 17: payload checksum does not match
    [[nodiscard]] std::string sentence() const;
};

template <class T>
struct [[nodiscard]] JournalResult : std::expected<T, Failure> {
    using std::expected<T, Failure>::expected;
};

template <class T>
[[nodiscard]] std::unexpected<Failure> failure_of(const JournalResult<T>& failed) {
    return std::unexpected(failed.error());
}

}  // namespace miletus::journal
