// RUN: colt5-opt %s -verify-diagnostics --colt5-set-machine="name=cpu-generic overrides=vector_bytes=7" --colt5-lower-contraction

// expected-error@below {{colt5-set-machine: machine_c2: expected vector_bytes of cpu-generic to be a power of two from 16 to 64, an i64, found 7 : i64}}
module {
}
