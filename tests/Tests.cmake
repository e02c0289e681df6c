# fasternet_test(name SOURCES ... LIBS ...): a GoogleTest program, registered with CTest under the label of its folder.
function(fasternet_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS;ARGS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main)
  get_filename_component(label ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_test(NAME ${label}/${name} COMMAND ${name} ${arg_ARGS})
  set_tests_properties(${label}/${name} PROPERTIES LABELS ${label})
  # Rooms for test data: the project's own, never a path outside it.
  target_compile_definitions(${name} PRIVATE FASTERNET_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
endfunction()
