// The sentence of a failure.
#include "host/io_result.hpp"

#include <cerrno>
#include <system_error>

namespace miletus::host {

std::string IoError::sentence() const {
    return operation + " " + subject + ": " + std::generic_category().message(code);
}

bool IoError::is_disk_full() const {
    return code == ENOSPC || code == EDQUOT;
}

}  // namespace miletus::host
