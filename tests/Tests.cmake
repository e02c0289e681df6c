# fasternet_test(name [SANITIZED] SOURCES ... LIBS ... ARGS ...): a GoogleTest program, registered with CTest under the
# label of its folder. SANITIZED ones (no MLIR, no Halide) are also built and run by the asan and ubsan presets.
add_custom_target(sanitized-tests)

function(fasternet_test name)
  cmake_parse_arguments(arg "SANITIZED" "" "SOURCES;LIBS;ARGS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main)
  get_filename_component(label ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_test(NAME ${label}/${name} COMMAND ${name} ${arg_ARGS})
  set(labels ${label})
  if(arg_SANITIZED)
    list(APPEND labels sanitized)
    add_dependencies(sanitized-tests ${name})
  endif()
  set_tests_properties(${label}/${name} PROPERTIES LABELS "${labels}")
  # Rooms for test data: the project's own, never a path outside it.
  target_compile_definitions(${name} PRIVATE FASTERNET_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
endfunction()
