#!/usr/bin/env python3
"""Compiles each file several times, each time in a new process with other addresses, and compares the bytes.

usage: reproducible.py [--times=N] [--artefact] COMPILER FILE.mlir... [-- OPTION...]

Without --artefact what stage bufferize leaves is compared, with it the object and the header. OPTIONs go to the compiler.
Exit status 1 when a file has two different outputs.
"""
import argparse
import hashlib
import pathlib
import subprocess
import sys
import tempfile


def compile_once(compiler, source, artefact, options):
    """The hash of everything that one compilation writes."""
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "out"
        command = [compiler, source, "--quiet", *options, "-o", str(output)]
        command += ["--prefix=same"] if artefact else ["--stop-stage=bufferize"]
        subprocess.run(command, check=True)
        digest = hashlib.sha256()
        for path in sorted(pathlib.Path(folder).rglob("*")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        split = arguments.index("--")
        arguments, options = arguments[:split], arguments[split + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, help="compilations per file")
    parser.add_argument("--artefact", action="store_true", help="compare object and header")
    parser.add_argument("compiler")
    parser.add_argument("files", nargs="+")
    given = parser.parse_args(arguments)
    if given.times < 2:
        parser.error(f"--times: expected 2 or more, found {given.times}")
    different = 0
    for source in given.files:
        hashes = {compile_once(given.compiler, source, given.artefact, options) for _ in range(given.times)}
        if len(hashes) != 1:
            different += 1
            print(f"{source}: {len(hashes)} different outputs in {given.times} compilations")
    print(f"{len(given.files)} files, {given.times} compilations each, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
