# colt5_component(Name SOURCES files... [DEPENDS components...])
# declares one component of the compiler: the files of its folder below lib and include/colt5. It includes headers of
# exactly the components in DEPENDS (scripts/checks/layers.py). Components are object
# libraries; together they make up the shared library libColt5, so that tools and plugins see one copy of every TypeID.
function(colt5_component name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} OBJECT ${ARG_SOURCES})
  add_dependencies(${name} colt5-tablegen)
  colt5_use_pch(${name})
  set_property(GLOBAL APPEND PROPERTY COLT5_COMPONENTS ${name})
endfunction()

# colt5_use_pch(target): compile `target` with the shared precompiled header.
function(colt5_use_pch target)
  if(COLT5_USE_PCH)
    target_precompile_headers(${target} REUSE_FROM colt5_pch)
  endif()
endfunction()

# colt5_tool(name source): one program over libColt5.
function(colt5_tool name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE Colt5)
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib;${LLVM_LIBRARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION bin)
  set_property(GLOBAL APPEND PROPERTY COLT5_TOOLS ${name})
endfunction()
