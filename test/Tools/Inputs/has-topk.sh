#!/bin/sh
# mlir-reduce asks with exit status 1 for "still interesting".
colt5-opt "$1" 2>/dev/null | grep -q colt5.topk && exit 1
exit 0
