import lit.formats

config.name = "colt5-unit"
config.suffixes = []
config.test_exec_root = config.unit_exec_root
config.test_source_root = config.test_exec_root
config.test_format = lit.formats.GoogleTest(".", "Tests")
