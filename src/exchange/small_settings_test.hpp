// A venue so small that its tables fill up and its files follow each other quickly, for tests.
#pragma once

#include "exchange/exchange.hpp"

namespace miletus::exchange {

inline Settings small_settings() {
    Settings settings;
    settings.limits.assets = 64;
    settings.limits.instruments = 4;
    settings.limits.accounts = 512;
    settings.limits.positions = 16;
    settings.limits.orders = 64;
    settings.limits.level_pages = 32;
    settings.limits.directory_entries = 1024;
    settings.limits.orders_per_account = 16;
    settings.limits.orders_per_instrument = 32;
    settings.limits.fills_per_command = 8;
    settings.limits.sessions = 8;
    settings.limits.sessions_per_account = 4;
    settings.limits.event_units = 4096;
    settings.limits.settlements_per_command = 16;
    settings.journal = {.segment_bytes = 8 * host::disk_block,
                        .first_segment_bytes = 6 * host::disk_block,
                        .record_units = host::units_per_block - journal::record_header_units,
                        .spare_segments = 3};
    settings.ring_units = 256;
    settings.answer_units = 256;
    settings.attest_interval = 16;
    settings.snapshot_interval = 50;
    return settings;
}

}  // namespace miletus::exchange
