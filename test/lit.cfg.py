import glob
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile

import lit.formats

config.name = "colt5"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt", "lit.cfg.py"]
config.test_source_root = os.path.dirname(__file__)

tools = os.path.join(config.colt5_build_dir, "bin")
config.environment["PATH"] = os.pathsep.join([tools, config.llvm_tools_dir, config.environment.get("PATH", "")])
# Variables captured in one label block must not leak into the next.
config.environment["FILECHECK_OPTS"] = "--enable-var-scope"
config.environment["COLT5_TEST_EMULATED"] = os.path.join(config.colt5_build_dir, "lib", "libcolt5-test-emulated.so")
config.environment["PYTHONPATH"] = os.path.join(config.colt5_source_dir, "python")
config.environment["COLT5_PYTHON"] = config.colt5_python

config.substitutions += [
    ("%python", config.colt5_python),
    ("%colt5_src", config.colt5_source_dir),
    ("%colt5_build", config.colt5_build_dir),
    ("%cc", config.colt5_c),
    ("%cxx", config.colt5_cxx),
]


def seed_of_sources():
    """A number that follows from the sources of colt5: every change runs other random programs, and whoever runs
    the tests of one commit runs the same ones."""
    digest = hashlib.sha256()
    for folder in ("include", "lib", "tools", "test/lib"):
        for path, folders, files in os.walk(os.path.join(config.colt5_source_dir, folder)):
            folders.sort()
            for name in sorted(files):
                with open(os.path.join(path, name), "rb") as file:
                    digest.update(hashlib.sha256(file.read()).digest())
    return int(digest.hexdigest()[:12], 16)


config.substitutions.append(("%seed_of_sources", str(seed_of_sources())))
# COLT5_TEST_ROUNDTRIP=1 prints and re-parses (text and bytecode) the input of every colt5-opt test.
if os.environ.get("COLT5_TEST_ROUNDTRIP"):
    # Only where it is the command: some tests hand its name to a script.
    config.substitutions.append((r"(?:^|(?<=\) )|(?<=\| )|(?<=not )|(?<=&& ))colt5-opt\b", "colt5-opt --verify-roundtrip"))

if platform.machine() == "x86_64":
    config.available_features.add("x86")
if shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64"):
    config.available_features.add("aarch64-emulated")
# What sanitizers need at run time is a package of its own.
if shutil.which("clang-22") and glob.glob(os.path.join(config.llvm_library_dir, "clang", "*", "lib", "*", "*asan*")):
    config.available_features.add("sanitizers")
# Built where clang's runtime for it was there.
if os.path.exists(os.path.join(tools, "colt5-test-threads-tsan")):
    config.available_features.add("thread-sanitizer")
cuda_include = next((d for d in ("/usr/local/cuda/include", "/usr/include") if os.path.exists(d + "/cuda.h")), None)
if cuda_include:
    config.available_features.add("cuda-header")
    config.substitutions.append(("%cuda_include", cuda_include))
# Building the Python package needs packages that Debian has apart from Python.
if all(map(importlib.util.find_spec, ("setuptools", "wheel"))):
    config.available_features.add("python-build")
if shutil.which("ptxas") or os.path.exists("/usr/local/cuda/bin/ptxas"):
    config.available_features.add("ptxas")


def links_openmp(compiler):
    """Whether a program that the compiler makes of OpenMP code links."""
    with tempfile.TemporaryDirectory() as folder:
        command = [compiler, "-fopenmp", "-x", "c", "-", "-o", os.path.join(folder, "program")]
        text = b"#include <omp.h>\nint main(void) { return omp_get_max_threads() < 1; }\n"
        return subprocess.run(command, input=text, stderr=subprocess.DEVNULL).returncode == 0


# Clang's OpenMP is a package of its own, GCC's comes with it.
openmp = next((c for c in (config.colt5_c, "gcc") if shutil.which(c) and links_openmp(c)), None)
if openmp:
    config.available_features.add("openmp")
    config.substitutions.append(("%openmp_cc", openmp))
