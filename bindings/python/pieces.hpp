// Pieces: rows of a question for a kernel to work on. Where all columns lie straight, a whole share
// is one piece, in place; else each piece is gathered.
#pragma once

#include "bindings/python/question.hpp"
#include "host/shares.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::python {

// Rows that are gathered at once; rows that are shared out at least.
constexpr std::size_t piece = 512;
constexpr std::size_t grain = 4096;

// What a thread gathers into.
class Gathered {
  public:
    void add_to(Rows& rows, const Question& question, host::Share share) {
        for (std::size_t at = 0; at < question.model->numbers.size(); ++at) {
            add<double>(rows.numbers[at], question.numbers[at], question.shape, share,
                        numbers_[at]);
        }
        add<std::int8_t>(rows.kinds, question.kinds, question.shape, share, kinds_);
    }

  private:
    template <class Number>
    static void add(std::span<const Number>& column, const Strip<Number>& strip, const Shape& shape,
                    host::Share share, std::span<Number> room) {
        if (!strip.is_straight()) {
            gather(strip.column.first, strip.steps, shape, share.first, room.first(share.count));
            column = room.first(share.count);
        }
    }

    std::array<std::array<double, piece>, numbers_max> numbers_;
    std::array<std::int8_t, piece> kinds_;
};

template <class Work>
void work_in_pieces(const Question& question, host::Share share, const Work& work) {
    Gathered gathered;
    for (std::size_t done = 0; done < share.count; done += piece) {
        const host::Share now{share.first + done, std::min(piece, share.count - done)};
        Rows rows = question.straight_rows(now.first, now.count);
        gathered.add_to(rows, question, now);
        work(rows, now);
    }
}

// Calls work(rows, share) for all rows, on as many threads; small pieces where it must be so.
template <class Work>
void work_on(const Question& question, std::size_t threads, bool must_be_small, const Work& work) {
    const bool is_whole = question.is_straight() && !must_be_small;
    host::share_out(question.count, grain, threads, [&](host::Share share) {
        if (is_whole) {
            work(question.straight_rows(share.first, share.count), share);
        } else {
            work_in_pieces(question, share, work);
        }
    });
}

}  // namespace miletus::python
