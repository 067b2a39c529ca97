// Certificates to develop with, and what is refused as one.
#include "edge/web/web.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace miletus::web {
namespace {

namespace files = std::filesystem;

class CertificateTest : public testing::Test {
  protected:
    CertificateTest() { files::remove_all(folder_); }
    ~CertificateTest() override { files::remove_all(folder_); }

    files::path folder_ = files::path(testing::TempDir()) /
                          testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CertificateTest, is_made_with_a_key_that_only_its_owner_reads) {
    const auto made =
        make_development_certificate(folder_ / "a" / "b", {"venue.test", "192.0.2.7"});
    ASSERT_TRUE(made) << made.error();
    EXPECT_EQ(files::status(made->key).permissions(),
              files::perms::owner_read | files::perms::owner_write);
    const auto identity = TlsIdentity::load(made->certificate, made->key);
    EXPECT_TRUE(identity) << identity.error();
}

TEST_F(CertificateTest, overwrites_nothing) {
    const auto made = make_development_certificate(folder_, {});
    ASSERT_TRUE(made) << made.error();
    const auto size = files::file_size(made->key);
    const auto again = make_development_certificate(folder_, {});
    ASSERT_FALSE(again);
    EXPECT_TRUE(again.error().ends_with("certificate.pem is there already")) << again.error();
    files::remove(made->certificate);
    const auto once_more = make_development_certificate(folder_, {});
    ASSERT_FALSE(once_more);
    EXPECT_TRUE(once_more.error().ends_with("key.pem is there already")) << once_more.error();
    EXPECT_EQ(files::file_size(made->key), size);
}

TEST_F(CertificateTest, takes_names_and_addresses_and_nothing_else) {
    for (const char* name : {"", "a,DNS:b", "a b", "1.2.3.4/8", "a\n"}) {
        EXPECT_FALSE(make_development_certificate(folder_, {name})) << name;
        EXPECT_FALSE(files::exists(folder_ / "key.pem"));
    }
}

TEST_F(CertificateTest, is_not_loaded_where_files_are_missing_wrong_or_anothers) {
    const auto one = make_development_certificate(folder_ / "one", {});
    const auto other = make_development_certificate(folder_ / "other", {});
    ASSERT_TRUE(one && other);
    EXPECT_FALSE(TlsIdentity::load(folder_ / "none", one->key));
    EXPECT_FALSE(TlsIdentity::load(one->certificate, folder_ / "none"));
    EXPECT_FALSE(TlsIdentity::load(one->key, one->certificate));
    const auto mixed = TlsIdentity::load(one->certificate, other->key);
    ASSERT_FALSE(mixed);
    EXPECT_NE(mixed.error().find("key"), std::string::npos) << mixed.error();
}

TEST_F(CertificateTest, is_not_made_where_nothing_can_be_written) {
    const auto made = make_development_certificate("/proc/nothing", {});
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().starts_with("cannot make /proc/nothing")) << made.error();
}

}  // namespace
}  // namespace miletus::web
