// What the oracle wrote: a row a line, some words and then numbers, hexadecimal without the 0x.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace miletus::pricing {

inline double number_of(const std::string& hexadecimal) {
    const bool is_negative = hexadecimal.starts_with('-');
    const std::string digits = "0x" + hexadecimal.substr(is_negative ? 1 : 0);
    const double value = std::strtod(digits.c_str(), nullptr);
    return is_negative ? -value : value;
}

// As test reports keep it.
inline std::string in_short(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

struct OracleRow {
    std::string line;
    std::vector<std::string> words;
    std::vector<double> numbers;
};

inline std::vector<OracleRow> read_oracle(const std::string& path, std::size_t words) {
    std::vector<OracleRow> rows;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) {
            continue;
        }
        OracleRow row{.line = line, .words = {}, .numbers = {}};
        std::istringstream stream(line);
        for (std::string word; stream >> word;) {
            if (row.words.size() < words) {
                row.words.push_back(word);
            } else {
                row.numbers.push_back(number_of(word));
            }
        }
        rows.push_back(row);
    }
    return rows;
}

}  // namespace miletus::pricing
