// Beast reads the lines; what it lets through and this server does not is judged here.
#include "edge/web/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <limits>

namespace miletus::web {

namespace {

namespace http = boost::beast::http;
using BeastView = boost::beast::string_view;
using boost::beast::error_code;

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t around_target_max = 64;  // the method and the version

bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

std::string_view plain(BeastView view) {
    return {view.data(), view.size()};
}

bool is_same_word(std::string_view left, std::string_view right) {
    const auto lower = [](char letter) {
        return is_upper(letter) ? static_cast<char>(letter + ('a' - 'A')) : letter;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, comma);
        const std::size_t first = std::min(item.find_first_not_of(" \t"), item.size());
        item.remove_prefix(first);
        item = item.substr(0, item.find_last_not_of(" \t") + 1);
        if (is_same_word(item, word)) {
            return true;
        }
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

// Takes one head from Beast's parser, field by field. It throws nothing and allocates nothing.
class HeadReader final : public http::basic_parser<true> {
  public:
    explicit HeadReader(std::string_view head) : head_(head) {
        header_limit(static_cast<std::uint32_t>(head.size()));
        body_limit(std::numeric_limits<std::uint64_t>::max());
    }

    [[nodiscard]] ReadRequest read() {
        error_code failed;
        const std::size_t taken =
            put(boost::asio::const_buffer(head_.data(), head_.size()), failed);
        if (!fault_ && failed == http::error::bad_version) {
            refuse(505, "this version is not spoken here");
        } else if (!fault_ && (failed || taken != head_.size())) {
            refuse(400, "this is no request of HTTP");
        }
        if (!fault_) {
            judge();
        }
        return {.request = request_, .fault = fault_};
    }

  private:
    void refuse(unsigned status, std::string_view sentence) {
        if (!fault_) {
            fault_ = Fault{.status = status, .sentence = sentence};
        }
    }
    [[nodiscard]] Part part_of(BeastView view) const {
        return {.at = static_cast<std::uint32_t>(view.data() - head_.data()),
                .size = static_cast<std::uint32_t>(view.size())};
    }

    void on_request_impl(http::verb verb, BeastView name, BeastView target, int version,
                         error_code&) override {
        request_.head_bytes = static_cast<std::uint32_t>(head_.size());
        request_.method = part_of(name);
        request_.target = part_of(target);
        request_.is_of_one_zero = version == 10;
        set_method(verb);
        const bool is_of_server = verb == http::verb::options && target == "*";
        if (!target.starts_with('/') && !is_of_server) {
            refuse(400, "a target begins with a slash");
        }
    }

    void set_method(http::verb verb) {
        if (verb == http::verb::get) {
            request_.method_id = Request::Method::get;
        } else if (verb == http::verb::post) {
            request_.method_id = Request::Method::post;
        } else if (verb == http::verb::head) {
            request_.method_id = Request::Method::head;
        } else if (verb == http::verb::options) {
            request_.method_id = Request::Method::options;
        } else {
            refuse(405, "GET, HEAD, POST and OPTIONS are the methods here");
        }
    }

    void on_field_impl(http::field field, BeastView, BeastView value, error_code&) override {
        const std::string_view text = plain(value);
        if (field == http::field::host) {
            refuse_second(has_host_);
        } else if (field == http::field::content_length) {
            refuse_second(has_length_);
        } else if (field == http::field::transfer_encoding) {
            refuse_second(has_coding_);
            if (!is_same_word(text, "chunked")) {
                refuse(501, "chunked is the only transfer coding here");
            }
        } else if (field == http::field::authorization) {
            refuse_second(has_authorization_);
            request_.authorization = part_of(value);
        } else if (field == http::field::content_type) {
            request_.content_type = part_of(value);
        } else if (field == http::field::expect) {
            request_.expects_continue = is_same_word(text, "100-continue");
            if (!request_.expects_continue) {
                refuse(417, "100-continue is all that can be expected here");
            }
        } else if (field == http::field::upgrade) {
            names_websocket_ = names_websocket_ || has_word(text, "websocket");
        } else if (field == http::field::sec_websocket_key) {
            refuse_second(has_key_);
            request_.websocket_key = part_of(value);
        } else if (field == http::field::sec_websocket_version) {
            request_.has_websocket_version = text == "13";
        }
    }

    void refuse_second(bool& has_one) {
        if (has_one) {
            refuse(400, "a header stands there twice that may stand there once");
        }
        has_one = true;
    }

    void judge() {
        request_.keeps_alive = keep_alive();
        request_.is_chunked = chunked();
        if (!request_.is_chunked) {
            request_.body_bytes = content_length().value_or(0);
        }
        request_.wants_websocket = names_websocket_ && upgrade();
        if (!has_host_ && !request_.is_of_one_zero) {
            refuse(400, "the header Host is missing");
        }
        if (has_coding_ && (has_length_ || request_.is_of_one_zero)) {
            refuse(400, "a body has one length");
        }
        request_.expects_continue = request_.expects_continue && !request_.is_of_one_zero;
    }

    // Nothing but the head is given to the parser.
    void on_response_impl(int, BeastView, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(BeastView body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, error_code&) override {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}

    std::string_view head_;
    Request request_;
    std::optional<Fault> fault_;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool has_authorization_ = false;
    bool has_key_ = false;
    bool names_websocket_ = false;
};

}  // namespace

std::size_t HeadFinder::find(std::string_view bytes, const HeadLimits& limits) {
    // What is no method cannot begin a request; most likely it is another protocol.
    if (!fault_ && !bytes.empty() && !is_upper(bytes.front())) {
        fault_ = Fault{.status = 400, .sentence = "this is no request of HTTP"};
    }
    while (!fault_) {
        const std::size_t at = bytes.find('\n', line_at_ + seen_);
        if (at == std::string_view::npos) {
            seen_ = bytes.size() - line_at_;
            fault_ = fault_of(bytes, limits);
            return 0;
        }
        const std::string_view line = bytes.substr(line_at_, at + 1 - line_at_);
        const bool is_folded = line_at_ != 0 && (line.front() == ' ' || line.front() == '\t');
        if (!line.ends_with(line_end) || is_folded) {
            fault_ = Fault{.status = 400, .sentence = "a line is folded or does not end in CR LF"};
            return 0;
        }
        fault_ = fault_of(bytes.substr(0, at + 1), limits);
        line_at_ = at + 1;
        seen_ = 0;
        if (line == line_end && !fault_) {
            return line_at_;
        }
    }
    return 0;
}

std::optional<Fault> HeadFinder::fault_of(std::string_view bytes, const HeadLimits& limits) const {
    if (line_at_ == 0 && bytes.size() > limits.target_bytes_max + around_target_max) {
        return Fault{.status = 414, .sentence = "the target is too long"};
    }
    if (bytes.size() > limits.head_bytes_max) {
        return Fault{.status = 431, .sentence = "the head is too long"};
    }
    return std::nullopt;
}

ReadRequest read_request(std::string_view head) {
    return HeadReader(head).read();
}

}  // namespace miletus::web
