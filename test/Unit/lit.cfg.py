import lit.formats

config.name = "colt5-unit"
config.suffixes = []
# Programs are built, so tests are found in the build tree.
config.test_source_root = config.test_exec_root
config.test_format = lit.formats.GoogleTest(".", "Tests")
