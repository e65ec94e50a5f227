"""Feeds broken input to every tool and checks that each ends with status 1 and one clear message.

usage: bad_input.py BIN WORK TOOL

A tool must not crash, hang or succeed, must say something, and must not print a stack trace.
"""
import os
import pathlib
import subprocess
import sys

BIN, WORK = (pathlib.Path(part).resolve() for part in sys.argv[1:3])
TOOL = sys.argv[3]
SECONDS = 60
CRASH = ["Stack dump", "PLEASE submit", "UNREACHABLE", "Assertion", "terminate called", "out of memory"]

GOOD = """func.func @f(%x: tensor<1x6x4xf32>, %i: tensor<1x2xi32>) -> tensor<1x2x4xf32> {
  %e = tensor.empty() : tensor<1x2x4xf32>
  %r = colt5.gather ins(%x, %i : tensor<1x6x4xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x4xf32>)
      -> tensor<1x2x4xf32>
  return %r : tensor<1x2x4xf32>
}
"""
HUGE = """func.func @f(%x: tensor<1x4000000000x4000000000xf32>, %i: tensor<1x2xi32>) -> tensor<1x2x4000000000xf32> {
  %e = tensor.empty() : tensor<1x2x4000000000xf32>
  %r = colt5.gather ins(%x, %i : tensor<1x4000000000x4000000000xf32>, tensor<1x2xi32>)
      outs(%e : tensor<1x2x4000000000xf32>) -> tensor<1x2x4000000000xf32>
  return %r : tensor<1x2x4000000000xf32>
}
"""
DYNAMIC = """func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}
"""


def npy(descr, shape, size):
    """A .npy file whose header promises `shape`, with `size` bytes of data."""
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00\x76\x00" + header + bytes(size)


def deep_regions(depth):
    head = "func.func @f(%c: i1) {\n"
    return head + "scf.if %c {\n" * depth + "}\n" * depth + "return\n}\n"


FILES = {
    "good.mlir": GOOD,
    "empty.mlir": "",
    "junk.mlir": bytes(range(256)) * 64,
    "zeros.mlir": b"\0" * 4096,
    "bytecode.mlir": b"ML\xefR" + bytes(range(255, -1, -1)) * 8,
    "cut.mlir": GOOD[:200],
    "nested.mlir": "module {" * 100000,
    "regions.mlir": deep_regions(400),
    "parens.mlir": "func.func @f() -> " + "tuple<" * 100000,
    "string.mlir": '"' * 99999,
    "unknown.mlir": 'func.func @f() {\n  "nobody.knows"() : () -> ()\n  return\n}\n',
    "wrong.mlir": GOOD.replace("1x2xi32", "1x3xi32"),
    "huge.mlir": HUGE,
    "dynamic.mlir": DYNAMIC,
    "twice.mlir": GOOD + GOOD,
    "none.mlir": "module {\n}\n",
    "declared.mlir": "func.func private @f(tensor<2xf32>) -> tensor<2xf32>\n",
    "external.mlir": "func.func private @g(tensor<2xf32>) -> tensor<2xf32>\n"
                     "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
                     "  %r = call @g(%x) : (tensor<2xf32>) -> tensor<2xf32>\n  return %r : tensor<2xf32>\n}\n",
    "recursive.mlir": "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
                      "  %r = call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>\n  return %r : tensor<2xf32>\n}\n",
    "types.mlir": "func.func @f(%x: complex<f32>) -> complex<f32> {\n  return %x : complex<f32>\n}\n",
    "memref.mlir": "func.func @f(%x: memref<2xf32, strided<[?], offset: ?>>) {\n  return\n}\n",
    "unranked.mlir": "func.func @f(%x: tensor<*xf32>) -> tensor<*xf32> {\n  return %x : tensor<*xf32>\n}\n",
    "forever.mlir": "func.func @f() -> i32 {\n  cf.br ^a\n^a:\n  cf.br ^a\n}\n",
    "short.npy": npy("<f4", "(1, 6, 4)", 95),
    "wide.npy": npy("<f8", "(1, 6, 4)", 192),
    "overflow.npy": npy("<f4", "(4294967296, 4294967296, 4)", 0),
    "negative.npy": npy("<f4", "(-1, 6, 4)", 96),
}
BROKEN = ["empty.mlir", "junk.mlir", "zeros.mlir", "bytecode.mlir", "cut.mlir", "nested.mlir", "regions.mlir",
          "parens.mlir", "string.mlir", "unknown.mlir", "wrong.mlir", "missing.mlir", "folder"]


def cases():
    for name in BROKEN:
        # An empty file is a valid, empty module for those that only parse.
        if name != "empty.mlir":
            yield ["colt5-opt", name]
            yield ["colt5-compile", name, "--emit=obj", "-o", "out.o"]
            yield ["colt5-reduce", name, "--reduction-tree=test=true traversal-mode=0"]
        yield ["colt5-run", name]
    compile_good = ["colt5-compile", "good.mlir"]
    for extra in [["--target=tpu", "-o", "o"], ["--stop-stage=late"], ["--start-stage=late"],
                  ["--cpu=pentium99", "-o", "o"],
                  ["--start-stage=tile", "--stop-stage=plan"], ["--tile-sizes=-1", "-o", "o"],
                  ["--tile-sizes=x", "-o", "o"], ["--tile-sizes=99999999999999999999", "-o", "o"],
                  ["--tile-sizes=-9223372036854775808", "-o", "o"],
                  ["--emit=tarball", "-o", "o"], ["--emit=obj"], ["--emit=", "-o", "o"], ["-o", "locked/o"],
                  ["-o", "nowhere/o"],
                  ["--emit=shared", "-o", "locked/o.so"], ["--emit=shared", "-o", "folder"],
                  ["--emit=obj", "-o", "folder"],
                  ["--json=locked/j", "-o", "o"], ["--dump-stages=locked/d", "-o", "o"],
                  ["--dump-stages=good.mlir", "-o", "o"],
                  ["--override-stage=plan=missing.mlir", "-o", "o"], ["--override-stage=plan=junk.mlir", "-o", "o"],
                  ["--opt-level=-1", "-o", "o"], ["--opt-level=high", "-o", "o"], ["--no-such-option"],
                  ["one-more.mlir"],
                  ["--start-stage=lower", "-o", "o"], ["--start-stage=llvm", "--emit=obj", "-o", "o"]]:
        yield compile_good + extra
    for name in ["empty.mlir", "huge.mlir", "twice.mlir", "types.mlir", "unranked.mlir", "memref.mlir",
                 "external.mlir", "recursive.mlir"]:
        yield ["colt5-compile", name, "-o", "o"]
    run_good = ["colt5-run", "good.mlir"]
    indices = "--input=zeros"
    for backend in ["--backend=reference", "--backend=cpu"]:
        for extra in [[], ["--input=zeros"], ["--input=missing.npy", indices], ["--input=folder", indices],
                      ["--input=short.npy", indices], ["--input=wide.npy", indices],
                      ["--input=overflow.npy", indices],
                      ["--input=negative.npy", indices], ["--input=good.mlir", indices], ["--input=", indices],
                      ["--input=zeros", "--input=value=6"], ["--input=zeros", "--input=value=-2"],
                      ["--input=value=abc", indices], ["--input=random:seed=x", indices],
                      ["--input=zeros:shape=-1x6x4", indices],
                      ["--input=zeros:shape=99999999999999999999", indices],
                      ["--input=zeros", indices, "--entry=g"],
                      ["--input=zeros", indices, "--output-dir=locked/r"],
                      ["--input=zeros", indices, "--output-dir=good.mlir"],
                      ["--input=zeros", indices, "--json=locked/j"],
                      ["--input=zeros", indices, "--record-routing=locked/r"],
                      ["--input=zeros", indices, "--compare=folder"],
                      ["--input=zeros", indices, "--compare=good.mlir"],
                      ["--input=zeros", indices, "--repeat=0"], ["--input=zeros", indices, "--repeat=-1"],
                      ["--input=zeros", indices, "--threads=-1"], ["--input=zeros", indices, "--threads=99999999"],
                      ["--input=zeros", indices, "--rtol=much"], ["--input=zeros", indices, "--precision=half"]]:
            yield run_good + [backend] + extra
        for name in ["none.mlir", "declared.mlir", "types.mlir", "unranked.mlir", "external.mlir", "recursive.mlir",
                     "forever.mlir"]:
            yield ["colt5-run", name, "--entry=f", "--input=zeros", backend]
        yield ["colt5-run", "huge.mlir", "--input=zeros", "--input=zeros", backend]
        yield ["colt5-run", "dynamic.mlir", "--input=zeros:shape=4000000000000", backend]
        yield ["colt5-run", "dynamic.mlir", "--input=zeros:shape=9000000000000000000", backend]
    yield ["colt5-run", "good.mlir", "--backend=tpu", "--input=zeros", "--input=zeros"]
    for extra in [["--no-such-pass"], ["--pass-pipeline=builtin.module(nothing)"],
                  ["--pass-pipeline=builtin.module("],
                  ["-o", "locked/o"], ["-o", "folder"], ["--colt5-plan=tile-sizes=-1"], ["--colt5-set-machine=name=tpu"],
                  ["--colt5-plan=tile-sizes=x"], ["--colt5-verify-stage=stage=late"],
                  ["--colt5-verify-stage=stage=llvm"]]:
        yield ["colt5-opt", "good.mlir"] + extra
    yield ["colt5-opt", "huge.mlir", "--colt5-pipeline"]
    yield ["colt5-reduce", "good.mlir", "--reduction-tree=test=missing.sh traversal-mode=0"]
    yield ["colt5-reduce", "good.mlir", "--reduction-tree=test=good.mlir traversal-mode=0"]
    yield ["colt5-lsp-server", "--no-such-option"]
    yield ["colt5-lsp-server", "--input-mirror=x"]


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    os.chdir(WORK)
    for name, content in FILES.items():
        pathlib.Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    pathlib.Path("folder").mkdir(exist_ok=True)
    pathlib.Path("locked").write_text("A file where a folder is expected stops even the superuser.\n")
    bad = count = 0
    for command in cases():
        if command[0] != TOOL:
            continue
        count += 1
        try:
            done = subprocess.run([str(BIN / command[0])] + command[1:], stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=SECONDS)
            status, text = done.returncode, done.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired:
            status, text = "hang", ""
        problems = [] if status == 1 else [f"status {status}"]
        problems += [f"prints '{word}'" for word in CRASH if word in text]
        if not text.strip():
            problems.append("says nothing")
        if problems:
            bad += 1
            print("problem:", " ".join(command), ":", ", ".join(problems), "|", text[:300].replace("\n", " / "))
    print(f"{count} cases, {bad} problems")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
