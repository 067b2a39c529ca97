// The members of a message come in any order, so that a failure is kept until the id was seen, and
// parameters that came before the method are walked over again.
#include "edge/gateway/deribit/rpc/call.hpp"

#include "edge/gateway/deribit/rpc/intake.hpp"
#include "edge/gateway/deribit/rpc/json_check.hpp"
#include "edge/gateway/deribit/rpc/json_source.hpp"
#include "edge/gateway/deribit/rpc/number.hpp"
#include "edge/gateway/deribit/rpc/query.hpp"

#include <string>
#include <utility>

namespace miletus::deribit {

namespace {

namespace ondemand = simdjson::ondemand;
using ondemand::json_type;

constexpr std::string_view wrong_format = "wrong format";
constexpr std::size_t id_bytes_max = 256;
constexpr std::size_t token_bytes_max = 4096;

[[nodiscard]] Failure bad_request(std::string_view reason) {
    return {.code = ErrorCode::invalid_request, .reason = reason, .param = ""};
}
[[nodiscard]] Failure just(ErrorCode code) {
    return {.code = code, .reason = "", .param = ""};
}

// A list or an object, as it stands there; false where it has no end.
[[nodiscard]] bool read_raw(ondemand::value& value, json_type type, std::string_view& json) {
    if (type == json_type::array) {
        ondemand::array array;
        return value.get_array().get(array) == simdjson::SUCCESS &&
               array.raw_json().get(json) == simdjson::SUCCESS;
    }
    ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS &&
           object.raw_json().get(json) == simdjson::SUCCESS;
}

}  // namespace

class CallReader::Work {
  public:
    explicit Work(const CallLimits& limits)
        : limits_(limits), intake_(limits.list_max, limits.depth_max) {}

    [[nodiscard]] std::expected<Call, Failure> read_json(std::string_view body) {
        forget();
        return read_message(body);
    }
    [[nodiscard]] std::expected<Call, Failure> read_http(const HttpRequest& request);

    [[nodiscard]] std::string_view id() const LIFETIME_BOUND { return id_; }
    [[nodiscard]] std::string_view access_token() const LIFETIME_BOUND { return access_token_; }
    [[nodiscard]] std::optional<Method> method() const { return method_; }

  private:
    enum class Pass : std::uint8_t { all, parameters_only };

    void forget();
    [[nodiscard]] std::expected<Call, Failure> read_message(std::string_view body);
    [[nodiscard]] std::expected<Call, Failure> read_pairs(std::string_view query);
    [[nodiscard]] std::expected<Call, Failure> finish();

    // ---- Members of a message; false where it is no JSON ----
    [[nodiscard]] bool walk(ondemand::document& document, Pass pass);
    [[nodiscard]] bool take_member(ondemand::field&& field, Pass pass);
    [[nodiscard]] bool take_id(ondemand::value& value);
    [[nodiscard]] bool take_method(ondemand::value& value);
    [[nodiscard]] bool take_parameters(ondemand::value& value);
    [[nodiscard]] bool take_parameter(ondemand::field&& field);
    [[nodiscard]] bool take_access_token(ondemand::value& value);
    [[nodiscard]] bool take_value(Place place, ondemand::value& value);
    [[nodiscard]] bool take_number(Place place, std::string_view token);
    [[nodiscard]] bool take_text(Place place, ondemand::value& value);
    [[nodiscard]] bool take_array(Place place, ondemand::value& value);
    [[nodiscard]] bool take_elements(Place place, const JsonSource& source, ondemand::array& array);
    [[nodiscard]] bool take_token(ondemand::value& value);
    [[nodiscard]] bool pass_over(ondemand::value& value);

    void name_method(std::string_view text);
    void set_method(Method method);
    void take_pair_of(Pair pair);
    // A list as JSON that came as a text. False where it is none.
    [[nodiscard]] bool take_as_list(Place place, std::string_view text);
    void take_list_text(Place place, std::string_view text);
    // The first failure is the one that is told.
    void note(std::optional<Failure> failure);
    void note(Place place, std::string_view reason) {
        if (!reason.empty()) {
            refuse(place, reason);
        }
    }
    void refuse(Place place, std::string_view reason);
    // Where the method's parameter of this name stands.
    [[nodiscard]] Place place_of(std::string_view name) const {
        return method_.has_value() ? row(*method_).place_named(name) : no_place;
    }

    CallLimits limits_;
    JsonSource messages_;
    JsonSource lists_;
    Intake intake_;
    std::string id_;
    std::string access_token_;
    std::string decoded_;
    std::string name_;
    std::optional<Method> method_;
    std::optional<Failure> failure_;
    bool is_websocket_ = true;
    bool was_named_in_path_ = false;
    bool saw_method_ = false;
    bool parameters_wait_ = false;
};

// ---- Both transports ----

void CallReader::Work::forget() {
    id_.clear();
    access_token_.clear();
    method_.reset();
    failure_.reset();
    is_websocket_ = true;
    was_named_in_path_ = false;
    saw_method_ = false;
    parameters_wait_ = false;
}

void CallReader::Work::note(std::optional<Failure> failure) {
    if (!failure_.has_value() && failure.has_value()) {
        failure_ = std::move(failure);
    }
}

void CallReader::Work::set_method(Method method) {
    method_ = method;
    intake_.begin(row(method));
}

void CallReader::Work::name_method(std::string_view text) {
    const std::optional<Method> method = method_named(method_in(text));
    if (!method.has_value()) {
        note(just(ErrorCode::method_not_found));
    } else if (was_named_in_path_ && method != method_) {
        note(bad_request("path and body name different methods"));
    } else if (!was_named_in_path_) {
        set_method(*method);
    }
}

void CallReader::Work::refuse(Place place, std::string_view reason) {
    if (method_.has_value()) {
        note(wrong(row(*method_).at(place).parameter, reason));
    }
}

bool CallReader::Work::take_as_list(Place place, std::string_view text) {
    const bool is_list = text.starts_with('[') && intake_.type_at(place) == ParameterType::texts;
    if (is_list) {
        take_list_text(place, text);
    }
    return is_list;
}

void CallReader::Work::take_list_text(Place place, std::string_view text) {
    ondemand::document document;
    ondemand::array array;
    if (!lists_.open(text, document) || document.get_array().get(array) != simdjson::SUCCESS) {
        note(place, wrong_format);
        return;
    }
    intake_.begin_list(place);
    if (!take_elements(place, lists_, array) || !is_over(document)) {
        note(place, wrong_format);
    }
}

std::expected<Call, Failure> CallReader::Work::finish() {
    if (!method_.has_value()) {
        return std::unexpected(failure_.value_or(bad_request("method missing")));
    }
    if (!row(*method_).is_built()) {
        return std::unexpected(just(ErrorCode::not_implemented));
    }
    if (!is_websocket_ && row(*method_).transport == Transport::websocket_only) {
        return std::unexpected(just(ErrorCode::must_be_websocket_request));
    }
    note(intake_.end());
    if (failure_.has_value()) {
        return std::unexpected(*failure_);
    }
    return Call{.method = *method_,
                .id = id_,
                .access_token = access_token_,
                .parameters = Parameters(intake_.values())};
}

// ---- JSON ----

std::expected<Call, Failure> CallReader::Work::read_message(std::string_view body) {
    if (body.size() > limits_.bytes_max) {
        return std::unexpected(bad_request("message too large"));
    }
    intake_.make_room(body.size());
    ondemand::document document;
    json_type type{};
    if (!messages_.open(body, document) || document.type().get(type) != simdjson::SUCCESS) {
        return std::unexpected(just(ErrorCode::parse_error));
    }
    if (type != json_type::object) {
        if (!is_json(body, limits_.depth_max)) {
            return std::unexpected(just(ErrorCode::parse_error));
        }
        return std::unexpected(
            bad_request(type == json_type::array ? "batches are not supported" : "not an object"));
    }
    if (!walk(document, Pass::all) || !is_over(document)) {
        return std::unexpected(just(ErrorCode::parse_error));
    }
    if (parameters_wait_ && method_.has_value()) {
        document.rewind();
        intake_.begin(row(*method_));
        if (!walk(document, Pass::parameters_only)) {
            return std::unexpected(just(ErrorCode::parse_error));
        }
    }
    return finish();
}

bool CallReader::Work::walk(ondemand::document& document, Pass pass) {
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) {
        return false;
    }
    for (auto member : object) {
        if (member.error() != simdjson::SUCCESS ||
            !take_member(std::move(member).value_unsafe(), pass)) {
            return false;
        }
    }
    return true;
}

bool CallReader::Work::take_member(ondemand::field&& field, Pass pass) {
    std::string_view key;
    if (!messages_.take_key(field, key)) {
        return false;
    }
    if (key == "params") {
        parameters_wait_ |= !method_.has_value();
        return !method_.has_value() || take_parameters(field.value());
    }
    if (pass == Pass::parameters_only) {
        return true;
    }
    if (key == "id") {
        return take_id(field.value());
    }
    return key == "method" ? take_method(field.value()) : pass_over(field.value());
}

// What nobody reads must be JSON all the same; it may be deep.
bool CallReader::Work::pass_over(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (type == json_type::string) {
        std::string_view text;
        return messages_.take_text(value, text);
    }
    if (type != json_type::array && type != json_type::object) {
        return take_token(value);
    }
    std::string_view json;
    return read_raw(value, type, json) && is_json(json, limits_.bytes_max);
}

// Whether what stands there is what its first letter promises.
bool CallReader::Work::take_token(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    bool flag = false;
    switch (type) {
        case json_type::number:
            return is_json_number(token_of(value));
        case json_type::boolean:
            return value.get_bool().get(flag) == simdjson::SUCCESS;
        case json_type::null:
            return value.is_null().get(flag) == simdjson::SUCCESS && flag;
        case json_type::string:
        case json_type::array:
        case json_type::object:
            break;
    }
    return true;
}

bool CallReader::Work::take_id(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (type != json_type::number && type != json_type::string) {
        if (type != json_type::null) {
            note(bad_request("id is neither a text nor a number"));
        }
        return take_token(value);
    }
    const std::string_view token = token_of(value);
    if (token.size() > id_bytes_max) {
        note(bad_request("id too long"));
        return true;
    }
    std::string_view text;
    const bool is_good = type == json_type::number
                             ? is_json_number(token)
                             : value.get_string().get(text) == simdjson::SUCCESS;
    if (is_good) {
        id_.assign(token);
    }
    return is_good;
}

bool CallReader::Work::take_method(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (std::exchange(saw_method_, true) || type != json_type::string) {
        note(bad_request("method must come once, as a text"));
        return take_token(value);
    }
    std::string_view text;
    if (!messages_.take_text(value, text)) {
        return false;
    }
    name_method(text);
    return true;
}

bool CallReader::Work::take_parameters(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (type == json_type::object) {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) {
            return false;
        }
        for (auto member : object) {
            if (member.error() != simdjson::SUCCESS ||
                !take_parameter(std::move(member).value_unsafe())) {
                return false;
            }
        }
        return true;
    }
    if (type == json_type::array) {
        ondemand::array array;
        bool is_empty = false;
        if (value.get_array().get(array) != simdjson::SUCCESS ||
            array.is_empty().get(is_empty) != simdjson::SUCCESS) {
            return false;
        }
        if (is_empty) {
            return true;
        }
    } else if (type == json_type::null) {
        return take_token(value);
    }
    note(Failure{
        .code = ErrorCode::invalid_params, .reason = "params must be an object", .param = ""});
    return take_token(value);
}

bool CallReader::Work::take_parameter(ondemand::field&& field) {
    std::string_view key;
    if (!messages_.take_key(field, key)) {
        return false;
    }
    const Place place = place_of(key);
    if (place != no_place) {
        return take_value(place, field.value());
    }
    return key == name(Parameter::access_token) ? take_access_token(field.value())
                                                : pass_over(field.value());
}

bool CallReader::Work::take_access_token(ondemand::value& value) {
    json_type type{};
    std::string_view text;
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (type != json_type::string) {
        return take_token(value);
    }
    if (!messages_.take_text(value, text)) {
        return false;
    }
    access_token_.assign(text.substr(0, token_bytes_max));
    return true;
}

bool CallReader::Work::take_value(Place place, ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    bool flag = false;
    std::string_view json;
    switch (type) {
        case json_type::string:
            return take_text(place, value);
        case json_type::number:
            return take_number(place, token_of(value));
        case json_type::boolean:
            if (value.get_bool().get(flag) != simdjson::SUCCESS) {
                return false;
            }
            note(place, intake_.take(place, flag ? "true" : "false"));
            return true;
        case json_type::null:
            intake_.drop(place);
            return take_token(value);
        case json_type::array:
            return take_array(place, value);
        case json_type::object:
            break;
    }
    if (!read_raw(value, type, json)) {
        return false;
    }
    note(place, intake_.take_json(place, json));
    return true;
}

bool CallReader::Work::take_number(Place place, std::string_view token) {
    const std::optional<Number> number = number_in(token);
    if (!number.has_value() || !number->is_json) {
        return false;
    }
    note(place, intake_.take(place, token, *number));
    return true;
}

bool CallReader::Work::take_text(Place place, ondemand::value& value) {
    std::string_view text;
    if (!messages_.take_text(value, text)) {
        return false;
    }
    if (!take_as_list(place, text)) {
        note(place, intake_.take(place, text));
    }
    return true;
}

bool CallReader::Work::take_array(Place place, ondemand::value& value) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
        return false;
    }
    if (intake_.type_at(place) == ParameterType::texts) {
        intake_.begin_list(place);
        return take_elements(place, messages_, array);
    }
    std::string_view json;
    if (array.raw_json().get(json) != simdjson::SUCCESS) {
        return false;
    }
    note(place, intake_.take_json(place, json));
    return true;
}

bool CallReader::Work::take_elements(Place place, const JsonSource& source,
                                     ondemand::array& array) {
    for (auto item : array) {
        ondemand::value element;
        json_type type{};
        std::string_view text;
        if (std::move(item).get(element) != simdjson::SUCCESS ||
            element.type().get(type) != simdjson::SUCCESS) {
            return false;
        }
        if (type == json_type::number) {
            text = token_of(element);
            if (!is_json_number(text)) {
                return false;
            }
        } else if (type != json_type::string) {
            note(place, wrong_format);
            if (!take_token(element)) {
                return false;
            }
            continue;
        } else if (!source.take_text(element, text)) {
            return false;
        }
        note(place, intake_.take_element(text));
    }
    return true;
}

// ---- HTTP ----

std::expected<Call, Failure> CallReader::Work::read_http(const HttpRequest& request) {
    forget();
    is_websocket_ = false;
    const std::size_t bytes = request.target.size() + request.body.size();
    if (bytes > limits_.bytes_max) {
        return std::unexpected(bad_request("message too large"));
    }
    intake_.make_room(bytes);
    const Target target = target_of(request.target);
    const std::string_view named = method_in(target.path);
    if (!named.empty()) {
        name_method(named);
        if (failure_.has_value()) {
            return std::unexpected(*failure_);
        }
        was_named_in_path_ = true;
    }
    if (request.verb == "GET") {
        return read_pairs(target.query);
    }
    if (request.verb != "POST") {
        return std::unexpected(bad_request("neither GET nor POST"));
    }
    if (request.body.empty() && was_named_in_path_) {
        return read_pairs(target.query);
    }
    const std::size_t begin = request.body.find_first_not_of(" \t\r\n");
    const bool looks_like_json = begin != std::string_view::npos &&
                                 (request.body[begin] == '{' || request.body[begin] == '[');
    if (!looks_like_json && is_of_type(request.content_type, "application/x-www-form-urlencoded")) {
        return read_pairs(request.body);
    }
    if (is_of_type(request.content_type, "multipart/")) {
        return std::unexpected(just(ErrorCode::invalid_content_type));
    }
    return read_message(request.body);
}

std::expected<Call, Failure> CallReader::Work::read_pairs(std::string_view query) {
    while (!query.empty()) {
        take_pair_of(take_pair(query));
    }
    return finish();
}

void CallReader::Work::take_pair_of(Pair pair) {
    name_.clear();
    if (!percent_decode(name_, pair.name)) {
        return;
    }
    const std::string_view key = without_brackets(name_);
    decoded_.clear();
    const bool is_good = percent_decode(decoded_, pair.value) &&
                         simdjson::validate_utf8(decoded_.data(), decoded_.size());
    if (key == name(Parameter::access_token)) {
        access_token_.assign(is_good ? std::string_view(decoded_).substr(0, token_bytes_max) : "");
        return;
    }
    const Place place = place_of(key);
    if (place == no_place) {
        return;
    }
    if (!is_good) {
        note(place, wrong_format);
    } else if (!take_as_list(place, decoded_)) {
        note(place, intake_.take_copy(place, decoded_));
    }
}

// ---- What others see ----

CallReader::CallReader(const CallLimits& limits) : work_(std::make_unique<Work>(limits)) {}
CallReader::~CallReader() = default;
CallReader::CallReader(CallReader&&) noexcept = default;
CallReader& CallReader::operator=(CallReader&&) noexcept = default;

std::expected<Call, Failure> CallReader::read_json(std::string_view body) {
    return work_->read_json(body);
}
std::expected<Call, Failure> CallReader::read_http(const HttpRequest& request) {
    return work_->read_http(request);
}
std::string_view CallReader::id() const {
    return work_->id();
}
std::string_view CallReader::access_token() const {
    return work_->access_token();
}
std::optional<Method> CallReader::method() const {
    return work_->method();
}

}  // namespace miletus::deribit
