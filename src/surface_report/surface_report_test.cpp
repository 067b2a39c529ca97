// What is told of a file of quotes, to people and to programs.
#include "surface_report/surface_report.hpp"

#include "surface_report/picture.hpp"
#include "surface_report/tables.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace miletus::surface_report {
namespace {

// A smile of two expiries in coin, with one quote that has no bid.
std::string made_up_file() {
    std::ostringstream text;
    text << "option_type,strike,time_to_maturity,bid_price,ask_price,mark_price,currency,"
            "index_price\n";
    for (const double time : {0.1, 0.4}) {
        for (int step = -6; step <= 6; ++step) {
            const double strike = 100 + 4 * step;
            const double k = std::log(strike / 100);
            for (const std::int8_t kind : {pricing::call, pricing::put}) {
                const double price = pricing::value_of(pricing::Forward{.forward = 1,
                                                                        .strike = strike / 100,
                                                                        .time = time,
                                                                        .vol = 0.6 + 0.3 * k * k,
                                                                        .discount = 1,
                                                                        .kind = kind})
                                         .price;
                text << (kind == pricing::call ? "call," : "put,") << strike << "," << time << ","
                     << price * 0.98 << "," << price * 1.02 << "," << price << ",BTC,100\n";
            }
        }
    }
    text << "call,500,0.4,,0.001,,BTC,100\n";
    return text.str();
}

class SurfaceReport : public testing::Test {
  protected:
    SurfaceReport() {
        folder_ = std::filesystem::temp_directory_path() / "miletus_surface_report_test";
        std::filesystem::create_directories(folder_);
        write(made_up_file());
    }
    ~SurfaceReport() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& text) const {
        std::ofstream(question_path(), std::ios::binary) << text;
    }
    [[nodiscard]] std::string question_path() const { return folder_ / "chain.csv"; }

    bool ask(SurfaceQuestion question = {}) {
        out_.str("");
        errors_.str("");
        question.path = question.path.empty() ? question_path() : question.path;
        return report(out_, errors_, question);
    }

    std::filesystem::path folder_;
    std::ostringstream out_;
    std::ostringstream errors_;
};

TEST_F(SurfaceReport, tells_tables) {
    EXPECT_TRUE(ask());
    EXPECT_TRUE(
        out_.str().starts_with("BTC: 53 quotes, 52 used; passed over: one-sided 1\n"
                               "fitted between bid and ask: 52/52; the venue's marks: 52/52\n"))
        << out_.str();
    for (const std::string_view head : {"Quotes and residuals", "Forwards", "SVI: w =", "SSVI: rho",
                                        "Arbitrage", "put-call parity", "36.50 days"}) {
        EXPECT_NE(out_.str().find(head), std::string::npos) << head;
    }
    EXPECT_EQ(errors_.str(), "");
}

TEST_F(SurfaceReport, tells_json) {
    EXPECT_TRUE(ask({.path = "", .wants_json = true}));
    EXPECT_TRUE(out_.str().starts_with("[{\"name\": \"BTC\", \"index\": 100, \"status\": \"ok\""))
        << out_.str().substr(0, 80);
    EXPECT_TRUE(out_.str().ends_with("}]}]\n"));
    EXPECT_NE(out_.str().find("\"source\": \"put-call parity\""), std::string::npos);
    EXPECT_NE(out_.str().find("\"one-sided\": 1"), std::string::npos);
}

TEST_F(SurfaceReport, draws_a_panel_for_each_expiry) {
    const std::string path = folder_ / "smiles.svg";
    EXPECT_TRUE(ask({.path = "", .plot_path = path}));
    std::ostringstream drawn;
    drawn << std::ifstream(path).rdbuf();
    EXPECT_TRUE(drawn.str().starts_with("<svg "));
    EXPECT_TRUE(drawn.str().ends_with("</svg>\n"));
    std::size_t panels = 0;
    for (std::size_t at = 0; (at = drawn.str().find("class='fit'", at)) != std::string::npos;
         ++at) {
        ++panels;
    }
    EXPECT_EQ(panels, 2);
    EXPECT_EQ(drawn.str().find("nan"), std::string::npos);
    EXPECT_EQ(drawn.str().find("class='missed'"), std::string::npos);
}

TEST_F(SurfaceReport, tells_what_it_cannot_read_or_write) {
    EXPECT_FALSE(ask({.path = folder_ / "none.csv"}));
    EXPECT_TRUE(errors_.str().starts_with("miletus: cannot read "));
    EXPECT_FALSE(ask({.path = folder_}));
    EXPECT_TRUE(errors_.str().starts_with("miletus: cannot read ")) << errors_.str();
    EXPECT_FALSE(ask({.path = "", .plot_path = folder_ / "no" / "such.svg"}));
    EXPECT_TRUE(errors_.str().starts_with("miletus: cannot write "));
    write("kind,strike,time,bid,ask\ncall,x,1,1,1\n");
    EXPECT_FALSE(ask());
    EXPECT_TRUE(errors_.str().ends_with(
        "chain.csv: line 2, column strike: \"x\" is no number; write it as 82000 or 0.0105\n"));
    write("kind,strike,time,bid,ask\n");
    EXPECT_FALSE(ask());
    EXPECT_TRUE(errors_.str().ends_with("line 2: there are no quotes\n"));
}

TEST_F(SurfaceReport, tells_why_a_chain_has_no_surface) {
    write("kind,strike,time,bid,ask\ncall,100,1,0.1,0.2\n");
    EXPECT_FALSE(ask());
    EXPECT_EQ(out_.str(),
              "chain: 1 quotes: no expiry's forward can be found: there are no pairs, no listed "
              "future and no index\n");
    EXPECT_FALSE(ask({.path = "", .wants_json = true}));
    EXPECT_NE(out_.str().find("\"status\": \"no expiry's forward"), std::string::npos);
}

TEST_F(SurfaceReport, says_of_an_empty_file_that_it_is_empty) {
    write("");
    for (const std::string& path : {question_path(), std::string("/dev/null")}) {
        EXPECT_FALSE(ask({.path = path}));
        EXPECT_EQ(errors_.str(),
                  path + ": line 1: the file is empty; its first line names the columns\n");
    }
}

TEST_F(SurfaceReport, draws_no_picture_over_its_quotes) {
    const std::string link = folder_ / "link.svg";
    std::filesystem::create_symlink(question_path(), link);
    for (const std::string& path : {question_path(), link}) {
        EXPECT_FALSE(ask({.path = "", .plot_path = path}));
        EXPECT_EQ(errors_.str(),
                  "miletus: " + path + " holds the quotes; name another file for the picture\n");
        EXPECT_EQ(out_.str(), "");
    }
    EXPECT_TRUE(ask());
}

TEST_F(SurfaceReport, draws_no_picture_where_nothing_is_fitted) {
    const std::string path = folder_ / "smiles.svg";
    write("kind,strike,time,bid,ask\ncall,100,1,0.1,0.2\n");
    EXPECT_FALSE(ask({.path = "", .plot_path = path}));
    EXPECT_EQ(errors_.str(), "miletus: nothing is fitted, so " + path + " is not drawn\n");
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(SurfaceReport, tells_no_curve_of_an_expiry_that_is_not_fitted) {
    write(made_up_file() + "call,100,0.9,0.1,0.2,,BTC,100\n");
    EXPECT_TRUE(ask({.path = "", .wants_json = true}));
    EXPECT_NE(out_.str().find("\"fitted\": false"), std::string::npos);
    EXPECT_NE(out_.str().find("\"svi\": null, \"arbitrage\": null}"), std::string::npos);
    EXPECT_NE(out_.str().find("\"svi\": {\"a\""), std::string::npos);
}

TEST_F(SurfaceReport, tells_a_time_of_infinity_as_out_of_domain) {
    write(made_up_file() + "call,100,inf,0.1,0.2,,BTC,100\n");
    EXPECT_TRUE(ask());
    EXPECT_NE(out_.str().find("out of domain 1"), std::string::npos) << out_.str();
}

TEST(SurfaceText, is_safe_in_json_and_xml) {
    EXPECT_EQ(json_text("a\"b\\c\n"), "\"a\\\"b\\\\c \"");
    EXPECT_EQ(xml_text("a<b>&"), "a&lt;b&gt;&amp;");
    EXPECT_EQ(exact(std::nan("")), "null");
    EXPECT_EQ(fixed(std::nan(""), 2), "-");
    EXPECT_EQ(fixed(-0.125, 2), "-0.12");
}

}  // namespace
}  // namespace miletus::surface_report
