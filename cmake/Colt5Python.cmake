# COLT5_PYTHON: the interpreter of scripts and tests, the first python3 on the path that has NumPy. A package of NumPy
# belongs to one interpreter, which need not be the first.
function(_colt5_find_python)
  file(TO_CMAKE_PATH "$ENV{PATH}" folders)
  foreach(folder IN LISTS folders)
    if(NOT EXISTS "${folder}/python3")
      continue()
    endif()
    execute_process(COMMAND "${folder}/python3" -c "import numpy" RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
      set(COLT5_PYTHON "${folder}/python3" CACHE FILEPATH "A python3 that has NumPy")
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "expected a python3 with NumPy on the path, found none; install it (Debian: python3-numpy) or set "
    "COLT5_PYTHON")
endfunction()

if(NOT COLT5_PYTHON)
  _colt5_find_python()
endif()
message(STATUS "Using ${COLT5_PYTHON}")
