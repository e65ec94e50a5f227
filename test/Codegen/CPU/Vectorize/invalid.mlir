// RUN: colt5-opt %s -verify-diagnostics --colt5-set-machine="name=cpu-generic overrides=vector_bytes=128" --colt5-vectorize-linalg

// expected-error@below {{colt5-set-machine: machine_c2: expected vector_bytes of cpu-generic to be a power of two from 16 to 64, an i64, found 128 : i64}}
module {
}
