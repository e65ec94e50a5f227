#!/bin/sh
# mlir-reduce asks with exit status 1 for "still interesting".
grep -q strided.every "$1" && exit 1
exit 0
