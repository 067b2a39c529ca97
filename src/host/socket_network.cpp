// Sockets that never wait, behind one epoll.
#include "host/socket_network.hpp"

#include "base/assert.hpp"
#include "base/result.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <variant>

namespace miletus::host {

namespace {

// In the word that epoll keeps for each socket, this bit tells doors from connections.
constexpr std::uint64_t door_mark = std::uint64_t{1} << 32U;
constexpr int waiting_at_the_door_max = 4096;
constexpr mode_t owner_only = 0600;

std::unexpected<IoError> failed(std::string_view operation, std::string_view subject, int code) {
    return std::unexpected(IoError{
        .operation = std::string(operation), .subject = std::string(subject), .code = code});
}

// What the system calls an address.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    std::string path;  // of a Unix socket

    [[nodiscard]] const sockaddr* get() const LIFETIME_BOUND {
        return std::bit_cast<const sockaddr*>(&storage);
    }
    [[nodiscard]] int family() const { return storage.ss_family; }
};

template <class Address>
SocketAddress stored(const Address& address) {
    static_assert(sizeof(Address) <= sizeof(sockaddr_storage));
    SocketAddress made;
    std::ranges::copy(std::as_bytes(std::span(&address, 1)),
                      std::as_writable_bytes(std::span(&made.storage, 1)).begin());
    made.size = sizeof(Address);
    return made;
}

IoResult<SocketAddress> unix_address(const std::string& address, std::string_view path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::span<char> room(name.sun_path);
    if (path.empty() || path.size() >= room.size()) {
        return failed("use address", address, path.empty() ? EINVAL : ENAMETOOLONG);
    }
    std::ranges::copy(path, room.begin());
    SocketAddress made = stored(name);
    made.path = path;
    return made;
}

IoResult<SocketAddress> tcp_address(const std::string& address, std::string_view place) {
    const std::size_t colon = place.rfind(':');
    std::uint16_t port = 0;
    const std::string_view digits =
        colon == std::string_view::npos ? std::string_view() : place.substr(colon + 1);
    const auto parsed = std::from_chars(digits.data(), std::to_address(digits.end()), port);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != std::to_address(digits.end())) {
        return failed("use address", address, EINVAL);
    }
    const std::string host(place.substr(0, colon));
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
        return stored(four);
    }
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) {
        return stored(six);
    }
    return failed("use address", address, EINVAL);
}

IoResult<SocketAddress> parsed(const std::string& address) {
    constexpr std::string_view tcp = "tcp:";
    constexpr std::string_view local = "unix:";
    const std::string_view text = address;
    if (text.starts_with(tcp)) {
        return tcp_address(address, text.substr(tcp.size()));
    }
    if (text.starts_with(local)) {
        return unix_address(address, text.substr(local.size()));
    }
    return failed("use address", address, EINVAL);
}

// Small messages leave at once.
void send_at_once(int descriptor) {
    const int yes = 1;
    // A Unix socket refuses, and does so anyway.
    static_cast<void>(setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)));
}

// The port that the system chose.
std::string with_port(const std::string& address, int descriptor) {
    sockaddr_storage bound{};
    socklen_t size = sizeof(bound);
    if (getsockname(descriptor, std::bit_cast<sockaddr*>(&bound), &size) != 0 ||
        bound.ss_family == AF_UNIX) {
        return address;
    }
    const auto& place = *std::bit_cast<const sockaddr_in*>(&bound);  // six has its port there too
    return address.substr(0, address.rfind(':') + 1) + std::to_string(ntohs(place.sin_port));
}

// What a process left behind that ended without a chance to tidy up. A socket that somebody
// listens on is not that.
void remove_dead_socket(const SocketAddress& address) {
    struct stat status{};
    if (stat(address.path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return;
    }
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(probe, address.get(), address.size) != 0 && errno == ECONNREFUSED) {
        unlink(address.path.c_str());
    }
    ::close(probe);
}

int open_nothing() {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

// Where a socket's other end is. A Unix socket has no such place.
Address address_at(const sockaddr_storage& storage) {
    Address address;
    const std::span<std::uint8_t> bytes(address.bytes);
    if (storage.ss_family == AF_INET) {
        const auto& four = *std::bit_cast<const sockaddr_in*>(&storage);
        const auto parts =
            std::bit_cast<std::array<std::uint8_t, sizeof(four.sin_addr)>>(four.sin_addr);
        bytes[10] = bytes[11] = 0xFF;
        std::ranges::copy(parts, bytes.subspan(12).begin());
    } else if (storage.ss_family == AF_INET6) {
        const auto& six = *std::bit_cast<const sockaddr_in6*>(&storage);
        address.bytes =
            std::bit_cast<std::array<std::uint8_t, sizeof(six.sin6_addr)>>(six.sin6_addr);
    }
    return address;
}

}  // namespace

// ---- Making, listening ----

IoResult<std::unique_ptr<SocketNetwork>> SocketNetwork::make() {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        return failed("make", "epoll", errno);
    }
    return std::make_unique<SocketNetwork>(epoll, open_nothing());
}

SocketNetwork::~SocketNetwork() {
    close_doors();
    for (const Socket& socket : connections_) {
        if (socket.descriptor >= 0) {
            ::close(socket.descriptor);
        }
    }
    ::close(epoll_);
    if (spare_ >= 0) {
        ::close(spare_);
    }
}

std::uint64_t SocketNetwork::allow_many_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    const rlimit wanted{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    return setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? wanted.rlim_cur : limit.rlim_cur;
}

IoResult<std::string> SocketNetwork::listen(const std::string& address) {
    const SocketAddress place = TRY(parsed(address));
    if (!place.path.empty()) {
        remove_dead_socket(place);
    }
    const int descriptor = socket(place.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return failed("listen on", address, errno);
    }
    const int yes = 1;
    static_cast<void>(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)));
    // Who may write to a Unix socket comes in: its mode is a lock.
    if (bind(descriptor, place.get(), place.size) != 0 ||
        (!place.path.empty() && chmod(place.path.c_str(), owner_only) != 0) ||
        ::listen(descriptor, waiting_at_the_door_max) != 0) {
        const int code = errno;
        ::close(descriptor);
        return failed("listen on", address, code);
    }
    TRY(watch(descriptor, door_mark | doors_.size()));
    doors_.push_back({.descriptor = descriptor, .path = place.path});
    return with_port(address, descriptor);
}

void SocketNetwork::close_doors() {
    for (const Door& door : doors_) {
        ::close(door.descriptor);
        if (!door.path.empty()) {
            unlink(door.path.c_str());
        }
    }
    doors_.clear();
}

IoResult<void> SocketNetwork::watch(int descriptor, std::uint64_t word) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.u64 = word;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        const int code = errno;
        ::close(descriptor);
        return failed("watch", "socket", code);
    }
    return {};
}

IoResult<ConnectionId> SocketNetwork::adopt(int descriptor) {
    if (free_.empty()) {
        free_.push_back(static_cast<ConnectionId>(connections_.size()));
        connections_.emplace_back();
    }
    const ConnectionId id = free_.back();
    TRY(watch(descriptor, static_cast<std::uint64_t>(id)));
    free_.pop_back();
    send_at_once(descriptor);
    connections_[static_cast<std::size_t>(id)].descriptor = descriptor;
    return id;
}

// ---- What arrives ----

void SocketNetwork::wait(std::uint32_t milliseconds_max) {
    epoll_event event{};
    static_cast<void>(epoll_wait(epoll_, &event, 1, static_cast<int>(milliseconds_max)));
}

std::span<const ConnectionId> SocketNetwork::ready() {
    std::array<epoll_event, events_at_once> events{};
    const int count = epoll_wait(epoll_, events.data(), events_at_once, 0);
    std::size_t found = 0;
    for (const epoll_event& event :
         std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
        const std::uint64_t word = event.data.u64;
        if ((word & door_mark) != 0) {
            accept_all(static_cast<std::uint32_t>(word));
        } else {
            ready_[found] = static_cast<ConnectionId>(word);
            ++found;
        }
    }
    return std::span(ready_).first(found);
}

void SocketNetwork::accept_all(std::uint32_t door) {
    while (true) {
        sockaddr_storage from{};
        socklen_t size = sizeof(from);
        const int descriptor = accept4(doors_[door].descriptor, std::bit_cast<sockaddr*>(&from),
                                       &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            const bool is_out_of_means = errno == EMFILE || errno == ENFILE;
            if (is_out_of_means && turn_one_away(door)) {
                continue;
            }
            return;  // nobody waits, or they left
        }
        const IoResult<ConnectionId> connection = adopt(descriptor);
        if (connection) {
            arrivals_.push_back(
                {.connection = *connection, .door = door, .address = address_at(from)});
        }
    }
}

// One that cannot be held learns it now. Left at the door, it would wait for nothing, and the door
// would be reported again and again.
bool SocketNetwork::turn_one_away(std::uint32_t door) {
    if (spare_ < 0) {
        return false;
    }
    ::close(spare_);
    const int descriptor = accept4(doors_[door].descriptor, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor >= 0) {
        ::close(descriptor);
        ++turned_away_;
    }
    spare_ = open_nothing();
    return descriptor >= 0;
}

std::optional<Arrival> SocketNetwork::accepted() {
    if (arrivals_.empty()) {
        return std::nullopt;
    }
    const Arrival arrival = arrivals_.front();
    arrivals_.pop_front();
    return arrival;
}

// ---- Connections ----

// The one call that waits: it is a client's first, and the venue never makes it.
IoResult<ConnectionId> SocketNetwork::connect(const std::string& address) {
    const SocketAddress place = TRY(parsed(address));
    const int descriptor = socket(place.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return failed("connect to", address, errno);
    }
    if (::connect(descriptor, place.get(), place.size) != 0) {
        const int code = errno;
        ::close(descriptor);
        return failed("connect to", address, code);
    }
    return adopt(descriptor);
}

int SocketNetwork::descriptor_of(ConnectionId connection) const {
    const int descriptor = connections_[static_cast<std::size_t>(connection)].descriptor;
    ASSERT(descriptor >= 0);
    return descriptor;
}

Transfer SocketNetwork::receive(ConnectionId connection, std::span<std::byte> room) {
    ASSERT(!room.empty());
    const ssize_t got = recv(descriptor_of(connection), room.data(), room.size(), MSG_DONTWAIT);
    if (got > 0) {
        return {.bytes = static_cast<std::size_t>(got)};
    }
    const bool may_come = got < 0 && (errno == EAGAIN || errno == EINTR);
    return {.is_open = may_come};
}

Transfer SocketNetwork::send(ConnectionId connection, std::span<const std::byte> bytes) {
    const ssize_t sent =
        ::send(descriptor_of(connection), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
        return {.bytes = static_cast<std::size_t>(sent)};
    }
    return {.is_open = errno == EAGAIN || errno == EINTR || errno == ENOBUFS};
}

void SocketNetwork::finish(ConnectionId connection) {
    // Refused where the other end has gone already.
    static_cast<void>(shutdown(descriptor_of(connection), SHUT_WR));
}

void SocketNetwork::close(ConnectionId connection) {
    ::close(descriptor_of(connection));
    connections_[static_cast<std::size_t>(connection)].descriptor = -1;
    free_.push_back(connection);
}

}  // namespace miletus::host
