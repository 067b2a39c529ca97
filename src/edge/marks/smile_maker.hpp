// SmileMaker: one underlying's surface from the best quotes of its books; where they say nothing,
// from the smiles that they made before; else from the surface that is fixed for it.
#pragma once

#include "edge/marks/markets.hpp"
#include "edge/marks/mending.hpp"
#include "edge/marks/settings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace miletus::marks {

// Where the smiles of a surface come from.
struct MadeSurface {
    std::vector<pricing::Smile> smiles;  // none where nothing is known
    std::uint32_t from_quotes = 0;
    std::uint32_t remembered = 0;
    std::uint32_t fixed = 0;
    std::uint32_t mended = 0;
    std::uint32_t dropped = 0;
};

// What the books of one underlying say, by expiry.
struct BooksOfExpiry {
    double years = 0;   // that are left
    double listed = 0;  // the middle of the future; zero where there is none
};
struct Books {
    std::map<UnixNanos, BooksOfExpiry> expiries;
    std::vector<pricing::Quote> quotes;  // with both sides
};
[[nodiscard]] Books books_of(const Markets& markets, UnderlyingId underlying, UnixNanos now);

class SmileMaker {
  public:
    SmileMaker(const std::optional<FixedSurface>& fixed, Nanos memory);

    // One smile at most for each expiry that options have. The underlying has an index.
    [[nodiscard]] MadeSurface make(const Markets& markets, UnderlyingId underlying, UnixNanos now);

  private:
    // Of quotes, as they were: volatilities and carry are held.
    struct Remembered {
        pricing::Svi svi{};
        double years = 0;   // that were left
        double growth = 1;  // of the forward, from the index
        UnixNanos when;
    };
    void remember_quotes(const Books& books, double index, UnixNanos now);
    [[nodiscard]] std::optional<FittedSmile> smile_at(UnixNanos expiry, const BooksOfExpiry& books,
                                                      IndexPrice index, UnixNanos now,
                                                      MadeSurface& made) const;

    std::optional<FixedSurface> fixed_;
    Nanos memory_;
    std::map<UnixNanos, Remembered> remembered_;  // by expiry
};

}  // namespace miletus::marks
