"""Tests with the tools of an installed colt5: lit --param colt5=PREFIX FOLDER

RUN lines find colt5-opt, colt5-compile and colt5-run in PREFIX/bin, FileCheck and not where LLVM's tools are.
"""
import os
import shutil
import subprocess

import lit.formats

config.name = "my-colt5-tests"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
# The source may be read-only; results go to the current folder.
config.test_exec_root = os.path.join(os.getcwd(), "lit-output")

prefix = lit_config.params.get("colt5")
if not prefix or not os.path.exists(os.path.join(prefix, "bin", "colt5-opt")):
    lit_config.fatal(f"expected --param colt5=PREFIX with the folder that colt5 is installed in, found {prefix!r}")
llvm_config = shutil.which("llvm-config-22") or shutil.which("llvm-config")
if not llvm_config:
    lit_config.fatal("expected llvm-config of LLVM 22 on the path, found none")
llvm_tools = subprocess.run([llvm_config, "--bindir"], check=True, capture_output=True, text=True).stdout.strip()

config.environment["PATH"] = os.pathsep.join([os.path.join(prefix, "bin"), llvm_tools, os.environ["PATH"]])
# What your tests load, for example a plugin that you build: --param plugin=FILE.
config.substitutions.append(("%plugin", lit_config.params.get("plugin", "")))
