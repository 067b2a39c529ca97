// The journal: commands as they were sequenced, on a disk, so that nothing acknowledged is lost.
// The writer appends, recovery finds out what a start may go on from, the reader serves replay and
// verification. It knows commands by their headers only, and never their meaning. The writer
// belongs to one thread, and so does everything else here, except where Segments says otherwise.
#pragma once

#include "journal/format.hpp"
#include "journal/inspection.hpp"
#include "journal/local_log.hpp"
#include "journal/log.hpp"
#include "journal/options.hpp"
#include "journal/reader.hpp"
#include "journal/recovery.hpp"
#include "journal/segments.hpp"
#include "journal/sequencer.hpp"
#include "journal/snapshots.hpp"
#include "journal/superblock.hpp"
#include "journal/survey.hpp"
#include "journal/trim.hpp"
#include "journal/writer.hpp"
