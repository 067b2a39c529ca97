// Made by tools/pricing/paths.py, which says what each is and measures it.
#pragma once

#include "pricing/lanes/table.hpp"

#include <array>

namespace miletus::pricing {

using NormalTerms = std::array<lanes::Table, 12>;

// Where two tails begin that hold a share together: a polynomial of the distance from
// the middle of each half octave of the share, lowest term first. Near ones are for
// shares from 2^-8 on, and far ones for those from 2^-16 to there.
constexpr NormalTerms near_normal_terms{
    lanes::Table{lanes::Table::Numbers{
        0x1.4ac1275372f7cp+1, 0x1.3b9e617638f82p+1, 0x1.2ae8ea8fd1269p+1, 0x1.1a710e8398758p+1,
        0x1.0821aea2d3695p+1, 0x1.ebdda4f3bc58cp+0, 0x1.c2fcd4fed70c2p+0, 0x1.99dbb4304c5e6p+0,
        0x1.6af4c0d40e5d2p+0, 0x1.3ad8060d88cd7p+0, 0x1.028eb73a354b8p+0, 0x1.8d87273010ee4p-1,
        0x1.f481cdb32c804p-2, 0x1.422c1aadb2469p-3, 0x1.6846f032e3e21p+1, 0x1.5a34ae3d6eb2cp+1}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.1a899d686637cp+5, -0x1.a3380769fcef3p+4, -0x1.3271cc8671173p+4, -0x1.c99bd0a84e527p+3,
        -0x1.512cb3bbb2ea2p+3, -0x1.fbfe5c196433ep+2, -0x1.7a9359a4fbdc1p+2, -0x1.20f5ccc0fd47fp+2,
        -0x1.b64bf1ac6adb1p+1, -0x1.55c19ca97dbcfp+1, -0x1.0b29ea24338f8p+1, -0x1.b1b6a7ca27fbep+0,
        -0x1.698e9e39b3f2ap+0, -0x1.44d7d1b46184ep+0, -0x1.074a2855e81cdp+6,
        -0x1.84c88c0fd1786p+5}},
    lanes::Table{lanes::Table::Numbers{
        0x1.92e1e0053e333p+10, 0x1.a7306403bbd53p+9, 0x1.ac50d26d8bb2fp+8, 0x1.c33d586852641p+7,
        0x1.ca31dcae87fc8p+6, 0x1.e432bd5ea5bd9p+5, 0x1.ed20d6cb9c94bp+4, 0x1.05187ce917425p+4,
        0x1.09fb1c610d8e5p+3, 0x1.188e21ccc66f4p+2, 0x1.19998560e4752p+1, 0x1.1d4156b3980c1p+0,
        0x1.f32d29d9563c8p-2, 0x1.035f9556ff759p-3, 0x1.7d1654cd61821p+12, 0x1.8f3ecab168b05p+11}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.9bababa55fac6p+16, -0x1.3437f870ad670p+15, -0x1.b3b212913ae84p+13,
        -0x1.471a0a4233f4dp+12, -0x1.cfd7e57d721aap+10, -0x1.5d59e6503349ap+9,
        -0x1.f138759a3163dp+7, -0x1.77eac9d7d76a6p+6, -0x1.0cbf17ebf26c5p+5, -0x1.9898f0ad09d70p+3,
        -0x1.26de3b8d64e8ap+2, -0x1.c9a1d277d4838p+0, -0x1.63429cfc1a62ep-1, -0x1.6df4ce3cc766ap-2,
        -0x1.86ef0089f270ap+19, -0x1.2401c2903b636p+18}},
    lanes::Table{lanes::Table::Numbers{
        0x1.e128a10375ffap+22, 0x1.00feea31c7847p+21, 0x1.fbdf419c46354p+18, 0x1.0ff3373302359p+17,
        0x1.0d7dc291bd77cp+15, 0x1.217604a81f1bap+13, 0x1.1fcfbd142f64fp+11, 0x1.36317684387fep+9,
        0x1.359b02b2bb303p+7, 0x1.4ee74c65b2099p+5, 0x1.4f551c252126bp+3, 0x1.6a336c69c0f08p+1,
        0x1.5de17472e9021p-1, 0x1.f1922b447c257p-4, 0x1.c9f8abe18f7afp+26, 0x1.e82a164a92f67p+24}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.2e361d8b4acb1p+29, -0x1.cccb7921ea334p+26, -0x1.3e6706d58d03dp+24,
        -0x1.e6a387abd9d33p+21, -0x1.512db5b31d843p+19, -0x1.0262abcb47fbep+17,
        -0x1.6732b80c0bc91p+14, -0x1.1426f3e76af5ap+12, -0x1.8150f95be1567p+9,
        -0x1.2957cce179affp+7, -0x1.a0b6b94964944p+4, -0x1.437628d67e971p+2, -0x1.d02797c854741p-1,
        -0x1.c9c231b20f54bp-3, -0x1.201a0476ae149p+34, -0x1.b662ada933a08p+31}},
    lanes::Table{lanes::Table::Numbers{
        0x1.8d2be1b65db86p+35, 0x1.b04269f2b3fb4p+32, 0x1.a1df2285b8b69p+29, 0x1.c7d280283b8f1p+26,
        0x1.b9cc39ccbfb1cp+23, 0x1.e333a0af5e540p+20, 0x1.d5c2a6524bf1bp+17, 0x1.01b05eb36e148p+15,
        0x1.f6d09a122e0fdp+11, 0x1.14ced9fd87fd2p+9, 0x1.0f240b78852a5p+6, 0x1.2b9556a8d4da9p+3,
        0x1.240b5157a78c1p+0, 0x1.f8de3952011a4p-4, 0x1.7b13cd6a12a1dp+41, 0x1.9bc3616a0d893p+38}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.0d2a00eee198dp+42, -0x1.a2465887edf1bp+38, -0x1.1ae1df87b017dp+35,
        -0x1.b88dd49146126p+31, -0x1.2ab237155ddf3p+28, -0x1.d25ed79e79306p+24,
        -0x1.3d2022b0d1965p+21, -0x1.f09f8b1d47312p+17, -0x1.52d97b05c264ep+14,
        -0x1.0a3d8fa4e6ba0p+11, -0x1.6cbec2eceb828p+7, -0x1.1fc1d2e40e841p+4, -0x1.8da4563abe871p+0,
        -0x1.7170bf83af5e2p-3, -0x1.0124cad43c514p+49, -0x1.8ed877e458789p+45}},
    lanes::Table{lanes::Table::Numbers{
        0x1.73afddaa055bbp+48, 0x1.9d99c1d4c3bbbp+44, 0x1.86482c50738c3p+40, 0x1.b3355950c4cedp+36,
        0x1.9bab938aed139p+32, 0x1.cc30605adda6ap+28, 0x1.b4897f6087874p+24, 0x1.e9641fb20fc61p+20,
        0x1.d1c75f5e67201p+16, 0x1.05f5ebadd2f71p+13, 0x1.f48dcb1c36125p+8, 0x1.1a957dc6833e3p+5,
        0x1.0e9bc51953a09p+1, 0x1.08e3a895f8c49p-3, 0x1.635c5f7043c5ep+56, 0x1.8ab78b5772bb5p+52}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.0609f70808c50p+55, -0x1.a07513f01e511p+50, -0x1.12f029ad04ab0p+46,
        -0x1.b5da9ef2699d4p+41, -0x1.21bf2d5cc6879p+37, -0x1.ce8a954c12e05p+32,
        -0x1.32edac516f341p+28, -0x1.eb56fb5051b74p+23, -0x1.4716f5880379bp+19,
        -0x1.06a911610aa40p+15, -0x1.5f04bde923178p+10, -0x1.1aef373d22434p+6,
        -0x1.7c0ee6570b645p+1, -0x1.546860a09ab6ep-3, -0x1.f563532ef2f5dp+63,
        -0x1.8db9676d160b0p+59}},
    lanes::Table{lanes::Table::Numbers{
        0x1.9fad1ed037181p+61, 0x1.bfa07db45a8aap+56, 0x1.b3cca2f1501fcp+51, 0x1.d6430df5f3dccp+46,
        0x1.cadb2b107ce76p+41, 0x1.f05433d4d0680p+36, 0x1.e58cfc4cd0a4ep+31, 0x1.07567246cdef4p+27,
        0x1.0267090f52c74p+22, 0x1.19346f36bfa87p+17, 0x1.14e8e253ae50cp+12, 0x1.2e7b09e9ead0dp+7,
        0x1.2af249542950dp+2, 0x1.2d2b4b60231afp-3, 0x1.8df253757bbb2p+71, 0x1.abc68ea312422p+66}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.2cd3af1f4c780p+68, -0x1.ce4894551df20p+62, -0x1.3b35fec5d401dp+57,
        -0x1.e55c34f23ae19p+51, -0x1.4bab0ab71b8eep+46, -0x1.ffe5336839ddcp+40,
        -0x1.5eb11e31812c5p+35, -0x1.0f5e373aafd9cp+30, -0x1.74ed88ba0f786p+24,
        -0x1.217edd149ef41p+19, -0x1.8f37fc9a00d31p+13, -0x1.370c82979e07fp+8,
        -0x1.aeb7b20026e3dp+2, -0x1.6663ffefbc446p-3, -0x1.20231efab0431p+79,
        -0x1.ba04525f8e50ep+73}}};
constexpr NormalTerms far_normal_terms{
    lanes::Table{lanes::Table::Numbers{
        0x1.079448de2badbp+2, 0x1.0292a0c40bdf0p+2, 0x1.fa561d947b630p+1, 0x1.eff207c5c519ep+1,
        0x1.e4b67fea56e61p+1, 0x1.d9e629601d78cp+1, 0x1.ce30df34fd15ep+1, 0x1.c2e6614ce2fb2p+1,
        0x1.b6a7065fde1b8p+1, 0x1.aad149e4d9e8ep+1, 0x1.9df3a5744bc53p+1, 0x1.917d45c838f0bp+1,
        0x1.83e7c561d0843p+1, 0x1.76b5674b93d98p+1, 0x1.11a14b11ab3e7p+2, 0x1.0ccb37e3a7559p+2}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.79a1822b81a68p+12, -0x1.1275f7934b8f3p+12, -0x1.87a39ece2f830p+11,
        -0x1.1d018c9896930p+11, -0x1.974759ef76186p+10, -0x1.28d358f109a96p+10,
        -0x1.a8e2fbd47b139p+9, -0x1.36317a3720644p+9, -0x1.bce7a7f9634b1p+8, -0x1.4578d4f049f08p+8,
        -0x1.d3ed0ad5c2df8p+7, -0x1.572775401dde3p+7, -0x1.eec3d806e1e6ep+6, -0x1.6bed4f7b75c78p+6,
        -0x1.6cfdf35a92dd5p+13, -0x1.08fa959bb448ap+13}},
    lanes::Table{lanes::Table::Numbers{
        0x1.1ec58e894b205p+26, 0x1.2935c7817efc2p+25, 0x1.284246f5157bap+24, 0x1.3359672fc5042p+23,
        0x1.32b5c911f9d0ep+22, 0x1.3e8cfad79eba5p+21, 0x1.3e4b1d5bc4130p+20, 0x1.4b015ceb9ded0p+19,
        0x1.4b38054db4811p+18, 0x1.58f3e63e71a09p+17, 0x1.59c061141ae72p+16, 0x1.68b27092214c6p+15,
        0x1.6a3ac0b4b16e8p+14, 0x1.7aa0ab4127f34p+13, 0x1.161cce4b43f6fp+28,
        0x1.1ffac887f19d0p+27}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.2aec9c6b6e439p+40, -0x1.ba45736ab51f5p+38, -0x1.345bac853dcaep+37,
        -0x1.c8a4e427b4db5p+35, -0x1.3eb44cfeec856p+34, -0x1.d872bca363463p+32,
        -0x1.4a1d348d32de8p+31, -0x1.e9ed7e1a6ed86p+29, -0x1.56c64d15649a7p+28,
        -0x1.fd62ebc8edd5ap+26, -0x1.64eb891deba2ap+25, -0x1.099a6bfe91bd6p+24,
        -0x1.74d8c1d789902p+22, -0x1.15efda18e768cp+21, -0x1.2247821fbdbd7p+43,
        -0x1.ad21a3ef64d7cp+41}},
    lanes::Table{lanes::Table::Numbers{
        0x1.6180d71c7b4ffp+54, 0x1.756e7daf34eeap+52, 0x1.6c55d978ca9e9p+50, 0x1.81346f796d1ccp+48,
        0x1.782f049c97bfbp+46, 0x1.8e1d4d2d026dbp+44, 0x1.8536280522acdp+42, 0x1.9c592d10f3eefp+40,
        0x1.939eb7c14db55p+38, 0x1.ac238950590bap+36, 0x1.a3a8b1ecb8ac5p+34, 0x1.bdc6bfdd614e8p+32,
        0x1.b5a48ff790f4ap+30, 0x1.d1a0d9be13fdep+28, 0x1.578dad3ace828p+58,
        0x1.6aa4308948b65p+56}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.bfb247702eca3p+68, -0x1.51b5e6c5bdb80p+66, -0x1.cd200db91710fp+63,
        -0x1.5c2079ac6e96cp+61, -0x1.dbc966df8d02fp+58, -0x1.6786c04b9be40p+56,
        -0x1.ebdfeef296ceep+53, -0x1.741168055bacdp+51, -0x1.fda074ae8af68p+48,
        -0x1.81f28bcad6df3p+46, -0x1.08ab232f192aap+44, -0x1.91688c1c159d8p+41,
        -0x1.13afd63cdd2c7p+39, -0x1.a2c1eed6574bap+36, -0x1.b35736434135ap+73,
        -0x1.4825acdcd5904p+71}},
    lanes::Table{lanes::Table::Numbers{
        0x1.2801bde65b178p+83, 0x1.3ee44833c9320p+80, 0x1.30bd31598519ep+77, 0x1.488f9ac1f882fp+74,
        0x1.3a426717f705dp+71, 0x1.53208e3699165p+68, 0x1.44b08d156da8fp+65, 0x1.5ebb9a36d0ed7p+62,
        0x1.502dbd0eac7d7p+59, 0x1.6b8d85d6e6b1cp+56, 0x1.5ce8fee6d31fdp+53, 0x1.79cddfda9ee9bp+50,
        0x1.6b1d00d7e8ed2p+47, 0x1.89c25a1656110p+44, 0x1.1ff64ad1b633bp+89,
        0x1.360098eaee6a6p+86}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.93316915b6744p+97, -0x1.3633d239580f3p+94, -0x1.9eed2a5ac590fp+90,
        -0x1.3f7a4c2741864p+87, -0x1.abb44d90e6171p+83, -0x1.4999f37bf7134p+80,
        -0x1.b9af928237e2bp+76, -0x1.54b4c8e726857p+73, -0x1.c910a51fc1a27p+69,
        -0x1.60f4717a0b20ep+66, -0x1.da14ac61a9c18p+62, -0x1.6e8c74ef9421ap+59,
        -0x1.ed07be8bc095cp+55, -0x1.7dbd489821d2dp+52, -0x1.885f4c3c3f54ap+104,
        -0x1.2daa7ded1ce94p+101}},
    lanes::Table{lanes::Table::Numbers{
        0x1.1782abbef029cp+112, 0x1.3412382701328p+108, 0x1.1f8d7a9b73e5bp+104,
        0x1.3d2cd1e34391ep+100, 0x1.284d74cbb6a87p+96, 0x1.471a105f89a1dp+92, 0x1.31dde4f6fcd6bp+88,
        0x1.51fa8a17e536ep+84, 0x1.3c5ffe367eeb5p+80, 0x1.5df612c6c2318p+76, 0x1.47fc892a36678p+72,
        0x1.6b3dd5b3a1c6dp+68, 0x1.54e626264815bp+64, 0x1.7a0f2e6a9ad59p+60, 0x1.1016644dbd49fp+120,
        0x1.2baf585a6dcdfp+116}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.8b7ba9ffc85e9p+126, -0x1.37598d14421f2p+122, -0x1.96bfe0ea21b8fp+117,
        -0x1.4075140fa53ddp+113, -0x1.a2ff5aff1f698p+108, -0x1.4a612ca5488d6p+104,
        -0x1.b05f904e5a919p+99, -0x1.553dc62923f72p+95, -0x1.bf0e00c1f7fb3p+90,
        -0x1.6131d5c89bc9ap+86, -0x1.cf4275fcd1d3bp+81, -0x1.6e6d5bf81c2c7p+77,
        -0x1.e1420c8eded66p+72, -0x1.7d2c1fab88d16p+68, -0x1.811393edcc1b1p+135,
        -0x1.2ef42b7866c36p+131}},
    lanes::Table{lanes::Table::Numbers{
        0x1.3acce6e5c68f0p+141, 0x1.4fd2d8b4df5e6p+136, 0x1.43ad130df143cp+131,
        0x1.598d39422128fp+126, 0x1.4d5122db4c5cep+121, 0x1.642432c2d93ccp+116,
        0x1.57d5fe84ba0fbp+111, 0x1.6fb9371e5a4cep+106, 0x1.635eb0138437ep+101,
        0x1.7c7501036b161p+96, 0x1.7016186b18328p+91, 0x1.8a89a7ddac66cp+86, 0x1.7e3139e7b9e8ap+81,
        0x1.9a356d7093daep+76, 0x1.32988f0019961p+151, 0x1.46d9599e3e312p+146}},
    lanes::Table{lanes::Table::Numbers{
        -0x1.c8d648a693a1cp+155, -0x1.5bcaeaa08341fp+150, -0x1.d59e705067783p+144,
        -0x1.65c9b11280d11p+139, -0x1.e37e838ec7cdap+133, -0x1.70a9512f53df0p+128,
        -0x1.f29f7ec7f7a6ap+122, -0x1.7c8b9c16c484ap+117, -0x1.01997f879d430p+112,
        -0x1.8999b1a0f228ap+106, -0x1.0abad24b61dd7p+101, -0x1.9806122678168p+95,
        -0x1.14d9226b54f94p+90, -0x1.a80f6820bbf2bp+84, -0x1.bd03e495d0ac1p+166,
        -0x1.5290ee179f587p+161}}};

// 2^(k / 16) by the lowest four bits of k, with bits to which k << 48 is added.
constexpr lanes::Table growth_powers{lanes::Table::Numbers{
    0x1.0000000000000p+0, 0x1.fb5586cf9890fp-1, 0x1.f72b83c7d517bp-1, 0x1.f387a6e756238p-1,
    0x1.f06fe0a31b715p-1, 0x1.edea64c123422p-1, 0x1.ebfdad5362a27p-1, 0x1.eab07dd485429p-1,
    0x1.ea09e667f3bcdp-1, 0x1.ea11473eb0187p-1, 0x1.eace5422aa0dbp-1, 0x1.ec49182a3f090p-1,
    0x1.ee89f995ad3adp-1, 0x1.f199bdd85529cp-1, 0x1.f5818dcfba487p-1, 0x1.fa4afa2a490dap-1}};
// 2^(x / 16) for |x| <= 1/2, lowest term first.
constexpr std::array<double, 6> growth_terms{0x1.0000000000000p+0,  0x1.62e42fefa39efp-5,
                                             0x1.ebfbdff6988c8p-11, 0x1.c6b08d6faa1bep-17,
                                             0x1.3b2c4ac7da565p-23, 0x1.5d893e58acc63p-30};
constexpr double sixteenth_of_ln2 = 0x1.62e42fefa39efp-5;

}  // namespace miletus::pricing
