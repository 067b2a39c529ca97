// The words of `miletus admin`, and what their options fill in.
#pragma once

#include "admin/verbs.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace miletus::admin {

class CommandLine {
  public:
    // Describes all verbs under `admin`, which lives as long as this.
    void describe(CLI::App& admin);
    // The verb that was parsed; whether it was done.
    bool run(Told told);

  private:
    using Verb = bool (CommandLine::*)(Told) const;

    void describe_users(CLI::App& admin);
    void describe_keys(CLI::App& admin);
    void describe_venue(CLI::App& admin);
    CLI::App* add_verb(CLI::App& under, const std::string& name, const std::string& words,
                       Verb verb);
    void add_files(CLI::App* verb);
    void add_door(CLI::App* verb);

    // One for each verb.
    [[nodiscard]] bool init(Told told) const;
    [[nodiscard]] bool user_add(Told told) const;
    [[nodiscard]] bool user_accounts(Told told) const;
    [[nodiscard]] bool user_list(Told told) const;
    [[nodiscard]] bool key_add(Told told) const;
    [[nodiscard]] bool key_list(Told told) const;
    [[nodiscard]] bool key_enable(Told told) const;
    [[nodiscard]] bool key_disable(Told told) const;
    [[nodiscard]] bool key_remove(Told told) const;
    [[nodiscard]] bool key_scope(Told told) const;
    [[nodiscard]] bool key_ip(Told told) const;
    [[nodiscard]] bool key_reset(Told told) const;
    [[nodiscard]] bool account_open(Told told) const;
    [[nodiscard]] bool deposit(Told told) const;

    Verb verb_ = nullptr;
    Files files_;
    UserWish user_;
    KeyWish key_wish_;
    std::string key_;
    std::vector<std::string> scope_;
    Door door_;
    std::uint32_t account_ = 0;
    std::uint32_t owner_ = 0;
    std::string amount_;
    std::string asset_;
};

}  // namespace miletus::admin
