// Who proves to have a secret, and who does not.
#include "edge/credentials/cipher.hpp"
#include "edge/credentials/example_test.hpp"
#include "edge/credentials/letters.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::credentials {
namespace {

class KeyringTest : public testing::Test {
  protected:
    [[nodiscard]] Denial denial_of(const Signed& claim, UnixNanos now = noon) const {
        const Outcome<const Key*> outcome = keyring_.verify_signature(claim, now);
        return outcome ? Denial{} : outcome.error();
    }

    Example example_;
    Keyring keyring_{example_.copy()};
    std::string id_ = example_.id(example_.main);
    std::string secret_ = example_.secret(example_.main);
    std::string timestamp_ = std::to_string(noon.value() / 1'000'000);
    std::string signature_ = signature_of(secret_, timestamp_ + "\nn1\ndata");
    Signed claim_{.client_id = id_,
                  .timestamp = timestamp_,
                  .nonce = "n1",
                  .signature = signature_,
                  .text = "data"};
};

TEST_F(KeyringTest, signs_as_others_do) {
    EXPECT_EQ(signature_of("ABCD", "1554883365000\nfdbmmz79\n"),
              "e20c9cd5639d41f8bbc88f4d699c4baf94a4f0ee320e9a116b72743c449eb994");
}

TEST_F(KeyringTest, a_secret_opens_its_own_key_alone) {
    EXPECT_EQ((*keyring_.verify_secret(id_, secret_))->id, example_.main);
    EXPECT_FALSE(keyring_.verify_secret(id_, secret_ + "x"));
    EXPECT_FALSE(keyring_.verify_secret(id_, secret_.substr(1)));
    EXPECT_FALSE(keyring_.verify_secret(id_, ""));
    EXPECT_FALSE(keyring_.verify_secret(id_, example_.secret(example_.sub)));
    EXPECT_FALSE(keyring_.verify_secret("nobody", secret_));
    EXPECT_FALSE(keyring_.verify_secret("", ""));
}

TEST_F(KeyringTest, a_signature_opens_within_a_minute_either_way) {
    ASSERT_TRUE(keyring_.verify_signature(claim_, noon));
    EXPECT_TRUE(keyring_.verify_signature(claim_, noon + Nanos(60'000'000'000)));
    EXPECT_TRUE(keyring_.verify_signature(claim_, noon + Nanos(-60'000'000'000)));
    EXPECT_EQ(denial_of(claim_, noon + Nanos(60'000'000'001)), Denial::stale_timestamp);
    EXPECT_EQ(denial_of(claim_, noon + Nanos(-60'000'000'001)), Denial::stale_timestamp);
}

TEST_F(KeyringTest, a_signature_is_of_each_part) {
    Signed other = claim_;
    other.nonce = "n2";
    EXPECT_EQ(denial_of(other), Denial::invalid_credentials);
    other = claim_;
    other.text = "datA";
    EXPECT_EQ(denial_of(other), Denial::invalid_credentials);
    other = claim_;
    const std::string later = std::to_string(noon.value() / 1'000'000 + 1);
    other.timestamp = later;
    EXPECT_EQ(denial_of(other), Denial::invalid_credentials);
    other = claim_;
    const std::string sub = example_.id(example_.sub);
    other.client_id = sub;
    EXPECT_EQ(denial_of(other), Denial::invalid_credentials);
    other.client_id = "nobody";
    EXPECT_EQ(denial_of(other), Denial::invalid_credentials);
}

TEST_F(KeyringTest, what_is_no_timestamp_or_signature_is_malformed) {
    for (const std::string_view timestamp :
         {"", "-1", "1.5", "1e12", "99999999999999999999", "9000000000001", " 1"}) {
        Signed other = claim_;
        other.timestamp = timestamp;
        EXPECT_EQ(denial_of(other), Denial::malformed) << timestamp;
    }
    for (const std::string_view signature : {"", "00", "zz"}) {
        Signed other = claim_;
        other.signature = signature;
        EXPECT_EQ(denial_of(other), Denial::malformed) << signature;
    }
}

TEST_F(KeyringTest, a_signature_s_digits_are_of_either_case_and_each_counts) {
    std::string upper = signature_;
    std::ranges::transform(upper, upper.begin(), ::toupper);
    Signed other = claim_;
    other.signature = upper;
    EXPECT_TRUE(keyring_.verify_signature(other, noon));
    for (std::size_t place = 0; place < signature_.size(); ++place) {
        std::string changed = signature_;
        changed[place] = changed[place] == '0' ? '1' : '0';
        other.signature = changed;
        EXPECT_FALSE(keyring_.verify_signature(other, noon));
    }
}

TEST_F(KeyringTest, a_disabled_key_is_as_one_that_does_not_exist) {
    ASSERT_TRUE(example_.content.enable(example_.main, false));
    const Keyring keyring(example_.copy());
    EXPECT_EQ(keyring.verify_secret(id_, secret_).error(), Denial::invalid_credentials);
    EXPECT_EQ(keyring.verify_signature(claim_, noon).error(), Denial::invalid_credentials);
}

TEST_F(KeyringTest, knows_a_digest_over_text_and_secret) {
    const Sha256 digest = sha256_of("raw" + secret_);
    const std::string bytes(static_cast<const char*>(static_cast<const void*>(digest.data())),
                            digest.size());
    EXPECT_TRUE(keyring_.verify_digest(id_, "raw", bytes));
    EXPECT_FALSE(keyring_.verify_digest(id_, "raW", bytes));
    EXPECT_FALSE(keyring_.verify_digest(id_, "raw", bytes.substr(1)));
}

}  // namespace
}  // namespace miletus::credentials
