# module() and program(): folder = namespace = CMake target. The test binary of a module links it
# whole, with its declared DEPS and nothing else: an undeclared dependency does not link. HEADERS
# are compiled alone: by the source of the same name, which includes its own first, or by the target
# all_verify_interface_header_sets.

# module(matching
#     HEADERS matching.hpp book.hpp
#     SOURCES book.cpp
#     DEPS instruments accounts protocol base    # every module of ours that it includes
#     TESTS book_test.cpp
#     LIBRARIES OpenSSL::Crypto                  # third parties
#     TEST_LIBRARIES rapidcheck)                 # third parties, or modules that only tests need

function(safety_of_this_folder result)
    cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}
               OUTPUT_VARIABLE folder)
    set(${result} safety PARENT_SCOPE)
    foreach(core IN LISTS SAFETY_CORE_FOLDERS)
        if("${folder}/" MATCHES "^${core}/")
            set(${result} safety_core PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

# Includes are by path from src/; sim/ and bench/ are reached from the root of the repository.
function(include_root_of_this_folder result)
    if("${CMAKE_CURRENT_SOURCE_DIR}/" MATCHES "^${CMAKE_SOURCE_DIR}/src/")
        set(${result} ${CMAKE_SOURCE_DIR}/src PARENT_SCOPE)
    else()
        set(${result} ${CMAKE_SOURCE_DIR} PARENT_SCOPE)
    endif()
endfunction()

# clang-tidy rides on the compilation, so an unchanged file is not looked at twice.
function(use_clang_tidy target sources)
    if(MILETUS_CLANG_TIDY)
        find_program(MILETUS_CLANG_TIDY_PROGRAM clang-tidy-19 REQUIRED)
        set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY
                                                   "${MILETUS_CLANG_TIDY_PROGRAM};--quiet")
        set_source_files_properties(${sources} PROPERTIES OBJECT_DEPENDS
                                                          ${CMAKE_SOURCE_DIR}/.clang-tidy)
    endif()
endfunction()

function(module name)
    cmake_parse_arguments(M "" "" "SOURCES;HEADERS;DEPS;TESTS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
    if(M_UNPARSED_ARGUMENTS OR M_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "module(${name}): ${M_UNPARSED_ARGUMENTS}${M_KEYWORDS_MISSING_VALUES}?")
    endif()
    safety_of_this_folder(flags)
    include_root_of_this_folder(root)

    set(visibility PUBLIC)
    if(M_SOURCES)
        add_library(${name} STATIC ${M_SOURCES})
        target_link_libraries(${name} PRIVATE ${flags})
        use_clang_tidy(${name} "${M_SOURCES}")
    else()
        add_library(${name} INTERFACE)
        set(visibility INTERFACE)
    endif()
    add_headers(${name} ${visibility} ${root})
    target_compile_features(${name} ${visibility} cxx_std_23)
    target_link_libraries(${name} ${visibility} ${M_DEPS} ${M_LIBRARIES})

    if(M_TESTS)
        module_test(${name} ${root})
    endif()
endfunction()

# Those of the module whose arguments stand parsed in M_*.
function(add_headers name visibility root)
    set(alone ${M_HEADERS})
    foreach(source IN LISTS M_SOURCES)
        string(REGEX REPLACE "\\.cpp$" ".hpp" header ${source})
        list(REMOVE_ITEM alone ${header})
    endforeach()
    set(others ${M_HEADERS})
    list(REMOVE_ITEM others ${alone})
    target_sources(${name} ${visibility}
                   FILE_SET alone TYPE HEADERS BASE_DIRS ${root} FILES ${alone}
                   FILE_SET others TYPE HEADERS BASE_DIRS ${root} FILES ${others})
    if(alone)
        set_target_properties(${name} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY alone)
    else()
        set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS OFF)
    endif()
endfunction()

# The test binary of the module whose arguments stand parsed in M_*.
function(module_test name root)
    if(MILETUS_CHECKED_CONTAINERS AND "rapidcheck" IN_LIST M_TEST_LIBRARIES)
        message(STATUS "${name}_test needs RapidCheck, which has no checked containers: left out")
        return()
    endif()
    add_executable(${name}_test ${M_TESTS})
    if(M_SOURCES)
        # Every object, needed or not. (A whole archive would clash with itself where a module that
        # only the tests need links it again.)
        target_sources(${name}_test PRIVATE $<TARGET_OBJECTS:${name}>)
    endif()
    target_link_libraries(${name}_test PRIVATE ${name} ${M_TEST_LIBRARIES} safety
                                               GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    if(root STREQUAL ${CMAKE_SOURCE_DIR}/src)
        set_tests_properties(${name} PROPERTIES LABELS sanitized)
        add_dependencies(sanitized_tests ${name}_test)
    endif()
endfunction()

# program(name SOURCES … DEPS modules… LIBRARIES third parties…): build/<preset>/bin/<name>.
function(program name)
    cmake_parse_arguments(P "" "" "SOURCES;DEPS;LIBRARIES" ${ARGN})
    if(P_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "program(${name}): ${P_UNPARSED_ARGUMENTS}?")
    endif()
    add_executable(${name} ${P_SOURCES})
    include_root_of_this_folder(root)
    target_include_directories(${name} PRIVATE ${root})
    target_link_libraries(${name} PRIVATE ${P_DEPS} ${P_LIBRARIES} safety)
    use_clang_tidy(${name} "${P_SOURCES}")
endfunction()
