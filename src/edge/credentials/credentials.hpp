// Credentials: who a client is, and what it may do. Users, API keys, scopes, addresses, signatures
// and tokens; the keys lie in a sealed file. It knows no sockets, no JSON and no engine; time comes
// in with each call. It never logs, and shows a secret to nobody. One thread uses it, any.
#pragma once

#include "edge/credentials/addresses.hpp"
#include "edge/credentials/authorization.hpp"
#include "edge/credentials/denial.hpp"
#include "edge/credentials/keyring.hpp"
#include "edge/credentials/register.hpp"
#include "edge/credentials/replays.hpp"
#include "edge/credentials/scopes.hpp"
#include "edge/credentials/sealed_file.hpp"
#include "edge/credentials/secret.hpp"
#include "edge/credentials/tokens.hpp"
#include "host/private_file.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace miletus::credentials {

struct Settings {
    std::string path;      // of the sealed file
    std::string seal_key;  // where its key lies: a path, or credential:NAME
    TokenSettings tokens;
    std::size_t signatures_per_key = 4096;  // remembered, of HTTP
};

// Who asks, from where, and when.
struct Asker {
    IpAddress address{};
    Connection connection{};  // none for HTTP: its tokens outlive the connection that fetched them
    UnixNanos now{};
};

// A request of HTTP as it came: the method in capitals, the target with its query and untouched,
// the body or nothing.
struct HttpRequest {
    std::string_view method;
    std::string_view target;
    std::string_view body;
};

// The parameters of `public/auth`.
struct SecretLogin {
    std::string_view client_id;
    std::string_view client_secret;
    std::string_view scope;
};
struct SignedLogin {
    std::string_view client_id;
    std::string_view timestamp;  // the letters that were sent, be it as text or as a number
    std::string_view nonce;
    std::string_view data;
    std::string_view signature;
    std::string_view scope;
};

// What `public/auth` answers.
struct Login {
    Grant grant;
    TokenPair tokens;
    std::string scope;  // "connection mainaccount account:read …"
    std::string sid;    // of a session; else empty
};

class Credentials {
  public:
    // Opens the file, or says in a sentence why it cannot.
    [[nodiscard]] static Sentence<Credentials> open(const Settings& settings);
    // Of keys that lie in no file.
    Credentials(Register content, const Settings& settings);

    // ---- public/auth and its relatives ----
    [[nodiscard]] Outcome<Login> log_in(const SecretLogin& login, const Asker& asker);
    // A nonce may come again here: clients send the time as nonce, twice in the same millisecond.
    [[nodiscard]] Outcome<Login> log_in(const SignedLogin& login, const Asker& asker);
    [[nodiscard]] Outcome<Login> refresh(std::string_view refresh_token, const Asker& asker);
    // A second pair, for a session of this name. The first pair stays.
    [[nodiscard]] Outcome<Login> fork(std::string_view refresh_token, std::string_view session,
                                      const Asker& asker);
    // A pair for another account of the same user. The first pair stays.
    [[nodiscard]] Outcome<Login> exchange(std::string_view refresh_token, AccountId subject,
                                          std::string_view scope, const Asker& asker);

    // ---- Each private call ----
    // By the header `Authorization`.
    [[nodiscard]] Outcome<Grant> authorize(std::string_view header, const HttpRequest& request,
                                           const Asker& asker);
    // By `access_token`.
    [[nodiscard]] Outcome<Grant> check(std::string_view access_token, const Asker& asker) const;
    // Of a connection that logged in before: the grant as it is now, or why it is no more.
    [[nodiscard]] Outcome<Grant> renewed(const Grant& grant, const Asker& asker) const;

    // ---- Endings ----
    // `private/logout` with invalidate_token, its default.
    void log_out(const Grant& grant);
    // Its connection tokens end; those of sessions stay.
    void closed(Connection connection);

    // ---- The file ----
    // Reads it again where it has changed; true then. Cheap enough for once a second. A file that
    // cannot be read leaves all as it was, and is told once.
    Sentence<bool> reload_if_changed();
    [[nodiscard]] const Keyring& keyring() const { return keyring_; }
    [[nodiscard]] const Tokens& tokens() const { return tokens_; }

  private:
    [[nodiscard]] Outcome<Login> issue(const Key& key, std::string_view scope, const Asker& asker);
    [[nodiscard]] Outcome<Tokens::Family> family_of(std::string_view refresh_token,
                                                    const Asker& asker);
    [[nodiscard]] Outcome<Login> login_of(const Outcome<TokenPair>& tokens,
                                          const Asker& asker) const;
    [[nodiscard]] Outcome<Grant> grant_of(FamilyId family, const Asker& asker) const;
    [[nodiscard]] Outcome<Grant> authorize_signed(const HttpSignature& claim,
                                                  const HttpRequest& request, const Asker& asker);
    [[nodiscard]] Outcome<Grant> granted(const Outcome<const Key*>& key) const;
    void end_lost_keys(const Keyring& before);

    Settings settings_;
    Keyring keyring_;
    Tokens tokens_;
    Replays replays_;
    std::optional<SealKey> seal_key_;
    host::FileStamp stamp_;
};

}  // namespace miletus::credentials
