"""Contractions as GPU code in the emulator, against the reference interpreter.

contraction_cases.py [CHIP]: prints what differs and a last line with counts; exits 1 if something differs.
"""
import pathlib
import subprocess
import sys
import tempfile

LOOPS = {"mk,kn->mn": ("m", "n", "k"), "mk,nk->mn": ("m", "n", "k"), "km,kn->mn": ("m", "n", "k"),
         "bmk,bkn->bmn": ("b", "m", "n", "k"), "bhmk,bhnk->bhmn": ("b", "h", "m", "n", "k"),
         "mk,khn->hmn": ("h", "m", "n", "k"), "hmk,hkn->mn": ("m", "n", "h", "k"), "bmk,kn->bmn": ("b", "m", "n", "k")}


def shape_of(letters, sizes, dynamic):
    return "".join(f"{'?' if letter in dynamic else sizes[letter]}x" for letter in letters)


def source(kind, sizes, data, dynamic, init, gated):
    """A function of the inputs, and of the outs when `init` is "argument"."""
    left, right = kind.split("->")[0].split(",")
    out = kind.split("->")[1]
    loops = LOOPS[kind]
    accumulator = "f64" if data == "f64" else "f32"
    rights = 2 if gated else 1
    types = [f"tensor<{shape_of(left, sizes, dynamic)}{data}>"]
    types += [f"tensor<{shape_of(right, sizes, dynamic)}{data}>"] * rights
    result = f"tensor<{shape_of(out, sizes, dynamic)}{accumulator}>"
    arguments = [f"%in{n}: {type}" for n, type in enumerate(types)]
    lines = []
    if init == "argument":
        arguments += [f"%out{n}: {result}" for n in range(rights)]
    else:
        lines += [f"%zero = arith.constant 0.0 : {accumulator}"]
        dims = []
        for letter in out:
            if letter in dynamic:
                operand = 0 if letter in left else 1
                at = (left if operand == 0 else right).index(letter)
                lines += [f"%c_{letter} = arith.constant {at} : index",
                          f"%d_{letter} = tensor.dim %in{operand}, %c_{letter} : {types[operand]}"]
                dims.append(f"%d_{letter}")
        for n in range(rights):
            lines += [f"%empty{n} = tensor.empty({', '.join(dims)}) : {result}",
                      f"%out{n} = linalg.fill ins(%zero : {accumulator}) outs(%empty{n} : {result}) -> {result}"]
    def of(letters):
        return f"affine_map<({', '.join(loops)}) -> ({', '.join(letters)})>"
    maps = [of(left)] + [of(right)] * rights + [of(out)] * rights
    iterators = ", ".join('"parallel"' if loop in out else '"reduction"' for loop in loops)
    elements = [f"%e{n}: {data}" for n in range(1 + rights)] + [f"%o{n}: {accumulator}" for n in range(rights)]
    body, names = [], [f"%e{n}" for n in range(1 + rights)]
    if data != accumulator:
        body += [f"%x{n} = arith.extf %e{n} : {data} to {accumulator}" for n in range(1 + rights)]
        names = [f"%x{n}" for n in range(1 + rights)]
    for n in range(rights):
        body += [f"%p{n} = arith.mulf {names[0]}, {names[1 + n]} : {accumulator}",
                 f"%s{n} = arith.addf %o{n}, %p{n} : {accumulator}"]
    results = ", ".join([result] * rights)
    values = ["%r"] if rights == 1 else [f"%r#{n}" for n in range(rights)]
    ins = f"{', '.join(f'%in{n}' for n in range(1 + rights))} : {', '.join(types)}"
    outs = f"{', '.join(f'%out{n}' for n in range(rights))} : {results}"
    yielded = ", ".join(f"%s{n}" for n in range(rights)) + " : " + ", ".join([accumulator] * rights)
    text = [f"func.func @f({', '.join(arguments)}) -> ({results}) {{", *lines,
            f"%r{':2' if rights == 2 else ''} = linalg.generic {{indexing_maps = [{', '.join(maps)}], "
            f"iterator_types = [{iterators}]}} ins({ins}) outs({outs}) {{",
            f"^bb0({', '.join(elements)}):", *body, f"linalg.yield {yielded}", f"}} -> ({results})",
            f"return {', '.join(values)} : {results}", "}"]
    shapes = [left] + [right] * rights + ([out] * rights if init == "argument" else [])
    return "\n".join(text) + "\n", ["x".join(str(sizes[letter]) for letter in letters) for letters in shapes]


def cases():
    """(kind, sizes, element type, dynamic letters, init, gated)"""
    plain = "mk,kn->mn"
    for m, n, k in [(1, 64, 36), (3, 17, 65), (17, 65, 3), (36, 128, 128), (65, 36, 17), (127, 129, 16),
                    (128, 128, 32), (129, 127, 48), (64, 64, 64), (8, 256, 100), (256, 8, 2), (4, 4, 1030)]:
        yield plain, {"m": m, "n": n, "k": k}, "f32", "", "zero", False
    for data in ("f64", "f16", "bf16"):
        for m, n, k in [(65, 36, 34), (128, 64, 32), (3, 17, 5)]:
            yield plain, {"m": m, "n": n, "k": k}, data, "", "zero", False
        yield "mk,nk->mn", {"m": 40, "n": 72, "k": 40}, data, "", "argument", False
        yield plain, {"m": 66, "n": 64, "k": 24}, data, "", "zero", True
    for dynamic in ("m", "n", "k", "mnk"):
        yield plain, {"m": 67, "n": 72, "k": 40}, "f32", dynamic, "zero", False
        yield plain, {"m": 5, "n": 9, "k": 7}, "f32", dynamic, "argument", True
    for kind in LOOPS:
        for m, n, k in [(40, 68, 36), (33, 7, 19)]:
            sizes = {"b": 2, "h": 3, "m": m, "n": n, "k": k}
            yield kind, sizes, "f32", "", "argument", False
            yield kind, sizes, "f32", "bhmnk", "zero", False


def main():
    chip = sys.argv[1] if len(sys.argv) > 1 else "sm_80"
    errors, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "case.mlir"
        for kind, sizes, data, dynamic, init, gated in cases():
            text, shapes = source(kind, sizes, data, dynamic, init, gated)
            path.write_text(text)
            command = ["colt5-run", str(path), "--backend=emulator", f"--chip={chip}", "--compare=reference", "--quiet"]
            command += [f"--input=random:seed={n},shape={shape}" for n, shape in enumerate(shapes)]
            # Another order of threads must not matter.
            command += [f"--emulator-seed={count}"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            count += 1
            if done.returncode:
                errors.append(f"{kind} {sizes} {data} dynamic='{dynamic}' {init} gated={gated}: exit {done.returncode}: "
                              f"{(done.stderr or done.stdout).strip()[:500]}")
    print("\n".join(errors + [f"{count} contractions, {len(errors)} errors"]))
    return 1 if errors or not count else 0


if __name__ == "__main__":
    sys.exit(main())
