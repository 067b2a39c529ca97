// Where it stands, there is such a gateway.
#include "serve/config_deribit.hpp"

namespace miletus::serve {

namespace {

constexpr std::int64_t connections_max = 1 << 16;
constexpr std::int64_t buffers_max = 1 << 16;
constexpr std::int64_t rate_max = 1'000'000;

void read_doors(Section& section, DeribitConfig& deribit) {
    section.read("address", deribit.door.address);
    if (deribit.door.address.empty()) {
        section.fail_all("address", "must be one to listen on, such as \"tcp:127.0.0.1:7412\"");
    }
    std::string tls_address;
    section.read("tls_address", tls_address);
    if (!tls_address.empty()) {
        deribit.tls_door = DoorConfig{.address = tls_address};
    }
}

void read_rates(Section& section, DeribitConfig& deribit) {
    constexpr Range any{.low = 0, .high = rate_max};
    constexpr Range some{.low = 1, .high = rate_max};
    section.read("requests_per_second", deribit.requests_per_second, any);
    section.read("requests_at_once", deribit.requests_at_once, some);
    section.read("orders_per_second", deribit.orders_per_second, any);
    section.read("orders_at_once", deribit.orders_at_once, some);
}

}  // namespace

DeribitConfig default_deribit(const std::string& folder) {
    DeribitConfig deribit;
    deribit.door.address = "tcp:127.0.0.1:7412";
    deribit.certificate = folder + "/certificate.pem";
    deribit.key = folder + "/key.pem";
    deribit.credentials = folder + "/credentials";
    deribit.seal_key = folder + "/seal.key";
    return deribit;
}

void read_deribit(Section& root, const std::string& folder, std::optional<DeribitConfig>& found) {
    root.with_table("deribit", [&](Section& section) {
        DeribitConfig deribit = default_deribit(folder);
        read_doors(section, deribit);
        section.read("certificate", deribit.certificate);
        section.read("key", deribit.key);
        section.read("credentials", deribit.credentials);
        section.read("seal_key", deribit.seal_key);
        section.read("connections", deribit.connections, {.low = 1, .high = connections_max});
        section.read("connections_per_address", deribit.connections_per_address,
                     {.low = 1, .high = connections_max});
        section.read("buffers_mib", deribit.buffers_mib, {.low = 1, .high = buffers_max});
        read_rates(section, deribit);
        section.read("testnet", deribit.is_testnet);
        found = deribit;
    });
}

}  // namespace miletus::serve
