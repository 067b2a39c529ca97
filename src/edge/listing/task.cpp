// From tasks to the commands of the protocol.
#include "edge/listing/task.hpp"

namespace miletus::listing {

std::span<const Unit> command_of(const Task& task, SessionId session, CommandRoom& room) {
    protocol::CommandHeader header;
    header.session = session;
    header.client_sequence = task.number;
    const Goal& goal = task.goal;
    switch (goal.aim) {
        case Aim::list_future:
            return encode(protocol::ListFuture{.header = header,
                                               .expiry = goal.expiry,
                                               .terms = task.terms,
                                               .underlying = goal.underlying},
                          room);
        case Aim::list_options:
            return encode(protocol::ListOptionSeries{.header = header,
                                                     .expiry = goal.expiry,
                                                     .terms = task.terms,
                                                     .underlying = goal.underlying},
                          task.strikes, room);
        case Aim::set_band:
            return encode(protocol::SetBand{.header = header,
                                            .low = task.band.low,
                                            .high = task.band.high,
                                            .instrument = goal.instrument},
                          room);
        case Aim::open:
            return encode(protocol::SetInstrumentState{.header = header,
                                                       .instrument = goal.instrument,
                                                       .state = protocol::InstrumentState::open},
                          room);
        case Aim::archive:
            return encode(
                protocol::ArchiveInstrument{.header = header, .instrument = goal.instrument}, room);
    }
    return {};
}

}  // namespace miletus::listing
