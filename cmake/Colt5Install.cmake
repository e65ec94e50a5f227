# What `cmake --install` puts down: headers (ours and the generated ones), libColt5, tools, plugin, CMake package.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(COLT5_CMAKE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/colt5")
foreach(root IN ITEMS "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  install(DIRECTORY "${root}/include/" DESTINATION include
    FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.inc" PATTERN "CMakeFiles" EXCLUDE)
endforeach()
install(EXPORT Colt5Targets NAMESPACE colt5:: DESTINATION "${COLT5_CMAKE_DIR}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/colt5Config.cmake.in" "${PROJECT_BINARY_DIR}/colt5Config.cmake"
  INSTALL_DESTINATION "${COLT5_CMAKE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/colt5ConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_LIST_DIR}/Colt5Embed.cmake" "${PROJECT_BINARY_DIR}/colt5Config.cmake" "${PROJECT_BINARY_DIR}/colt5ConfigVersion.cmake"
  DESTINATION "${COLT5_CMAKE_DIR}")
