# What is found on the machine. A module names what it needs in LIBRARIES or TEST_LIBRARIES;
# tools/layers.py says which folder may include which of them.

find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(Boost 1.74 REQUIRED)  # headers alone

# A library that comes without a CMake package of its own.
function(found_library target header library)
    find_path(${library}_INCLUDE_DIR ${header} REQUIRED)
    find_library(${library}_LIBRARY ${library} REQUIRED)
    add_library(${target} UNKNOWN IMPORTED)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${library}_LIBRARY}
                                               INTERFACE_INCLUDE_DIRECTORIES
                                               ${${library}_INCLUDE_DIR})
endfunction()

found_library(xxhash::xxhash xxhash.h xxhash)
found_library(simdjson::simdjson simdjson.h simdjson)
found_library(liburing::liburing liburing.h uring)

if(MILETUS_CHECKED_CONTAINERS)
    # Checked containers are other types: GoogleTest is built from its packaged source to agree with
    # them. RapidCheck comes as a binary only, so module() leaves its tests out of this build.
    set(INSTALL_GTEST OFF)
    add_subdirectory(/usr/src/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
else()
    find_package(GTest REQUIRED)
endif()
find_package(rapidcheck REQUIRED)
find_package(benchmark REQUIRED)

# A system Python: another one may stand first on the PATH.
set(MILETUS_PYTHON /usr/bin/python3)
