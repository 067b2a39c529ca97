// The sentence of a failure.
#include "host/io_result.hpp"

#include <system_error>

namespace miletus::host {

std::string IoError::sentence() const {
    return operation + " " + subject + ": " + std::generic_category().message(code);
}

}  // namespace miletus::host
