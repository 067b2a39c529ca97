// Replays a corpus folder through a fuzz body in every ordinary build: a kept input stays a test.
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

std::vector<std::filesystem::path> inputs_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> inputs;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.is_regular_file()) {
                inputs.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(inputs);
    return inputs;
}

std::string contents_of(const std::filesystem::path& input) {
    std::ifstream file(input, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int replay(const std::filesystem::path& folder) {
    miletus::fuzz_one({});
    const std::vector<std::filesystem::path> inputs = inputs_in(folder);
    for (const std::filesystem::path& input : inputs) {
        // Printed first and flushed, so that the last line names the input that tripped.
        std::printf("%s\n", input.filename().c_str());
        std::fflush(stdout);
        const std::string contents = contents_of(input);
        miletus::fuzz_one(std::as_bytes(std::span(contents)));
    }
    std::printf("replayed %zu inputs and the empty one\n", inputs.size());
    return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 2) {
        std::fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    try {
        return replay(*std::next(arguments));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "replay: %s\n", error.what());
        return 1;
    }
}
