"""Writes .npy files that colt5-run must refuse, and a few good ones, into a folder.

usage: make_bad_npy.py FOLDER
"""
import os
import struct
import sys

import numpy


def main(folder):
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name + ".npy")

    good = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
    numpy.save(path("good"), good)
    numpy.save(path("fortran"), numpy.asfortranarray(good))
    numpy.save(path("big"), good.astype(">f4"))
    numpy.save(path("double"), good.astype(numpy.float64))
    numpy.save(path("complex"), good.astype(numpy.complex64))
    numpy.save(path("shape"), good.reshape(3, 2))
    numpy.save(path("rank"), good.reshape(6))
    numpy.save(path("nan"), numpy.full((2, 3), numpy.nan, numpy.float32))
    numpy.save(path("bits"), numpy.full((4,), 0x3F80, numpy.uint16))
    with open(path("good"), "rb") as stream:
        data = stream.read()
    for name, content in {"empty": b"", "text": b"1 2 3\n", "head": data[:9], "cut": data[:-1], "long": data + b"x",
                          "version": data[:6] + b"\x07\x00" + data[8:],
                          "header": data[:8] + struct.pack("<H", 20) + b"{'descr': '<f4', 12 "}.items():
        with open(path(name), "wb") as stream:
            stream.write(content)


main(*sys.argv[1:])
