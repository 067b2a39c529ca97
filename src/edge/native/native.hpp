// Native: the binary protocol of the venue's own clients (docs/formats/native.md). Frames go over
// any stream of bytes; the messages in them are those of protocol/, byte for byte. Here is only
// what both ends have in common; whoever holds a queue owns it alone.
#pragma once

#include "edge/native/byte_queue.hpp"
#include "edge/native/frames.hpp"
