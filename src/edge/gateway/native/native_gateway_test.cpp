// The gateway between a network in memory and rings that stand for the venue.
#include "edge/gateway/native/native_gateway.hpp"

#include "protocol/event_writer.hpp"
#include "sim/simulated_network/simulated_network.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace miletus::native_gateway {
namespace {

using native::Feed;
using native::Frame;
using native::FrameKind;
using native::Hello;
using native::Parting;
using protocol::CommandHeader;
using protocol::view;

class TestClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_{1'000'000'000'000};
};

// A client's end, byte by byte.
struct Caller {
    host::ConnectionId id{};
    native::ByteQueue in{1U << 20U};
    bool is_open = true;
};

struct Heard {
    FrameKind kind{};
    std::vector<std::byte> body;
};

class GatewayTest : public testing::Test {
  protected:
    static constexpr std::uint32_t operators_door = 0;
    static constexpr std::uint32_t traders_door = 1;

    GatewayTest() {
        network.be_calm();
        settings.connections_max = 4;
        settings.in_bytes = 2 * native::frame_max;
        settings.out_bytes = 4 * native::frame_max;
        settings.is_operators_door = {true, false};
    }
    void start() {
        client_feed::History history(2048);
        history.begin_after(Sequence(100));
        gateway = std::make_unique<Gateway>(Surroundings{.network = network.venue(),
                                                         .clock = clock,
                                                         .log = log,
                                                         .intake = intake,
                                                         .events = events,
                                                         .answers = answers},
                                            settings, Venue{.epoch = 3, .answers_per_session = 16},
                                            std::move(history));
    }
    void work() {
        for (int turn = 0; turn < 4; ++turn) {
            gateway->do_work();
        }
    }

    void pass_seconds(int seconds) {
        for (int count = 0; count < seconds; ++count) {
            clock.advance(Nanos(1'000'000'000));
            work();
        }
    }

    Caller call(std::uint32_t door) {
        if (gateway == nullptr) {
            start();
        }
        const auto id = network.clients().connect("door:" + std::to_string(door));
        EXPECT_TRUE(id.has_value());
        return {.id = *id};
    }
    void say(const Caller& caller, FrameKind kind, std::span<const std::byte> body) {
        native::ByteQueue out(native::frame_max);
        ASSERT_TRUE(native::put_frame(out, kind, body));
        EXPECT_EQ(network.clients().send(caller.id, out.front()).bytes, out.size());
    }
    template <class Body>
    void say_body(const Caller& caller, FrameKind kind, const Body& body) {
        say(caller, kind, std::as_bytes(std::span(&body, 1)));
    }
    template <class Message>
    void command(const Caller& caller, Message message, FrameKind kind = FrameKind::command) {
        std::vector<Unit> units(protocol::units_of<Message>(0));
        protocol::encode(message, units);
        say(caller, kind, std::as_bytes(std::span<const Unit>(units)));
    }
    std::vector<Heard> hear(Caller& caller) {
        std::vector<Heard> heard;
        while (true) {
            const auto received =
                network.clients().receive(caller.id, caller.in.room(native::frame_max));
            caller.in.fill(received.bytes);
            caller.is_open = received.is_open;
            if (received.bytes == 0) {
                break;
            }
        }
        while (const auto frame = native::first_frame(caller.in)) {
            heard.push_back({.kind = frame->kind, .body{frame->body.begin(), frame->body.end()}});
            caller.in.take(frame->size());
        }
        return heard;
    }
    Caller enter(std::uint32_t door, const Hello& hello) {
        Caller caller = call(door);
        say_body(caller, FrameKind::hello, hello);
        work();
        const auto heard = hear(caller);
        EXPECT_EQ(heard.size(), 1U);
        EXPECT_EQ(heard.front().kind, FrameKind::welcome);
        return caller;
    }
    static Hello hello_of(std::uint32_t account, std::uint64_t session, Feed feed = Feed::answers) {
        return {.version = 1,
                .account = AccountId(account),
                .session = SessionId(session),
                .feed = feed};
    }
    // Why a caller that says this is sent away.
    Parting parting_of(std::uint32_t door, const Hello& hello) {
        Caller caller = call(door);
        say_body(caller, FrameKind::hello, hello);
        work();
        return parting_heard(caller);
    }
    Parting parting_heard(Caller& caller) {
        const auto heard = hear(caller);
        EXPECT_FALSE(caller.is_open);
        if (heard.empty() || heard.back().kind != FrameKind::goodbye) {
            ADD_FAILURE() << "no goodbye";
            return {};
        }
        return native::body_as<native::Goodbye>(heard.back().body)->parting;
    }
    // What the sequencer would take.
    std::vector<CommandHeader> submitted() {
        std::vector<CommandHeader> headers;
        intake.poll([&](std::span<const Unit> message, bool is_query) {
            headers.push_back(view<CommandHeader>(message));
            was_query = is_query;
            return true;
        });
        return headers;
    }
    // An event of a command of its own.
    template <class Event>
    void tell(const Event& event) {
        ++sequence;
        venue_events.begin(Sequence(sequence), UnixNanos(1));
        venue_events.emit(event);
        events_gate.publish(venue_events.position());
        durable.store(sequence);
    }

    simulation::SimulatedNetwork network{1, 1U << 20U};
    TestClock clock;
    host::NoLog log;
    Settings settings;
    protocol::Intake intake{256};
    protocol::EventWriter venue_events{1U << 14U};
    protocol::EventWriter venue_answers{1U << 10U};
    Gate events_gate{1};
    Gate answers_gate{1};
    std::atomic<std::uint64_t> durable = 100;
    protocol::DurableReader events{venue_events.ring(), events_gate, 0, durable};
    protocol::DurableReader answers{venue_answers.ring(), answers_gate, 0, durable};
    std::unique_ptr<Gateway> gateway;
    std::uint64_t sequence = 100;
    bool was_query = false;
};

TEST_F(GatewayTest, a_command_gets_the_identity_of_its_connection) {
    const Caller caller = enter(traders_door, hello_of(7, 70));
    protocol::MassCancel cancel;
    cancel.header.account = AccountId(8);
    cancel.header.session = SessionId(80);
    cancel.header.client_sequence = ClientSequence(5);
    cancel.header.sequence = Sequence(999);
    command(caller, cancel);
    work();
    const auto taken = submitted();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].account, AccountId(7));
    EXPECT_EQ(taken[0].session, SessionId(70));
    EXPECT_EQ(taken[0].client_sequence, ClientSequence(5));
    EXPECT_EQ(taken[0].ingress_time, clock.now());
    EXPECT_EQ(taken[0].sequence, Sequence(0));
}

TEST_F(GatewayTest, welcome_says_where_the_venue_stands) {
    Caller caller = call(traders_door);
    say_body(caller, FrameKind::hello, hello_of(7, 70));
    work();
    const auto welcome = native::body_as<native::Welcome>(hear(caller).front().body);
    ASSERT_TRUE(welcome.has_value());
    EXPECT_EQ(welcome->epoch, 3U);
    EXPECT_EQ(welcome->last, Sequence(100));
    EXPECT_EQ(welcome->oldest, Sequence(100));
    EXPECT_EQ(welcome->answers_per_session, 16U);
}

TEST_F(GatewayTest, greetings_that_cannot_be_are_sent_away) {
    EXPECT_EQ(parting_of(traders_door, hello_of(7, 0)), Parting::malformed);
    Hello hello = hello_of(7, 70);
    hello.version = 9;
    EXPECT_EQ(parting_of(traders_door, hello), Parting::unknown_version);
    EXPECT_EQ(parting_of(traders_door, hello_of(0, 70)), Parting::not_admitted);
    EXPECT_EQ(parting_of(traders_door, hello_of(7, 70, Feed::everything)), Parting::not_admitted);
    EXPECT_EQ(parting_of(traders_door, hello_of(7, 70, static_cast<Feed>(3))), Parting::malformed);
    hello = hello_of(7, 70);
    hello.resumes = 1;
    hello.after = Sequence(50);
    EXPECT_EQ(parting_of(traders_door, hello), Parting::resume_too_old);
    hello.after = Sequence(101);
    EXPECT_EQ(parting_of(traders_door, hello), Parting::resume_unknown);
    EXPECT_EQ(gateway->connections(), 0U);
    EXPECT_TRUE(submitted().empty());
}

TEST_F(GatewayTest, keys_keep_others_out) {
    settings.keys[AccountId(7)] = native::Key{1, 2, 3};
    Hello hello = hello_of(7, 70);
    EXPECT_EQ(parting_of(traders_door, hello), Parting::not_admitted);
    hello.key = {1, 2, 3};
    enter(traders_door, hello);
    EXPECT_EQ(parting_of(traders_door, hello_of(8, 80)), Parting::not_admitted);
    enter(operators_door, hello_of(0, 1, Feed::everything));
}

TEST_F(GatewayTest, bytes_that_are_no_frame_end_the_connection) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    say(caller, static_cast<FrameKind>(99), {});
    work();
    EXPECT_EQ(parting_heard(caller), Parting::malformed);

    Caller twice = enter(traders_door, hello_of(7, 71));
    say_body(twice, FrameKind::hello, hello_of(7, 71));
    work();
    EXPECT_EQ(parting_heard(twice), Parting::malformed);

    Caller hasty = call(traders_door);
    command(hasty, protocol::MassCancel{});
    work();
    EXPECT_EQ(parting_heard(hasty), Parting::malformed);
}

TEST_F(GatewayTest, nobody_speaks_in_the_venues_name) {
    Caller caller = enter(operators_door, hello_of(0, 1));
    command(caller, protocol::Started{.started_epoch = 9});
    work();
    EXPECT_EQ(parting_heard(caller), Parting::malformed);
}

TEST_F(GatewayTest, a_command_that_does_not_decode_is_refused_and_the_next_one_taken) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    protocol::PlaceOrder order;
    order.header.client_sequence = ClientSequence(3);
    order.side = static_cast<protocol::Side>(77);
    command(caller, order);
    command(caller, protocol::MassCancel{});
    work();
    EXPECT_EQ(submitted().size(), 1U);
    const auto heard = hear(caller);
    ASSERT_EQ(heard.size(), 1U);
    const auto refused = native::body_as<native::RefusedFrame>(heard[0].body);
    EXPECT_EQ(refused->client_sequence, ClientSequence(3));
    EXPECT_EQ(refused->reject, Reject::unknown_value);
}

TEST_F(GatewayTest, queries_go_the_same_way_and_answers_come_back) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    command(caller, protocol::QueryAccount{}, FrameKind::query);
    work();
    EXPECT_EQ(submitted().size(), 1U);
    EXPECT_TRUE(was_query);
    venue_answers.begin(Sequence(100), UnixNanos(1));
    venue_answers.emit(protocol::Refused{.session = SessionId(70), .account = AccountId(7)});
    answers_gate.publish(venue_answers.position());
    work();
    const auto heard = hear(caller);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].kind, FrameKind::answer);
}

TEST_F(GatewayTest, what_the_sequencer_does_not_take_is_not_read) {
    const Caller caller = enter(traders_door, hello_of(7, 70));
    for (int count = 0; count < 300; ++count) {
        command(caller, protocol::MassCancel{});
    }
    std::size_t taken = 0;
    for (int turn = 0; turn < 20; ++turn) {
        work();
        taken += submitted().size();
    }
    EXPECT_EQ(taken, 300U);
    EXPECT_GT(gateway->counters().held_back, 0U);
}

TEST_F(GatewayTest, a_session_that_never_spoke_leaves_no_trace) {
    const Caller caller = enter(traders_door, hello_of(7, 70));
    network.clients().close(caller.id);
    work();
    EXPECT_TRUE(submitted().empty());
    EXPECT_EQ(gateway->connections(), 0U);
}

TEST_F(GatewayTest, another_account_hears_nothing_of_a_session_that_was_not_its_own) {
    start();
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(7)});
    work();
    Hello hello = hello_of(8, 70);
    hello.resumes = 1;
    hello.after = Sequence(100);
    hello.after_ordinal = native::whole_command;
    Caller caller = call(traders_door);
    say_body(caller, FrameKind::hello, hello);
    work();
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(7)});
    venue_answers.begin(Sequence(100), UnixNanos(1));
    venue_answers.emit(protocol::Refused{.session = SessionId(70), .account = AccountId(7)});
    answers_gate.publish(venue_answers.position());
    work();
    EXPECT_EQ(hear(caller).size(), 1U);  // its welcome
}

TEST_F(GatewayTest, a_clock_that_was_set_makes_nobody_silent) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    clock.advance(Nanos(3'600'000'000'000));
    work();
    clock.advance(Nanos(-3'600'000'000'000));
    work();
    EXPECT_TRUE(hear(caller).empty());
    EXPECT_TRUE(caller.is_open);
}

TEST_F(GatewayTest, the_operator_finds_a_place_in_a_full_venue) {
    for (std::uint64_t session = 70; session < 74; ++session) {
        enter(traders_door, hello_of(7, session));
    }
    enter(operators_door, hello_of(0, 1));
    EXPECT_EQ(gateway->connections(), 5U);
}

TEST_F(GatewayTest, who_sends_without_end_leaves_room_for_others) {
    const Caller busy = enter(traders_door, hello_of(7, 70));
    const Caller other = enter(traders_door, hello_of(8, 80));
    for (int count = 0; count < 2000; ++count) {
        command(busy, protocol::MassCancel{});
    }
    command(other, protocol::MassCancel{});
    gateway->do_work();
    gateway->do_work();
    const auto taken = submitted();
    EXPECT_TRUE(std::ranges::any_of(
        taken, [](const CommandHeader& header) { return header.account == AccountId(8); }));
}

TEST_F(GatewayTest, a_lost_connection_ends_its_session) {
    const Caller caller = enter(traders_door, hello_of(7, 70));
    command(caller, protocol::MassCancel{});
    work();
    EXPECT_EQ(submitted().size(), 1U);
    network.clients().close(caller.id);
    work();
    const auto taken = submitted();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].type, static_cast<std::uint16_t>(protocol::CommandType::disconnect));
    EXPECT_EQ(taken[0].account, AccountId(7));
    EXPECT_EQ(gateway->connections(), 0U);
}

TEST_F(GatewayTest, who_comes_back_takes_the_session_over_and_ends_nothing) {
    Caller old = enter(traders_door, hello_of(7, 70));
    Caller fresh = enter(traders_door, hello_of(7, 70));
    EXPECT_EQ(parting_heard(old), Parting::replaced);
    EXPECT_TRUE(submitted().empty());
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(7)});
    work();
    EXPECT_EQ(hear(fresh).size(), 1U);
}

TEST_F(GatewayTest, two_accounts_number_their_sessions_alike) {
    Caller seven = enter(traders_door, hello_of(7, 70));
    Caller eight = enter(traders_door, hello_of(8, 70));
    command(eight, protocol::MassCancel{});
    work();
    EXPECT_EQ(submitted().size(), 1U);
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(8)});
    work();
    EXPECT_TRUE(hear(seven).empty());
    EXPECT_EQ(hear(eight).size(), 1U);
    network.clients().close(eight.id);
    work();
    const auto taken = submitted();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].account, AccountId(8));
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(7)});
    work();
    EXPECT_EQ(hear(seven).size(), 1U);
}

TEST_F(GatewayTest, each_hears_what_concerns_it) {
    Caller seven = enter(traders_door, hello_of(7, 70, Feed::account));
    Caller eight = enter(traders_door, hello_of(8, 80));
    Caller auditor = enter(operators_door, hello_of(0, 1, Feed::everything));
    tell(protocol::OrderRested{.account = AccountId(7)});
    tell(protocol::Completed{.session = SessionId(80), .account = AccountId(8)});
    work();
    EXPECT_EQ(hear(seven).size(), 1U);
    EXPECT_EQ(hear(eight).size(), 1U);
    EXPECT_EQ(hear(auditor).size(), 2U);
}

TEST_F(GatewayTest, nothing_is_told_before_it_is_durable) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    tell(protocol::Completed{.session = SessionId(70), .account = AccountId(7)});
    durable.store(100);
    work();
    EXPECT_TRUE(hear(caller).empty());
    durable.store(101);
    work();
    EXPECT_EQ(hear(caller).size(), 1U);
}

TEST_F(GatewayTest, who_returns_goes_on_behind_the_event_heard_last) {
    start();
    for (int count = 0; count < 50; ++count) {
        tell(protocol::OrderRested{.account = AccountId(7)});
    }
    work();
    Hello hello = hello_of(7, 70, Feed::account);
    hello.resumes = 1;
    hello.after = Sequence(120);
    Caller caller = call(traders_door);
    say_body(caller, FrameKind::hello, hello);
    work();
    tell(protocol::OrderRested{.account = AccountId(7)});
    work();
    const auto heard = hear(caller);
    ASSERT_EQ(heard.size(), 1U + 30 + 1);
    std::uint64_t next = 121;
    for (const Heard& frame : std::span(heard).subspan(1)) {
        ASSERT_EQ(frame.kind, FrameKind::event);
        std::array<Unit, 4> room{};
        const auto message = native::as_message(frame.body, room);
        EXPECT_EQ(view<protocol::EventHeader>(message).sequence, Sequence(next));
        ++next;
    }
}

TEST_F(GatewayTest, who_reads_late_misses_nothing_within_the_history) {
    Caller caller = enter(traders_door, hello_of(7, 70, Feed::account));
    // More than fit its queue and the network, fewer than are kept.
    network.limit_bytes_under_way(4096);
    for (int count = 0; count < 900; ++count) {
        tell(protocol::OrderRested{.account = AccountId(7)});
        gateway->do_work();
    }
    std::size_t heard = 0;
    for (int turn = 0; turn < 300; ++turn) {
        work();
        heard += hear(caller).size();
    }
    EXPECT_EQ(heard, 900U);
    EXPECT_TRUE(caller.is_open);
    EXPECT_GT(gateway->counters().fell_behind, 0U);
}

TEST_F(GatewayTest, who_falls_behind_the_history_is_sent_away) {
    Caller caller = enter(traders_door, hello_of(7, 70, Feed::account));
    Caller reader = enter(traders_door, hello_of(7, 71, Feed::account));
    network.limit_bytes_under_way(4096);
    std::size_t heard = 0;
    for (int count = 0; count < 4000; ++count) {
        tell(protocol::OrderRested{.account = AccountId(7)});
        gateway->do_work();
        heard += hear(reader).size();
    }
    EXPECT_EQ(gateway->connections(), 1U);
    EXPECT_EQ(heard, 4000U);
}

TEST_F(GatewayTest, a_silent_connection_is_sent_away_and_a_ping_keeps_it) {
    Caller silent = enter(traders_door, hello_of(7, 70));
    Caller lively = enter(traders_door, hello_of(7, 71));
    pass_seconds(20);
    say_body(lively, FrameKind::ping, native::Ping{.token = 42});
    work();
    pass_seconds(20);
    EXPECT_EQ(parting_heard(silent), Parting::silent);
    const auto heard = hear(lively);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].kind, FrameKind::pong);
    EXPECT_EQ(native::body_as<native::Ping>(heard[0].body)->token, 42U);
}

TEST_F(GatewayTest, one_more_than_there_is_room_for_is_told_so) {
    for (std::uint64_t session = 70; session < 74; ++session) {
        enter(traders_door, hello_of(7, session));
    }
    Caller late = call(traders_door);
    work();
    EXPECT_EQ(parting_heard(late), Parting::venue_full);
    EXPECT_EQ(gateway->connections(), 4U);
}

TEST_F(GatewayTest, a_venue_that_stops_says_goodbye) {
    Caller caller = enter(traders_door, hello_of(7, 70));
    gateway->stop_reading();
    command(caller, protocol::MassCancel{});
    tell(protocol::Completed{.session = SessionId(70)});
    work();
    EXPECT_TRUE(gateway->has_told_all());
    EXPECT_TRUE(submitted().empty());
    gateway->say_goodbye();
    EXPECT_EQ(parting_heard(caller), Parting::stopping);
}

}  // namespace
}  // namespace miletus::native_gateway
