// RUN: not colt5-opt %s
// expected-error@+1 {{nobody compares this}}
func.func private @f()
