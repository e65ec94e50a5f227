# The only place that knows where MLIR is and how it is linked: always as the two shared libraries,
# because a second, static copy would duplicate every TypeID.
# -DMLIR_DIR and CMAKE_PREFIX_PATH come first. Where packages of several versions have a folder each, find_package looks in
# none of them, and llvm-config says which one it is.
find_program(COLT5_LLVM_CONFIG NAMES llvm-config-22 llvm-config)
if(COLT5_LLVM_CONFIG)
  execute_process(COMMAND "${COLT5_LLVM_CONFIG}" --cmakedir
    OUTPUT_VARIABLE COLT5_LLVM_CMAKE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
find_package(MLIR 22.1 REQUIRED CONFIG PATHS "${COLT5_LLVM_CMAKE_DIR}/../mlir")
message(STATUS "Using MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories("${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include")

# LLVM_DEFINITIONS is one space-separated string.
separate_arguments(COLT5_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${COLT5_LLVM_DEFINITIONS})

add_compile_options(
  -Wall -Wextra -Wno-unused-parameter
  "$<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>"
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-dangling-reference;-Wno-comment;-Wno-maybe-uninitialized>")
if(NOT LLVM_ENABLE_RTTI)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>")
endif()

# The packaged program is called `lit`, not `llvm-lit`.
find_program(COLT5_LIT NAMES lit llvm-lit PATHS "${LLVM_TOOLS_BINARY_DIR}" NO_DEFAULT_PATH REQUIRED)
include(Colt5Python)
