# cmake "-DFILES=a.h;b.c" -DOUTPUT=all.c -P Amalgamate.cmake: the files one after the other, without includes of each
# other and feature-test macros, which belong at the beginning of a file.
set(all "")
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  string(REGEX REPLACE "#include \"[^\"\n]*\"\n" "" text "${text}")
  string(REGEX REPLACE "#define _[A-Z_]+_SOURCE[^\n]*\n" "" text "${text}")
  get_filename_component(name "${file}" NAME)
  string(APPEND all "\n/* ---- ${name} ---- */\n${text}")
endforeach()
file(WRITE "${OUTPUT}" "${all}")
