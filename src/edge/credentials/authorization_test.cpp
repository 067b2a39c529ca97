// The header as clients write it, and as nobody should.
#include "edge/credentials/authorization.hpp"

#include "edge/credentials/letters.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::credentials {
namespace {

std::string told(std::string_view header) {
    const Outcome<Authorization> parsed = parse_authorization(header);
    if (!parsed) {
        return std::string(word_of(parsed.error()));
    }
    if (const auto* const signature = std::get_if<HttpSignature>(&*parsed)) {
        return std::string(signature->client_id) + "|" + std::string(signature->timestamp) + "|" +
               std::string(signature->signature) + "|" + std::string(signature->nonce);
    }
    if (const auto* const basic = std::get_if<BasicLogin>(&*parsed)) {
        return basic->client_id + "|" + std::string(basic->secret.view());
    }
    return std::string(std::get<BearerToken>(*parsed).token);
}

TEST(AuthorizationHeader, a_signature_comes_in_any_order_with_any_spaces) {
    EXPECT_EQ(told("deri-hmac-sha256 id=A,ts=1,sig=f0,nonce=N"), "A|1|f0|N");
    EXPECT_EQ(told("DERI-HMAC-SHA256 nonce=N, sig=f0 ,  ts = 1,id=A "), "A|1|f0|N");
    EXPECT_EQ(told("deri-hmac-sha256 id=A,ts=1,sig=f0,nonce=a=b=,more=x,"), "A|1|f0|a=b=");
}

TEST(AuthorizationHeader, a_signature_that_lacks_or_repeats_a_part_is_malformed) {
    for (const std::string_view header :
         {"deri-hmac-sha256", "deri-hmac-sha256 ", "deri-hmac-sha256 id=A,ts=1,sig=f0",
          "deri-hmac-sha256 id=A,ts=1,sig=f0,nonce=", "deri-hmac-sha256 id=A,ts=1,sig=f0,nonce",
          "deri-hmac-sha256 id=A,id=B,ts=1,sig=f0,nonce=N", "deri-hmac-sha256 id=A ts=1 sig=f0",
          "deri-hmac-sha256 ID=A,TS=1,SIG=f0,NONCE=N",
          "deri-hmac-sha512 id=A,ts=1,sig=f0,nonce=N"}) {
        EXPECT_EQ(told(header), "malformed") << header;
    }
}

TEST(AuthorizationHeader, basic_is_an_id_and_a_secret_that_may_hold_colons) {
    EXPECT_EQ(told("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin|open sesame");
    EXPECT_EQ(told("basic YTpiOmM="), "a|b:c");
    EXPECT_EQ(told("BASIC   YTpiOmM"), "a|b:c");
    EXPECT_EQ(told("Basic YTo="), "a|");
    for (const std::string_view header : {"Basic", "Basic =", "Basic OmI=", "Basic YWI=",
                                          "Basic YTpiO!==", "Basic YTpiOmN=", "Basic Y"}) {
        EXPECT_EQ(told(header), "malformed") << header;
    }
}

TEST(AuthorizationHeader, a_bearer_shows_a_token) {
    EXPECT_EQ(told("bearer 123.abc"), "123.abc");
    EXPECT_EQ(told("  Bearer\t 123.abc  "), "123.abc");
    EXPECT_EQ(told("Bearer"), "malformed");
    EXPECT_EQ(told("Bearer123"), "malformed");
    EXPECT_EQ(told(""), "malformed");
    EXPECT_EQ(told("bearer " + std::string(5000, 'a')), "malformed");
}

TEST(Base64, gives_back_what_was_written) {
    std::string bytes;
    for (std::size_t size = 0; size < 64; ++size) {
        std::string text = base64url_of(std::as_bytes(std::span(bytes)));
        std::replace(text.begin(), text.end(), '-', '+');
        std::replace(text.begin(), text.end(), '_', '/');
        EXPECT_EQ(from_base64(text), bytes);
        text.append((4 - text.size() % 4) % 4, '=');
        EXPECT_EQ(from_base64(text), bytes);
        bytes += static_cast<char>(size * 37 + 200);
    }
}

}  // namespace
}  // namespace miletus::credentials
