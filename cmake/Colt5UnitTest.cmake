# GoogleTest comes from Debian's libgtest-dev. Unit test programs are in <build>/test/Unit, where lit finds them by
# the ending of their names.
find_package(GTest REQUIRED)
add_custom_target(colt5-unit-tests)

# colt5_unit_test(name sources...): one GoogleTest program over libColt5, called <name>Tests.
function(colt5_unit_test name)
  # Objects of their own, because the precompiled header is position independent and programs are not.
  add_library(${name}TestObjects OBJECT ${ARGN})
  target_include_directories(${name}TestObjects PRIVATE ${GTEST_INCLUDE_DIRS})
  add_dependencies(${name}TestObjects colt5-tablegen)
  colt5_use_pch(${name}TestObjects)
  add_executable(${name}Tests $<TARGET_OBJECTS:${name}TestObjects>)
  target_link_libraries(${name}Tests PRIVATE Colt5 GTest::gtest GTest::gtest_main)
  set_target_properties(${name}Tests PROPERTIES
    LINKER_LANGUAGE CXX
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}"
    BUILD_RPATH "${PROJECT_BINARY_DIR}/lib;${LLVM_LIBRARY_DIR}")
  add_dependencies(colt5-unit-tests ${name}Tests)
endfunction()
