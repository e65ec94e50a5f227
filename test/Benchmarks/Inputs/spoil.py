"""Breaks one artefact of an unpacked archive.

spoil.py FOLDER what: `image` changes a byte of the host library; `value` a stored expected value, and its digest;
`kernel` the block size in the kernel table.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np


def main():
    folder, what = pathlib.Path(sys.argv[1]), sys.argv[2]
    manifest = json.loads((folder / "manifest.json").read_text())
    if what == "image":
        data = bytearray((folder / "f.so").read_bytes())
        data[len(data) // 2] ^= 1
        (folder / "f.so").write_bytes(data)
    elif what == "value":
        with np.load(folder / "stored.npz") as stored:
            values = dict(stored)
        values["result0"].flat[0] += 1.0
        np.savez(folder / "stored.npz", **values)
        manifest["files"]["stored.npz"] = hashlib.sha256((folder / "stored.npz").read_bytes()).hexdigest()
    else:
        manifest["kernels"][0]["block"][0] //= 2
    (folder / "manifest.json").write_text(json.dumps(manifest))


main()
