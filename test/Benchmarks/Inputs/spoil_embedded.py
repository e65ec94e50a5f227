"""Breaks one folder of embedded/ in an unpacked archive.

spoil_embedded.py FOLDER what: `library` changes a byte of the library; `libc` puts a program in place of the packed one
that behaves as one for a later libc does, with its digest.
"""
import hashlib
import json
import pathlib
import sys


def main():
    folder, what = pathlib.Path(sys.argv[1]), sys.argv[2]
    if what == "library":
        data = bytearray((folder / "libf.so").read_bytes())
        data[len(data) // 2] ^= 1
        (folder / "libf.so").write_bytes(data)
        return
    manifest = json.loads((folder / "manifest.json").read_text())
    program = folder / manifest["command"][0]
    program.write_text("#!/bin/sh\necho \"$0: libc.so.6: version 'GLIBC_9.99' not found\" >&2\nexit 1\n")
    manifest["files"][program.name] = hashlib.sha256(program.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


main()
