# colt5_add_library(name SOURCES file.mlir [TARGETS cpu sm_80 ...] [OPTIONS ...]): a static library of compiled code. What
# links it includes "name.h" and calls name_run; TARGETS default to cpu, OPTIONS go to colt5-compile.
function(colt5_add_library name)
  cmake_parse_arguments(ARG "" "SOURCES" "TARGETS;OPTIONS" ${ARGN})
  if(NOT ARG_SOURCES OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "colt5_add_library(${name}): expected SOURCES with one .mlir file, found '${ARG_SOURCES}' and "
      "'${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT ARG_TARGETS)
    set(ARG_TARGETS cpu)
  endif()
  list(JOIN ARG_TARGETS "," targets)
  get_filename_component(source "${ARG_SOURCES}" ABSOLUTE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}.colt5")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(OUTPUT "${folder}/${name}.o" "${folder}/${name}.h"
    COMMAND "${COLT5_COMPILE}" "${source}" "--target=${targets}" --emit=obj,header "--prefix=${name}" ${ARG_OPTIONS} --quiet
            -o "${folder}/${name}"
    DEPENDS "${source}" "${COLT5_COMPILE}" VERBATIM COMMENT "Compiling ${name} with colt5")
  set_source_files_properties("${folder}/${name}.o" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  set_source_files_properties("${folder}/${name}.h" PROPERTIES GENERATED ON)
  add_library(${name} STATIC "${folder}/${name}.o" "${folder}/${name}.h")
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${name} INTERFACE "${folder}")
  find_package(Threads REQUIRED)
  target_link_libraries(${name} INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
endfunction()
