// RUN: colt5-opt %s -verify-diagnostics --colt5-lower-contraction=vector-bytes=7

// expected-error@below {{colt5-lower-contraction: option vector-bytes expects 16, 32 or 64, got 7}}
module {
}
