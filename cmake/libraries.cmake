# What is found on the machine. A module names what it needs in LIBRARIES or TEST_LIBRARIES;
# tools/layers.py says which folder may include which of them.

find_package(OpenSSL REQUIRED COMPONENTS Crypto)

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(xxhash::xxhash UNKNOWN IMPORTED)
set_target_properties(
    xxhash::xxhash PROPERTIES IMPORTED_LOCATION ${XXHASH_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                  ${XXHASH_INCLUDE_DIR})

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
