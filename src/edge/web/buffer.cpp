// Memory borrowed and given back.
#include "edge/web/buffer.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace miletus::web {

Pool::Storage Pool::borrow(std::size_t bytes) {
    const std::size_t size = std::bit_ceil(std::max(bytes, smallest));
    const auto at = static_cast<std::size_t>(std::countr_zero(size / smallest));
    ASSERT(at < sizes);
    lent_bytes_ += size;
    if (spare_[at].empty()) {
        return Storage(size);
    }
    Storage storage = std::move(spare_[at].back());
    spare_[at].pop_back();
    spare_bytes_ -= size;
    return storage;
}

void Pool::give_back(Storage&& storage) {
    const std::size_t size = storage.size();
    ASSERT(size <= lent_bytes_);
    lent_bytes_ -= size;
    if (size == 0 || spare_bytes_ + size > spare_bytes_max_) {
        const Storage freed = std::move(storage);
        return;
    }
    spare_[static_cast<std::size_t>(std::countr_zero(size / smallest))].push_back(
        std::move(storage));
    spare_bytes_ += size;
}

void Buffer::append(Pool& pool, std::span<const std::byte> bytes) {
    if (!bytes.empty()) {
        copy_bytes(bytes, room(pool, bytes.size()));
        end_ += bytes.size();
    }
}

std::span<std::byte> Buffer::room(Pool& pool, std::size_t bytes) {
    if (storage_.size() - end_ < bytes) {
        const std::size_t waiting = size();
        // To the front of the same memory only where that frees half of it: else a long queue
        // would be moved again and again.
        if (waiting + bytes <= storage_.size() && waiting <= storage_.size() / 2) {
            copy_bytes(front(), storage_);
        } else {
            Pool::Storage larger = pool.borrow(waiting + bytes);
            copy_bytes(front(), larger);
            std::swap(storage_, larger);
            pool.give_back(std::move(larger));
        }
        start_ = 0;
        end_ = waiting;
    }
    return std::span(storage_).subspan(end_);
}

void Buffer::fill(std::size_t count) {
    ASSERT(count <= storage_.size() - end_);
    end_ += count;
}

void Buffer::take(Pool& pool, std::size_t count) {
    ASSERT(count <= size());
    start_ += count;
    if (start_ == end_) {
        start_ = 0;
        end_ = 0;
        pool.give_back(std::exchange(storage_, {}));
    }
}

void Buffer::cut_out(Pool& pool, std::size_t from, std::size_t to) {
    ASSERT(from <= to && to <= size());
    if (from == to) {
        return;
    }
    const std::span<std::byte> all = front();
    copy_bytes(all.subspan(to), all.subspan(from));
    end_ -= to - from;
    take(pool, 0);
}

}  // namespace miletus::web
