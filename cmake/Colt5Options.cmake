# Build settings that do not depend on MLIR.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
# Header parsing dominates the compile time of MLIR code; -O2 costs nothing extra.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")

option(COLT5_USE_PCH "Share one precompiled header between all libraries" ON)

find_program(COLT5_CCACHE ccache)
if(COLT5_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${COLT5_CCACHE}" CACHE STRING "")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${COLT5_CCACHE}" CACHE STRING "")
endif()

find_program(COLT5_LLD NAMES ld.lld-22)
if(COLT5_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_link_options("-fuse-ld=lld")
endif()

# Where programs are that only colt5 starts. The build tree has the same layout as an installed one.
include(GNUInstallDirs)
set(COLT5_LIBEXEC_DIR "${CMAKE_INSTALL_LIBEXECDIR}/colt5")
