// HandOver: prepared marks on their way from the one thread that prepares them to the engine's, and
// back, in the order of their going. A bounded number is away at a time; neither side ever waits,
// and the engine's side neither allocates nor frees.
#pragma once

#include "base/gate.hpp"
#include "prepared/prepared_marks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace miletus::prepared {

class HandOver {
  public:
    explicit HandOver(std::uint32_t places);

    // ---- The preparing thread ----
    // Takes the marks, unless too many are away; says whether it did.
    [[nodiscard]] bool offer(std::unique_ptr<PreparedMarks>& marks);
    // What the engine needs no longer; nothing where it has given nothing back.
    [[nodiscard]] std::unique_ptr<PreparedMarks> take_back();

    // ---- The engine's thread ----
    [[nodiscard]] std::unique_ptr<PreparedMarks> take();
    // There is always room: it came from here.
    void give_back(std::unique_ptr<PreparedMarks> marks);

  private:
    // One way, from one thread to one other.
    class Lane {
      public:
        explicit Lane(std::uint32_t places) : places_(places) {}
        void put(std::unique_ptr<PreparedMarks> marks);
        [[nodiscard]] std::unique_ptr<PreparedMarks> take();

      private:
        [[nodiscard]] std::unique_ptr<PreparedMarks>& place(std::uint64_t position) {
            return places_[position % places_.size()];
        }

        std::vector<std::unique_ptr<PreparedMarks>> places_;
        Gate gate_{1};
        alignas(128) std::uint64_t written_ = 0;  // the writer's own
        alignas(128) std::uint64_t read_ = 0;     // the reader's own
    };

    Lane there_;
    Lane back_;
    std::uint32_t places_;
    std::uint32_t away_ = 0;  // the preparing thread's own
};

}  // namespace miletus::prepared
