// SHA-256 (FIPS 180-4) with a vector in place of each word: lane n works on block n. The compiler
// chooses the instructions; only the width is ours.
#include "base/block_digest.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

namespace miletus {

namespace {

using Lanes8 [[gnu::vector_size(32)]] = std::uint32_t;
using Lanes16 [[gnu::vector_size(64)]] = std::uint32_t;

template <class Lanes>
constexpr std::size_t lane_count = sizeof(Lanes) / sizeof(std::uint32_t);

constexpr std::size_t chunk = 64;  // bytes that one compression takes
constexpr std::size_t chunks_per_block = digest_block / chunk;

// Fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
// Fractional parts of the square roots of the first eight.
constexpr std::array<std::uint32_t, 8> first_state = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

using BlockDigests = std::array<Sha256, digest_blocks_max>;

template <class Lanes>
using State = std::array<Lanes, 8>;
template <class Lanes>
using Words = std::array<Lanes, 16>;

template <int by, class Lanes>
[[gnu::always_inline]] inline Lanes rotated(const Lanes& value) {
    return (value >> by) | (value << (32 - by));
}

// Where a word of the state stands in this round: they change places and do not move.
constexpr std::size_t place(std::size_t word, std::size_t round) {
    return (word + 64 - round) % 8;
}

template <std::size_t round, class Lanes>
[[gnu::always_inline]] inline void take_round(State<Lanes>& state, Words<Lanes>& words) {
    Lanes& word = words[round % 16];
    if constexpr (round >= 16) {
        const Lanes early = words[(round + 1) % 16];
        const Lanes late = words[(round + 14) % 16];
        word += (rotated<7>(early) ^ rotated<18>(early) ^ (early >> 3)) + words[(round + 9) % 16] +
                (rotated<17>(late) ^ rotated<19>(late) ^ (late >> 10));
    }
    const Lanes a = state[place(0, round)];
    const Lanes b = state[place(1, round)];
    const Lanes c = state[place(2, round)];
    const Lanes e = state[place(4, round)];
    const Lanes f = state[place(5, round)];
    const Lanes g = state[place(6, round)];
    Lanes& h = state[place(7, round)];
    const Lanes first = h + (rotated<6>(e) ^ rotated<11>(e) ^ rotated<25>(e)) +
                        (g ^ (e & (f ^ g))) + round_constants[round] + word;
    const Lanes second =
        (rotated<2>(a) ^ rotated<13>(a) ^ rotated<22>(a)) + ((a & b) | (c & (a | b)));
    state[place(3, round)] += first;
    h = first + second;
}

// Every round by itself: all words stay in registers.
template <class Lanes, std::size_t... round>
[[gnu::always_inline]] inline void take_rounds(State<Lanes>& state, Words<Lanes>& words,
                                               std::index_sequence<round...> /*rounds*/) {
    (take_round<round>(state, words), ...);
}

template <class Lanes>
[[gnu::always_inline]] inline void compress(State<Lanes>& state, Words<Lanes>& words) {
    const State<Lanes> before = state;
    take_rounds(state, words, std::make_index_sequence<64>());
    for (std::size_t at = 0; at < state.size(); ++at) {
        state[at] += before[at];
    }
}

// Bytes of each word in the other order.
template <class Lanes, std::size_t... byte>
[[gnu::always_inline]] inline Lanes swapped(const Lanes& value,
                                            std::index_sequence<byte...> /*bytes*/) {
    using Bytes [[gnu::vector_size(sizeof(Lanes))]] = std::uint8_t;
    const auto bytes = std::bit_cast<Bytes>(value);
    const Bytes other = __builtin_shufflevector(bytes, bytes, static_cast<int>(byte ^ 3U)...);
    return std::bit_cast<Lanes>(other);
}

// Exchanges, between two rows, the lanes whose number has this bit with those whose number has not.
template <std::size_t bit, class Lanes, std::size_t... lane>
[[gnu::always_inline]] inline void exchange(Lanes& upper, Lanes& lower,
                                            std::index_sequence<lane...> /*lanes*/) {
    constexpr std::size_t count = sizeof...(lane);
    const Lanes first = __builtin_shufflevector(
        upper, lower, static_cast<int>((lane & bit) == 0 ? lane : count + lane - bit)...);
    const Lanes second = __builtin_shufflevector(
        upper, lower, static_cast<int>((lane & bit) == 0 ? lane + bit : count + lane)...);
    upper = first;
    lower = second;
}

// Rows become columns: one exchange for each bit of a lane's number.
template <std::size_t bit, class Lanes>
[[gnu::always_inline]] inline void transpose(std::span<Lanes, lane_count<Lanes>> rows) {
    for (std::size_t at = 0; at < rows.size(); ++at) {
        if ((at & bit) == 0) {
            exchange<bit>(rows[at], rows[at + bit], std::make_index_sequence<lane_count<Lanes>>());
        }
    }
    if constexpr (bit * 2 < lane_count<Lanes>) {
        transpose<bit * 2, Lanes>(rows);
    }
}

// The same sixteen words of each block; lanes without a block repeat the last.
template <class Lanes>
[[gnu::always_inline]] inline Words<Lanes> words_at(std::span<const std::byte> blocks,
                                                    std::size_t offset) {
    const std::size_t last = blocks.size() - digest_block;
    Words<Lanes> words;
    for (std::size_t at = 0; at < words.size(); at += lane_count<Lanes>) {
        const std::span<Lanes, lane_count<Lanes>> rows =
            std::span(words).subspan(at).template first<lane_count<Lanes>>();
        for (std::size_t lane = 0; lane < rows.size(); ++lane) {
            const std::size_t begin = std::min(lane * digest_block, last) + offset + at * 4;
            std::array<std::byte, sizeof(Lanes)> bytes{};
            std::ranges::copy(blocks.subspan(begin).template first<sizeof(Lanes)>(), bytes.begin());
            rows[lane] =
                swapped(std::bit_cast<Lanes>(bytes), std::make_index_sequence<sizeof(Lanes)>());
        }
        transpose<1, Lanes>(rows);
    }
    return words;
}

// As every message ends: a one, zeros, its length in bits.
template <class Lanes>
[[gnu::always_inline]] inline Words<Lanes> last_words() {
    Words<Lanes> words{};
    words[0] += 0x80000000U;
    words[15] += static_cast<std::uint32_t>(digest_block * 8);
    return words;
}

// The digests of as many blocks as there are lanes.
template <class Lanes>
[[gnu::always_inline]] inline std::array<Sha256, lane_count<Lanes>> digests_of(
    std::span<const std::byte> blocks) {
    State<Lanes> state{};
    for (std::size_t at = 0; at < state.size(); ++at) {
        state[at] += first_state[at];
    }
    for (std::size_t at = 0; at < chunks_per_block; ++at) {
        Words<Lanes> words = words_at<Lanes>(blocks, at * chunk);
        compress<Lanes>(state, words);
    }
    Words<Lanes> last = last_words<Lanes>();
    compress<Lanes>(state, last);
    std::array<Sha256, lane_count<Lanes>> digests{};
    for (std::size_t lane = 0; lane < digests.size(); ++lane) {
        std::array<std::uint32_t, 8> words{};
        for (std::size_t at = 0; at < words.size(); ++at) {
            words[at] = __builtin_bswap32(state[at][lane]);
        }
        digests[lane] = std::bit_cast<Sha256>(words);
    }
    return digests;
}

// Digests of the blocks, in groups of as many as there are lanes.
template <class Lanes>
[[gnu::always_inline]] inline BlockDigests all_digests(std::span<const std::byte> bytes) {
    BlockDigests all{};
    const std::size_t count = bytes.size() / digest_block;
    for (std::size_t at = 0; at < count; at += lane_count<Lanes>) {
        const std::size_t taken = std::min(lane_count<Lanes>, count - at);
        const auto group =
            digests_of<Lanes>(bytes.subspan(at * digest_block, taken * digest_block));
        std::ranges::copy(std::span(group).first(taken), std::span(all).subspan(at).begin());
    }
    return all;
}

BlockDigests by_one(std::span<const std::byte> bytes) {
    BlockDigests all{};
    for (std::size_t at = 0; at < bytes.size() / digest_block; ++at) {
        all[at] = sha256(bytes.subspan(at * digest_block, digest_block));
    }
    return all;
}
BlockDigests by_eight(std::span<const std::byte> bytes) {
    return all_digests<Lanes8>(bytes);
}
[[gnu::target("avx512f,avx512bw,avx512vl")]] BlockDigests by_sixteen(
    std::span<const std::byte> bytes) {
    return all_digests<Lanes16>(bytes);
}

// A vector of lanes takes as long as three blocks one by one.
constexpr std::size_t blocks_worth_lanes = 4;

BlockDigests digests_by(DigestLanes lanes, std::span<const std::byte> bytes) {
    if (lanes == DigestLanes::one || bytes.size() < blocks_worth_lanes * digest_block) {
        return by_one(bytes);
    }
    return lanes == DigestLanes::eight ? by_eight(bytes) : by_sixteen(bytes);
}

}  // namespace

DigestLanes widest_digest_lanes() {
    static const bool has_sixteen = __builtin_cpu_supports("avx512f") != 0 &&
                                    __builtin_cpu_supports("avx512bw") != 0 &&
                                    __builtin_cpu_supports("avx512vl") != 0;
    return has_sixteen ? DigestLanes::sixteen : DigestLanes::eight;
}

Sha256 block_digest(std::span<const std::byte> bytes, DigestLanes lanes) {
    const std::size_t count = bytes.size() / digest_block;
    ASSERT(bytes.size() % digest_block == 0 && count <= digest_blocks_max);
    const BlockDigests digests = digests_by(lanes, bytes);
    return sha256(std::as_bytes(std::span(digests).first(count)));
}

}  // namespace miletus
