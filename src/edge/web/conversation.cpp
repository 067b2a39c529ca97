// HTTP: requests in, responses out, one after the other.
#include "edge/web/conversation.hpp"

#include "base/assert.hpp"
#include "edge/web/server.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace miletus::web {

using Stage = Connection::Stage;
using Offer = Connection::Offer;
using Method = Request::Method;

namespace {

constexpr std::string_view line_end = "\r\n";

std::string_view text_in(std::span<const std::byte> bytes) {
    return {std::bit_cast<const char*>(bytes.data()), bytes.size()};
}

// What a refusal of this server says besides.
std::string_view headers_of(unsigned status) {
    switch (status) {
        case 405:
            return "Allow: GET, HEAD, POST, OPTIONS\r\n";
        case 426:
            return "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
        case 429:
        case 503:
            return "Retry-After: 1\r\n";
        default:
            return {};
    }
}

}  // namespace

Conversation::Step Conversation::read(Connection& connection, UnixNanos now) {
    ASSERT(connection.offer == Offer::none);
    Step step = Step::goes_on;
    while (step == Step::goes_on) {
        switch (connection.stage) {
            case Stage::head:
                step = read_head(connection, now);
                break;
            case Stage::body:
                step = read_body(connection, now);
                break;
            case Stage::chunks:
                step = read_chunks(connection, now);
                break;
            case Stage::answering:
                return Step::wants_more;
            case Stage::websocket:
                step = read_frames(connection, now);
                break;
            case Stage::ending:
            case Stage::lingering:
            case Stage::dead:
                return Step::ended;
        }
    }
    return step;
}

bool Conversation::may_read(const Connection& connection) const {
    if (connection.stage == Stage::answering) {
        // Whoever goes away is noticed; what is sent ahead waits, but not without bound.
        return connection.in.size() < settings_.head_bytes_max;
    }
    return connection.offer == Offer::none;
}

// ---- Heads ----

Conversation::Step Conversation::read_head(Connection& connection, UnixNanos now) {
    std::string_view bytes = text_in(std::as_const(connection.in).front());
    // Some clients send an empty line behind a body.
    if (!connection.has_begun && bytes.starts_with(line_end)) {
        connection.in.take(pool_, line_end.size());
        return Step::goes_on;
    }
    if (bytes.empty() || (!connection.has_begun && bytes == "\r")) {
        return Step::wants_more;
    }
    if (!std::exchange(connection.has_begun, true)) {
        connection.has_spoken = true;
        connection.request = {};
        connection.deadline = now + settings_.head_max;
    }
    const std::size_t size =
        connection.finder.find(bytes, {.head_bytes_max = settings_.head_bytes_max,
                                       .target_bytes_max = settings_.target_bytes_max});
    if (const std::optional<Fault>& fault = connection.finder.fault(); fault.has_value()) {
        return refused(connection, *fault, now);
    }
    if (size == 0) {
        return Step::wants_more;
    }
    const ReadRequest read = read_request(bytes.substr(0, size));
    connection.request = read.request;
    if (read.fault) {
        return refused(connection, *read.fault, now);
    }
    connection.start = size;
    connection.end = size;
    connection.next = size;
    return judge_head(connection, now);
}

Conversation::Step Conversation::judge_head(Connection& connection, UnixNanos now) {
    const Request& request = connection.request;
    const std::string_view head = text_in(std::as_const(connection.in).front());
    if (request.wants_websocket) {
        return upgrade(connection, now);
    }
    if (is_websocket_path(request.target.in(head))) {
        return refused(connection, {.status = 426, .sentence = "this path is for WebSockets"}, now);
    }
    if (request.body_bytes > settings_.body_bytes_max) {
        return refused(connection, {.status = 413, .sentence = "the body is too long"}, now);
    }
    if (!request.is_chunked && request.body_bytes == 0) {
        return offer_request(connection, now);
    }
    return begin_body(connection, now);
}

// ---- Bodies ----

Conversation::Step Conversation::begin_body(Connection& connection, UnixNanos now) {
    connection.deadline = now + settings_.body_max;
    connection.stage = connection.request.is_chunked ? Stage::chunks : Stage::body;
    if (connection.request.is_chunked) {
        connection.chunks.emplace(settings_.body_bytes_max, settings_.head_bytes_max);
    }
    // One that has begun to send does not wait to be asked.
    if (connection.request.expects_continue && connection.in.size() == connection.next) {
        write(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    return Step::goes_on;
}

Conversation::Step Conversation::read_body(Connection& connection, UnixNanos now) {
    const std::size_t end = connection.start + connection.request.body_bytes;
    if (connection.in.size() < end) {
        return Step::wants_more;
    }
    connection.end = end;
    connection.next = end;
    return offer_request(connection, now);
}

Conversation::Step Conversation::read_chunks(Connection& connection, UnixNanos now) {
    ASSERT(connection.chunks.has_value());
    const ChunkDecoder::Step step =
        connection.chunks->unfold(connection.in.front().subspan(connection.end));
    const std::size_t read_to = connection.end + step.read;
    connection.end += step.written;
    switch (step.state) {
        case ChunkDecoder::State::malformed:
            return refused(connection, {.status = 400, .sentence = "the chunks are none"}, now);
        case ChunkDecoder::State::too_long:
            return refused(connection, {.status = 413, .sentence = "the body is too long"}, now);
        case ChunkDecoder::State::wants_more:
            connection.in.cut_out(pool_, connection.end, read_to);
            return Step::wants_more;
        case ChunkDecoder::State::complete:
            connection.next = read_to;
            return offer_request(connection, now);
    }
    return Step::wants_more;
}

Conversation::Step Conversation::offer_request(Connection& connection, UnixNanos now) {
    connection.stage = Stage::answering;
    connection.deadline = never;
    if (connection.request.method_id != Method::options) {
        connection.offer = Offer::request;
        return Step::offers;
    }
    connection.forget_front(pool_);
    connection.awaits_answer = true;
    respond(connection,
            {.status = 204, .body = {}, .content_type = {}, .more_headers = headers_of(405)}, now);
    return Step::goes_on;
}

// ---- Out ----

void Conversation::take(Connection& connection, UnixNanos now) {
    const Offer taken = connection.offer;
    connection.forget_front(pool_);
    if (taken == Offer::request) {
        ++counters_.requests;
        if (!connection.awaits_answer && connection.stage == Stage::answering) {
            go_on(connection, now);
        }
    } else if (taken == Offer::message) {
        ++counters_.messages;
    }
}

void Conversation::respond(Connection& connection, const Response& response, UnixNanos now) {
    if (!std::exchange(connection.awaits_answer, false)) {
        return;
    }
    connection.request.keeps_alive = connection.request.keeps_alive && !response.is_last;
    write_head(connection, response, now);
    if (connection.request.method_id != Method::head) {
        write(connection, response.body);
    }
    if (connection.offer == Offer::none) {
        go_on(connection, now);
    }
}

void Conversation::write_head(Connection& connection, const Response& response, UnixNanos now) {
    write(connection, "HTTP/1.1 ");
    write(connection, Digits(response.status).text());
    write(connection, " ");
    write(connection, reason_of(response.status));
    write(connection, line_end);
    write(connection, date_.at(now));
    if (!response.content_type.empty()) {
        write(connection, "Content-Type: ");
        write(connection, response.content_type);
        write(connection, line_end);
    }
    if (response.status != 204) {
        write(connection, "Content-Length: ");
        write(connection, Digits(response.body.size()).text());
        write(connection, line_end);
    }
    if (!connection.request.keeps_alive) {
        write(connection, "Connection: close\r\n");
    } else if (connection.request.is_of_one_zero) {
        write(connection, "Connection: keep-alive\r\n");
    }
    write(connection, response.more_headers);
    write(connection, line_end);
}

void Conversation::go_on(Connection& connection, UnixNanos now) {
    if (!connection.request.keeps_alive) {
        end(connection, CloseCode::normal, {}, now);
        return;
    }
    connection.stage = Stage::head;
    connection.deadline = now + settings_.idle_max;
}

void Conversation::refuse(Connection& connection, const Fault& fault, UnixNanos now) {
    ++counters_.malformed;
    constexpr std::string_view before = R"({"error":{"code":)";
    constexpr std::string_view between = R"(,"message":")";
    constexpr std::string_view after = R"("}})";
    const Digits code(fault.status);
    std::array<char, 256> body{};
    std::size_t size = 0;
    for (const std::string_view part : {before, code.text(), between, fault.sentence, after}) {
        ASSERT(part.size() <= body.size() - size);
        std::ranges::copy(part, std::span(body).subspan(size).begin());
        size += part.size();
    }
    connection.request.keeps_alive = false;
    write_head(connection,
               {.status = fault.status,
                .body = {body.data(), size},
                .more_headers = headers_of(fault.status)},
               now);
    if (connection.request.method_id != Method::head) {
        write(connection, {body.data(), size});
    }
    end(connection, CloseCode::normal, {}, now);
}

Conversation::Step Conversation::refused(Connection& connection, const Fault& fault,
                                         UnixNanos now) {
    refuse(connection, fault, now);
    return Step::ended;
}

void Conversation::write(Connection& connection, std::string_view text) {
    connection.out.append(pool_, std::as_bytes(std::span(text)));
}

// ---- Ends ----

void Conversation::end(Connection& connection, CloseCode code, std::string_view reason,
                       UnixNanos now) {
    if (!connection.is_open()) {
        return;
    }
    if (connection.stage == Stage::websocket) {
        std::array<std::byte, control_bytes_max> payload{};
        const auto number = static_cast<std::uint16_t>(code);
        payload[0] = static_cast<std::byte>(number >> 8U);
        payload[1] = static_cast<std::byte>(number & 0xFFU);
        // Cut where no letter is cut in two.
        std::string_view whole = reason.substr(0, reason_bytes_max);
        while (!is_utf8(std::as_bytes(std::span(whole)))) {
            whole.remove_suffix(1);
        }
        std::ranges::copy(std::as_bytes(std::span(whole)), std::span(payload).subspan(2).begin());
        write_frame(connection, Opcode::close, std::span(payload).first(2 + whole.size()));
    }
    connection.close_code = code;
    connection.stage = Stage::ending;
    connection.deadline = now + settings_.close_max;
}

void Conversation::expire(Connection& connection, UnixNanos now) {
    const bool has_begun = (connection.stage == Stage::head && connection.has_begun) ||
                           connection.stage == Stage::body || connection.stage == Stage::chunks;
    if (has_begun) {
        ++counters_.too_slow_in;
        refuse(connection, {.status = 408, .sentence = "the request took too long"}, now);
    } else if (connection.stage == Stage::head) {
        counters_.too_slow_in += connection.has_spoken ? 0U : 1U;
        end(connection, CloseCode::normal, {}, now);
    } else if (connection.stage == Stage::websocket && connection.was_pinged) {
        ++counters_.too_slow_in;
        end(connection, CloseCode::policy, "nothing was heard", now);
    } else if (connection.stage == Stage::websocket) {
        connection.was_pinged = true;
        connection.deadline = now + (settings_.silence_max - settings_.ping_after);
        write_frame(connection, Opcode::ping, {});
    }
}

}  // namespace miletus::web
