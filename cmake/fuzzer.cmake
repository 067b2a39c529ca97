# fuzzer(name module-folder [more modules…]): the body is <module-folder>/<name>_fuzz.cpp, in src/
# or in the root, and defines miletus::fuzz_one. The fuzz preset makes it the libFuzzer program
# <name>_fuzz; every other build makes it the test fuzz.<name>, which replays fuzz/corpus/<name>:
# the two cannot drift.

function(fuzzer name folder)
    set(body ${CMAKE_SOURCE_DIR}/src/${folder}/${name}_fuzz.cpp)
    if(NOT EXISTS ${body})
        set(body ${CMAKE_SOURCE_DIR}/${folder}/${name}_fuzz.cpp)
    endif()
    # A folder whose module has another name leaves the module to the list.
    cmake_path(GET folder FILENAME module)
    if(NOT TARGET ${module})
        set(module "")
    endif()
    if(MILETUS_FUZZ)
        set(target ${name}_fuzz)
        add_executable(${target} ${body} ${CMAKE_SOURCE_DIR}/fuzz/entry.cpp)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        set(target ${name}_replay)
        add_executable(${target} ${body} ${CMAKE_SOURCE_DIR}/fuzz/replay_main.cpp)
        add_test(NAME fuzz.${name} COMMAND ${target} ${CMAKE_SOURCE_DIR}/fuzz/corpus/${name})
        set_tests_properties(fuzz.${name} PROPERTIES LABELS sanitized)
        add_dependencies(sanitized_tests ${target})
    endif()
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} PRIVATE ${module} ${ARGN} safety)
endfunction()
