# The files of a journal, read and damaged from outside: written from docs/formats/journal.md.
import collections
import struct

BLOCK = 4096
RECORD_MAGIC = b"MIL_REC1"
RECORD = struct.Struct("<8sIIHHIIIQQQQq")
SUPERBLOCK = struct.Struct("<8sIHH16sQQII")

Record = collections.namedtuple("Record", "offset size first last durable")


def segments(data):
    """The segment files, oldest first."""
    return sorted(data.glob("*.segment"))


def records(content):
    """Those that stand in a segment's bytes, in order; until the first block that is none."""
    found = []
    offset = BLOCK
    while content[offset : offset + len(RECORD_MAGIC)] == RECORD_MAGIC:
        told = RECORD.unpack_from(content, offset)
        units, place, first, last, durable = told[5], told[8], told[9], told[10], told[11]
        assert place == offset, "a record that lies elsewhere"
        size = -(-(128 + 64 * units) // BLOCK) * BLOCK
        found.append(Record(offset, size, first, last, durable))
        offset += size
    return found


def known_durable(data):
    """What the superblock says is durable."""
    content = (data / "superblock").read_bytes()
    copies = [SUPERBLOCK.unpack_from(content, at * BLOCK) for at in range(4)]
    return max(copies, key=lambda copy: copy[5])[6]


def tear_last_record(data, told, random):
    """Makes the last record look as if the power had gone while it was written, where nobody can
    have been told of it: it lies behind `told`, and nothing says that it is durable. Whether a
    start can see that."""
    for segment in reversed(segments(data)):
        content = bytearray(segment.read_bytes())
        found = records(content)
        if found:
            break
    else:
        return False
    record = found[-1]
    if record.first <= max(told, known_durable(data)):
        return False
    begin = record.offset + 512 * random.choice((0, random.randrange(record.size // 512)))
    before = content[begin : begin + 512]
    content[begin : begin + 512] = random.choice((bytes(512), random.randbytes(512)))
    segment.write_bytes(content)
    is_all_gone = not any(content[record.offset : record.offset + record.size])
    return content[begin : begin + 512] != before and not is_all_gone
