// RUN: colt5-opt %s --colt5-verify-stage="stage=fuse" --verify-diagnostics

// expected-error@+1 {{unknown stage 'fuse', expected one of: input, decompose, plan, tile, bufferize, lower, llvm}}
module {
}
