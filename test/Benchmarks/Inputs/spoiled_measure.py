"""benchmarks/embedding/measure with something wrong, which it has to find.

spoiled_measure.py WHAT ARGUMENT...: `library` takes libc from the libraries that are allowed, `symbol` hides where its
symbols are, `model` adds 1 to what the float64 model expects, `bits` changes a result of the second contender,
`intact` damages the bundle that is to pass.
"""
import sys

from colt5_bench.embedding import measure, robustness, sizes, speed


def spoil(what):
    if what == "library":
        sizes.ALLOWED.remove("libc.so.6")
    elif what == "symbol":
        symbols = sizes._symbols
        sizes._symbols = lambda path, kind: [words for words in symbols(path, kind)
                                             if kind == "undefined" or "malloc" not in words[-1]]
    elif what == "model":
        expected = speed.reference.expected
        speed.reference.expected = lambda *values: ([array + 1 for array in expected(*values)[0]], expected(*values)[1])
    elif what == "bits":
        read, reads = speed.Call.read, []

        def change(call):
            reads.append(read(call))
            if len(reads) == 3:
                next(iter(reads[-1].values())).flat[0] += 1
            return reads[-1]
        speed.Call.read = change
    elif what == "intact":
        run = robustness.run
        robustness.run = lambda command, **options: run(command, **options).replace("intact: 0", "intact: 1")
    else:
        raise ValueError(what)


# The layer is enough to spoil, and the rest takes longer.
speed.measure_static = speed.measure_trusted = lambda builder, quick: ([], [])
spoil(sys.argv[1])
sys.exit(measure.main(sys.argv[2:]))
