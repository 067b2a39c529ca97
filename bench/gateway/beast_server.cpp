// As the examples of Boost.Beast have it: one asynchronous operation after the other.
#include "bench/gateway/beast_server.hpp"

#include "bench/gateway/spinner.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <vector>

namespace miletus::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Each ends with its connection; the object stays as long as the server.
// NOLINTBEGIN(misc-no-recursion): one handler starts what the next one hears of
class Echo {
  public:
    explicit Echo(tcp::socket socket) : stream_(std::move(socket)) {
        stream_.text(true);
        stream_.async_accept([this](error_code error) {
            if (!error) {
                read();
            }
        });
    }

  private:
    void read() {
        stream_.async_read(buffer_, [this](error_code error, std::size_t) {
            if (!error) {
                write();
            }
        });
    }
    void write() {
        stream_.async_write(buffer_.data(), [this](error_code error, std::size_t) {
            if (!error) {
                buffer_.consume(buffer_.size());
                read();
            }
        });
    }

    beast::websocket::stream<tcp::socket> stream_;
    beast::flat_buffer buffer_;
};

class EmptyAnswer {
  public:
    explicit EmptyAnswer(tcp::socket socket) : socket_(std::move(socket)) { read(); }

  private:
    void read() {
        request_ = {};
        http::async_read(socket_, buffer_, request_, [this](error_code error, std::size_t) {
            if (!error) {
                write();
            }
        });
    }
    void write() {
        constexpr unsigned http_1_1 = 11;
        answer_ = {http::status::ok, http_1_1};
        answer_.keep_alive(true);
        answer_.prepare_payload();
        http::async_write(socket_, answer_, [this](error_code error, std::size_t) {
            if (!error) {
                read();
            }
        });
    }

    tcp::socket socket_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::empty_body> answer_;
};

// NOLINTEND(misc-no-recursion)
}  // namespace

class BeastServer::Work {
  public:
    Work(Manner manner, std::optional<std::uint32_t> processor)
        : manner_(manner),
          acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          spinner_(processor, [this] { context_.poll(); }) {
        accept();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void begin() { spinner_.begin(); }
    void end() { spinner_.end(); }

  private:
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error) {
                return;
            }
            socket.set_option(tcp::no_delay(true));
            if (manner_ == Manner::echo) {
                echoes_.push_back(std::make_unique<Echo>(std::move(socket)));
            } else {
                answers_.push_back(std::make_unique<EmptyAnswer>(std::move(socket)));
            }
            accept();
        });
    }

    Manner manner_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::vector<std::unique_ptr<Echo>> echoes_;
    std::vector<std::unique_ptr<EmptyAnswer>> answers_;
    Spinner spinner_;
};

BeastServer::BeastServer(Manner manner, std::optional<std::uint32_t> processor)
    : work_(std::make_unique<Work>(manner, processor)),
      address_("tcp:127.0.0.1:" + std::to_string(work_->port())) {}

BeastServer::~BeastServer() {
    end();
}

void BeastServer::begin() {
    work_->begin();
}

void BeastServer::end() {
    work_->end();
}

}  // namespace miletus::bench
