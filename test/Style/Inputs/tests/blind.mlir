// RUN: colt5-opt %s
func.func private @f()
