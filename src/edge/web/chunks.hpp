// A chunked body, unfolded in the place where it lies (RFC 9112, section 7.1). Stricter than many:
// what two servers might read differently is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::web {

class ChunkDecoder {
  public:
    enum class State : std::uint8_t { wants_more, complete, malformed, too_long };
    struct Step {
        State state = State::wants_more;
        std::size_t read = 0;     // bytes of the coding, from the front
        std::size_t written = 0;  // bytes of the body, which stand at the front now
    };

    // A body of at most so many bytes, and so many in the lines behind it.
    ChunkDecoder(std::size_t body_max, std::size_t trailer_max)
        : body_left_(body_max), trailer_left_(trailer_max) {}

    // Unfolds as much as is there.
    [[nodiscard]] Step unfold(std::span<std::byte> bytes);

  private:
    enum class Place : std::uint8_t {
        size,       // the digits of a size
        extension,  // what follows them, and means nothing
        size_end,   // the \n of that line
        data,
        data_cr,
        data_lf,
        trailer_start,  // of a line
        trailer,
        trailer_lf,
        last_lf,
    };

    [[nodiscard]] State step(std::uint8_t byte);
    [[nodiscard]] State step_in_size(std::uint8_t byte);
    [[nodiscard]] State step_in_trailer(std::uint8_t byte);
    [[nodiscard]] State move_on(bool is_expected, Place next);

    std::size_t body_left_;
    std::size_t trailer_left_;
    std::uint64_t chunk_left_ = 0;
    std::uint32_t line_bytes_ = 0;
    std::uint32_t digits_ = 0;
    Place place_ = Place::size;
};

}  // namespace miletus::web
