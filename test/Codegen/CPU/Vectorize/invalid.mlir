// RUN: colt5-opt %s -verify-diagnostics --colt5-vectorize-linalg=vector-bytes=128

// expected-error@below {{colt5-vectorize-linalg: option vector-bytes expects 16, 32 or 64, got 128}}
module {
}
