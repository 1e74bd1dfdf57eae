# Build rules shared by all rooms.
#
# plasa_room(NAME DIR) makes the headers of one room visible under their root-relative names ("common/base/sha256.h") and
# nothing else: each room gets a directory of its own under build/rooms with one link in it. A target sees exactly the rooms
# it links, so an include that ARCHITECTURE.md does not allow fails to compile.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(PLASA_CCACHE ccache)
if(PLASA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${PLASA_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${PLASA_CCACHE}")
endif()
find_program(PLASA_MOLD mold)
if(PLASA_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

option(PLASA_WERROR "Warnings are errors" ON)
add_library(plasa_warnings INTERFACE)
# -Wno-restrict: g++ 12 warns falsely on "x" + std::to_string(n) (GCC PR 105651).
target_compile_options(plasa_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-restrict
  $<$<BOOL:${PLASA_WERROR}>:-Werror>)

set(PLASA_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
if(PLASA_SANITIZE)
  # g++ 12 warns falsely about uninitialised members in instrumented standard headers.
  add_compile_options(-fsanitize=${PLASA_SANITIZE} -fno-omit-frame-pointer -g1 -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${PLASA_SANITIZE})
endif()

option(PLASA_COVERAGE "Count what is executed, with gcc's --coverage" OFF)
if(PLASA_COVERAGE)
  # Atomic: the counters of a program with threads would lose some.
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

option(PLASA_FUZZ "Build the programs of tests/fuzz with libFuzzer; needs clang" OFF)
if(PLASA_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "PLASA_FUZZ needs clang: -DCMAKE_CXX_COMPILER=clang++")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# plasa_room(NAME DIR): include directory holding only DIR (relative to the source root).
function(plasa_room_headers target dir)
  string(REPLACE "/" "_" flat "${dir}")
  set(farm "${CMAKE_SOURCE_DIR}/build/rooms/${flat}")
  get_filename_component(parent "${farm}/${dir}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  # Headers directly in DIR (and non-room subdirectories) are linked one by one so that a room never shows its child rooms.
  file(MAKE_DIRECTORY "${farm}/${dir}")
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${dir}/*.h")
  file(GLOB stale "${farm}/${dir}/*.h")
  foreach(link ${stale})
    if(NOT EXISTS "${link}")
      file(REMOVE "${link}")
    endif()
  endforeach()
  foreach(header ${headers})
    get_filename_component(name "${header}" NAME)
    if(NOT EXISTS "${farm}/${dir}/${name}")
      file(CREATE_LINK "${header}" "${farm}/${dir}/${name}" SYMBOLIC)
    endif()
  endforeach()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} INTERFACE "${farm}")
  else()
    target_include_directories(${target} PUBLIC "${farm}")
  endif()
endfunction()

# plasa_library(NAME DIR dir SOURCES ... DEPS ... [PRIVATE_DEPS ...]): one room, or one part of a room, as a static library.
function(plasa_library name)
  cmake_parse_arguments(A "" "DIR" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  if(A_SOURCES)
    add_library(${name} STATIC ${A_SOURCES})
    target_link_libraries(${name} PUBLIC ${A_DEPS} PRIVATE plasa_warnings ${A_PRIVATE_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${A_DEPS})
  endif()
  plasa_room_headers(${name} ${A_DIR})
endfunction()

# plasa_program(NAME SOURCES ... DEPS ...)
function(plasa_program name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE plasa_warnings ${A_DEPS})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# plasa_test(NAME SOURCES ... DEPS ... [LABELS full]): one GoogleTest program, one ctest entry with the label unit.
function(plasa_test name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE plasa_warnings ${A_DEPS} GTest::gtest_main GTest::gmock)
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/support")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS "unit;${A_LABELS}" TIMEOUT 600)
endfunction()
