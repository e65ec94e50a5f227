# What `cmake --install` puts down: headers (ours and the generated ones), libColt5, tools, plugin, CMake package,
# pkg-config file, pages and examples.
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

# Pages and examples, with what the pages link.
set(data_dir "${CMAKE_INSTALL_DATADIR}/colt5")
foreach(folder IN ITEMS docs examples)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}" DESTINATION "${data_dir}" PATTERN "__pycache__" EXCLUDE)
endforeach()
foreach(page IN ITEMS README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE)
  install(FILES "${PROJECT_SOURCE_DIR}/${page}" DESTINATION "${data_dir}")
endforeach()

# The tree may be moved, so the file says where everything is seen from its own folder.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH COLT5_PC_TO_PREFIX "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" COLT5_PC_TO_PREFIX "${COLT5_PC_TO_PREFIX}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/colt5.pc.in" "${PROJECT_BINARY_DIR}/colt5.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/colt5.pc" DESTINATION "${pkgconfig_dir}")
