// Any text as a header, a scope and an address: it is read or refused, and what was read keeps its
// bounds and gives nobody more than a key has.
#include "base/assert.hpp"
#include "edge/credentials/credentials.hpp"
#include "fuzz/fuzz_one.hpp"

namespace miletus {

namespace credentials {
namespace {

void check_header(std::string_view text) {
    const Outcome<Authorization> parsed = parse_authorization(text);
    if (!parsed) {
        return;
    }
    if (const auto* const signature = std::get_if<HttpSignature>(&*parsed)) {
        for (const std::string_view part :
             {signature->client_id, signature->timestamp, signature->signature, signature->nonce}) {
            ASSERT(!part.empty());
            ASSERT(text.find(part) != std::string_view::npos);
            ASSERT(part.find(',') == std::string_view::npos);
        }
    }
    if (const auto* const login = std::get_if<BasicLogin>(&*parsed)) {
        ASSERT(!login->client_id.empty());
        ASSERT(login->client_id.find(':') == std::string::npos);
    }
}

void check_scope(std::string_view text) {
    const ScopeRequest request = parse_scope(text);
    ASSERT(request.session.empty() || is_session_name(request.session));
    ASSERT(!request.expires_after.has_value() || *request.expires_after > Nanos(0));
    for (const Access most : {Access::none, Access::read, Access::read_write}) {
        const Scopes granted = request.granted(Scopes::all(most));
        ASSERT(granted.within(Scopes::all(most)) == granted);
        ASSERT(parse_maximum(granted.text()) == granted);
    }
    if (const std::optional<Scopes> most = parse_maximum(text); most.has_value()) {
        ASSERT(parse_maximum(most->text()) == *most);
    }
}

void check_address(std::string_view text) {
    if (const std::optional<IpAddress> address = IpAddress::parse(text); address.has_value()) {
        ASSERT(IpAddress::parse(address->text()) == *address);
    }
    if (const std::optional<IpRange> range = IpRange::parse(text); range.has_value()) {
        ASSERT(IpRange::parse(range->text()) == *range);
        ASSERT(range->contains(range->address()));
    }
}

void check(std::string_view text) {
    check_header(text);
    check_scope(text);
    check_address(text);
    static Credentials nobody(Register{}, {});
    const HttpRequest request{.method = "GET", .target = "/", .body = text};
    ASSERT(!nobody.authorize(text, request, {.now = UnixNanos(1'767'225'600'000'000'000)}));
}

}  // namespace
}  // namespace credentials

void fuzz_one(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text.push_back(static_cast<char>(byte));
    }
    credentials::check(text);
}

}  // namespace miletus
