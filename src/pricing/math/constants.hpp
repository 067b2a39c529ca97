// Made by tools/pricing/constants.py, which says what each is and measures it.
#pragma once

#include "pricing/lanes/table.hpp"

#include <array>
#include <cstdint>

namespace miletus::math {

// The standard deviation that a straddle implies where prices add up.
constexpr std::array<double, 8> bachelier_above{
    0x1.9915860e5e3ddp-2,  0x1.50275aaa9f939p+4,  0x1.8e6d5e1f1349cp+5,  0x1.2b7024619cbc3p+9,
    0x1.ce1f572b87d47p+10, 0x1.7da5289526cfep+12, 0x1.85989c85a0509p+14, 0x1.8bc4a4e440b07p+13};
constexpr std::array<double, 10> bachelier_below{
    0x1.0000000000000p+0,  0x1.8f3e23b403024p+5,  0x1.eef8c9d7cb246p+4,  0x1.75c6b874c7632p+10,
    0x1.4ae75496c561cp+10, 0x1.f3a993689238fp+13, 0x1.75c05b0d1cce9p+14, 0x1.c31a25c07681ep+11,
    -0x1.9d8b3cda26c76p+7, 0x1.77c1ca3691867p+3};

// sin and cos by the square of what is left of a turn, and a quarter of a turn in parts
// that multiply with whole numbers below 2^30 without rounding.
constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
constexpr std::array<double, 4> quarter_turn{0x1.921fb40000000p+0, 0x1.4442d00000000p-24,
                                             0x1.8469880000000p-48, 0x1.8cc51701b839ap-72};
constexpr std::array<double, 6> sine_terms{-0x1.5555555555555p-3,  0x1.1111111110bb1p-7,
                                           -0x1.a01a019e8357dp-13, 0x1.71de37961e4c6p-19,
                                           -0x1.ae600a926c89ap-26, 0x1.5e0af186af739p-33};
constexpr std::array<double, 6> cosine_terms{0x1.5555555555555p-5,  -0x1.6c16c16c16966p-10,
                                             0x1.a01a019f4e867p-16, -0x1.27e4fa17a41b4p-22,
                                             0x1.1eeb68b109173p-29, -0x1.907d7aebd5e3dp-37};

// 1 - x R(x) on [0, 40], R of Mills: by how much a normal number exceeds x, over n(x).
constexpr std::array<double, 10> excess_above{
    0x1.0000000000000p+0,  0x1.497db3cba90bep+0, 0x1.af0eee2af2e62p-1, 0x1.6dbad7627014bp-2,
    0x1.b5e467b9d7821p-4,  0x1.7d4b9c65916bep-6, 0x1.e23a8b057132bp-9, 0x1.ac4b97e965f98p-12,
    0x1.e8b0b41f4503ap-16, 0x1.15a2f47372c66p-20};
constexpr std::array<double, 12> excess_below{
    0x1.0000000000000p+0, 0x1.452b72e585bfep+1,  0x1.834dec7fbc89bp+1,  0x1.1e2c34d811d61p+1,
    0x1.244b63f148d5ap+0, 0x1.b2c20d424e01ep-2,  0x1.e2629e754122cp-4,  0x1.914520c85e2c1p-6,
    0x1.edaeaf23236d6p-9, 0x1.af8c80ca543a3p-12, 0x1.e8b0b41eb2c31p-16, 0x1.15a2f4737d583p-20};

// exp(x) = 2^(n/16) exp(r): the powers, what rounding took from them, relatively, and r.
constexpr lanes::Table exp_powers{lanes::Table::Numbers{
    0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
    0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
    0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
    0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0}};
constexpr lanes::Table exp_powers_rest{lanes::Table::Numbers{
    0x0.0p+0, 0x1.79aa65d837b6dp-54, -0x1.01b15eaa59348p-55, 0x1.68efde3a8a894p-54,
    0x1.34d754db0abb6p-55, 0x1.59f48a72a4c6dp-55, 0x1.690cebb7aafb0p-56, 0x1.063e1e21c5409p-54,
    -0x1.3b3efbf5e2228p-54, -0x1.b32dcb94da51dp-56, 0x1.db72fc1f0eab4p-55, 0x1.1affc2b91ce27p-56,
    0x1.c1a7792cb3387p-55, 0x1.36eae30af0cb3p-56, 0x1.4a385a63d07a7p-56, -0x1.ff7128fd391f0p-55}};
constexpr double sixteen_over_ln2 = 0x1.71547652b82fep+4;
constexpr double ln2_sixteenth = 0x1.62e42fee00000p-5;
constexpr double ln2_sixteenth_rest = 0x1.a39ef35793c76p-37;
constexpr std::array<double, 5> exp_terms{0x1.0000000000000p-1, 0x1.55555554dd388p-3,
                                          0x1.555555551946fp-5, 0x1.11120b03cd855p-7,
                                          0x1.6c17bb5ebddb4p-10};

// log(x) = k ln 2 - log(inverse) + log(1 + r), r = z inverse - 1, x = 2^k z.
constexpr std::uint64_t log_offset = 0x3fe6800000000000;
constexpr lanes::Table log_inverses{lanes::Table::Numbers{
    0x1.6420000000000p+0, 0x1.5550000000000p+0, 0x1.47a0000000000p+0, 0x1.3b10000000000p+0,
    0x1.2f60000000000p+0, 0x1.2490000000000p+0, 0x1.1a70000000000p+0, 0x1.1110000000000p+0,
    0x1.0840000000000p+0, 0x1.0000000000000p+0, 0x1.e1e0000000000p-1, 0x1.c710000000000p-1,
    0x1.af20000000000p-1, 0x1.9990000000000p-1, 0x1.8610000000000p-1, 0x1.7450000000000p-1}};
constexpr lanes::Table log_high{lanes::Table::Numbers{
    -0x1.5206dfd187000p-2, -0x1.268620f34e000p-2, -0x1.f939c4e72e000p-3, -0x1.a926d3a4ae000p-3,
    -0x1.5bbc05f142000p-3, -0x1.1168e81280000p-3, -0x1.928de26380000p-4, -0x1.08498b51e4000p-4,
    -0x1.03d5d85e78000p-5, 0x0.0p+0, 0x1.f0c30c1110000p-5, 0x1.e2e0786ab4000p-4,
    0x1.601b076e7a000p-3, 0x1.c92f7d09aa000p-3, 0x1.168bcaf73b000p-2, 0x1.463cbcc3c9000p-2}};
constexpr lanes::Table log_low{lanes::Table::Numbers{
    0x1.1d39816b86194p-43, 0x1.385da333a2579p-43, 0x1.4c5fc35fe2798p-44, 0x1.53935e85baac8p-44,
    0x1.b79db4ea8972ep-43, 0x1.cd97921cd4691p-43, 0x1.c3198852d3320p-43, 0x1.93b33c55fb24fp-46,
    0x1.0443b4f896b19p-43, 0x0.0p+0, 0x1.8d44329dd20a0p-43, 0x1.29ecbc67f841cp-43,
    0x1.152d7d4dfc8e5p-44, 0x1.e224e28e1c7bdp-43, 0x1.f5c9120c69d72p-45, 0x1.7082e4e0802d1p-43}};
constexpr double ln2_high = 0x1.62e42fefa3000p-1;
constexpr double ln2_low = 0x1.3de6af278ece6p-42;
constexpr std::array<double, 9> log_terms{
    0x1.5555555555555p-2,  -0x1.fffffffffffa0p-3, 0x1.9999999999941p-3,
    -0x1.5555555695eabp-3, 0x1.24924925ba370p-3,  -0x1.ffffdbf0c4765p-4,
    0x1.c71c507dd1259p-4,  -0x1.9a59d76189686p-4, 0x1.750e8c032f7e3p-4};

// Mills ratio on [-1/4, 40]. All are positive: nothing cancels.
constexpr std::array<double, 11> mills_above{
    0x1.40d931ff62705p+0,  0x1.06084c9fc67f5p+1,  0x1.a8c170b240a51p+0, 0x1.b8f8fc3991f8ep-1,
    0x1.4181c7f621a26p-2,  0x1.5650e5c244892p-4,  0x1.0d0b6c604ea36p-6, 0x1.347c561fe73dfp-9,
    0x1.ef5ddb0f866bfp-13, 0x1.f9f0f6bf63ce0p-17, 0x1.f829de102e1e6p-22};
constexpr std::array<double, 12> mills_below{
    0x1.0000000000000p+0, 0x1.37336a9c171ebp+1,  0x1.61c15d2b9522ap+1,  0x1.f151daeb5190ep+0,
    0x1.e16dea6a93bd8p-1, 0x1.51d7e1a7d3d72p-2,  0x1.5fd52982a3e7dp-4,  0x1.10e637bec206dp-6,
    0x1.36764717629a6p-9, 0x1.f059effe5e9e9p-13, 0x1.f9f0f6bf6b337p-17, 0x1.f829de102d14ap-22};

// Mills ratio, where its error is multiplied by exp(-x^2 / 2): that is within 1.5e-16.
constexpr std::array<double, 7> mills_by_bell_above{
    0x1.40d931ff62706p+0, 0x1.4191588ee6fe3p+0, 0x1.454673dafbecdp-1, 0x1.88eb75ab15a63p-3,
    0x1.26c5a7d725950p-5, 0x1.027a7c58a6399p-8, 0x1.9f314ccf08642p-13};
constexpr std::array<double, 8> mills_by_bell_below{
    0x1.0000000000000p+0, 0x1.ccd517f0e09f0p+0, 0x1.7175039ee9872p+0, 0x1.5748c5a133f1ep-1,
    0x1.9115a3107bc89p-3, 0x1.285e1559e5dc8p-5, 0x1.027d2b11dffc9p-8, 0x1.9f2f34a8c8493p-13};

// The inverse of the normal distribution: x / q by 0.425^2 - q^2 in the centre,
// and x by sqrt(-log p), less 1.6 or 5, in the tail.
constexpr std::array<double, 8> quantile_central_above{
    0x1.b18d91e9eef75p+1,  0x1.09f37ed076dcbp+7,  0x1.eb8b10c5cae96p+10, 0x1.ab287aacc4928p+13,
    0x1.6457e68e58000p+15, 0x1.044b5a5bc728ap+16, 0x1.01ec58b5e353cp+15, 0x1.349e36d05ccb3p+11};
constexpr std::array<double, 8> quantile_central_below{
    0x1.0000000000000p+0,  0x1.521d469c17831p+5,  0x1.56b8535be5c98p+9,  0x1.4fb892ef8cc80p+12,
    0x1.4969f74697be3p+14, 0x1.30770e2b34152p+15, 0x1.bbce1cd46c851p+14, 0x1.41eb51cb7988ep+12};
constexpr std::array<double, 8> quantile_near_above{
    0x1.6c665fde9526bp+0, 0x1.289ce757386a5p+2, 0x1.72143b22b3b66p+2, 0x1.d4c5518237b07p+1,
    0x1.47218cf759141p+0, 0x1.f2dde3f60e274p-3, 0x1.776ec1db559a3p-6, 0x1.9961b111ce59ap-11};
constexpr std::array<double, 8> quantile_near_below{
    0x1.0000000000000p+0, 0x1.07308fca9c32dp+1, 0x1.ae93605a60fccp+0,  0x1.6312134255e33p-1,
    0x1.318a07e5842d7p-3, 0x1.f637c32f391e4p-7, 0x1.216d9135755bcp-11, 0x1.20c782ed6468dp-30};
constexpr std::array<double, 8> quantile_far_above{
    0x1.aa1b1c13ee526p+2, 0x1.5d9fb351854b5p+2,  0x1.c8bd097ad05d1p+0,  0x1.2f783ac3ab172p-2,
    0x1.b2397d9fc7c25p-6, 0x1.4534015e5346dp-10, 0x1.c5c0a43479ac7p-16, 0x1.ae0b3d862f3a0p-23};
constexpr std::array<double, 8> quantile_far_below{
    0x1.0000000000000p+0,  0x1.330b3dd58728ep-1,  0x1.18481052d3fe8p-3,  0x1.e6f6292e428b0p-7,
    0x1.9be2a0d9b96b6p-11, 0x1.34fa9a936b8b5p-16, 0x1.3015c1105765fp-23, 0x1.231741f913350p-49};

// Named numbers.
constexpr double inverse_sqrt_two_pi = 0x1.9884533d43651p-2;
constexpr double sqrt_two_pi = 0x1.40d931ff62706p+1;

}  // namespace miletus::math
