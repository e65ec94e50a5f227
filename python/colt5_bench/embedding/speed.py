"""How fast artefacts compute on the CPU: beside the plain functions, with named beside static sizes, trusted beside
checked indices. All contenders use the same memory, take turns in one process, and must give the same result."""
import ctypes
import os
import statistics
import time

import numpy as np
from colt5_model.compare import norm_error

from ..cpu.compiled_layer import Parallel
from ..cpu.compiled_layer import Tensor as Record
from ..gpu import reference
from ..gpu.data import decode, make_inputs
from ..gpu.embed_programs import make_gather
from ..gpu.embedded import ON_HOST, Call, Embedded
from ..gpu.programs import make_program
from ..gpu.suite import read_suite
from .building import EXAMPLES, ROOT, RUNTIME, make_table

BOUND = 1e-5  # on the normalised error against the float64 model
THREADS = 2


class Plain:
    """A function of --emit=cpu-shared on the tensors of a Call."""

    def __init__(self, library, function, call, pool=None):
        library = ctypes.CDLL(str(library))
        tensors = [getattr(call.arguments, a["name"]) for a in call.entry["arguments"]]
        self.records = (Record * len(tensors))(*(Record(t.data, t.sizes, None) for t in tensors))
        size = getattr(library, f"{function}_workspace_size")
        size.restype = ctypes.c_int64
        self.memory = np.full(size(self.records, ctypes.c_int64(pool.num_threads if pool else 1)) + 64, 0xFF, np.uint8)
        self.workspace = ctypes.c_void_p((self.memory.ctypes.data + 63) // 64 * 64)
        self.function, self.pool = getattr(library, f"{function}_run"), ctypes.byref(pool) if pool else None

    def start(self):
        return self.function(self.records, self.workspace, self.pool)


def take_turns(contenders, rounds, call, bound=None):
    """({name: seconds per round}, problems): every contender must give the first one's bits, or with `bound` its values
    up to that normalised error."""
    times, first, problems = {name: [] for name in contenders}, None, []
    for name, start in contenders.items():
        call.spoil(0xFF)
        status, found = start(), next(iter(call.read().values()))
        first = found if first is None else first
        if status:
            problems.append(f"{name}: expected status 0, got {status}")
        elif not np.all(np.isfinite(found)):
            problems.append(f"{name}: expected finite values, got others")
        elif bound is None and found.tobytes() != first.tobytes():
            problems.append(f"{name}: expected the bits of '{next(iter(contenders))}', got others")
        elif not norm_error(found, first) <= (bound or 0):
            problems.append(f"{name}: expected the values of '{next(iter(contenders))}', got a normalised error of "
                            f"{norm_error(found, first):.1e}")
    for turn in range(rounds):
        for name in sorted(contenders, reverse=turn % 2 == 1):
            start = time.perf_counter()
            contenders[name]()
            times[name].append(time.perf_counter() - start)
    return times, problems


def make_rows(title, times, peer):
    medians = {name: statistics.median(values) for name, values in times.items()}
    return [{"case": title, "contender": name, "ms": 1e3 * median, "fastest_ms": 1e3 * min(times[name]),
             "beside": peer, "ratio": median / medians[peer], "rounds": len(times[name])}
            for name, median in medians.items()]


def make_threads(builder):
    """(a pool, OpenMP's threads) as colt5_parallel."""
    sources = [ROOT / "benchmarks/embedding/threads.c", *sorted(RUNTIME.glob("*.c"))]
    library = ctypes.CDLL(str(builder.build_program("threads.so", *sources, flags=("-shared", "-fPIC", "-fopenmp"),
                                                    compiler=builder.openmp_cc)))
    library.make_pool.restype = library.make_openmp.restype = Parallel
    return library.make_pool(THREADS), library.make_openmp(THREADS)


def _open(library, num_threads=1, parallel=None):
    return Embedded(str(library), device_kind=ON_HOST, num_threads=num_threads, parallel=parallel)


def measure_layer(builder, quick):
    """One CoLT5-Base layer, n = 4096, f32: the artefact beside the plain functions, one thread and two."""
    model, n, rounds = ("tiny", 64, 3) if quick else ("base", 4096, 15)
    case = next(c for c in read_suite() if c.kind == "layer" and (c.model, c.n, c.type) == (model, n, "f32"))
    program = make_program(case)
    source = builder.write("layer.mlir", program.text)
    library, plain = builder.compile(source, "layer"), builder.compile(source, "plainlayer", emit="cpu-shared")
    inputs = make_inputs(program.inputs, 7)
    alone = _open(library)
    call = Call(alone, alone.name_inputs(inputs))
    wanted, doubtful = reference.expected(case, {t.name: decode(a, t.type) for t, a in zip(program.inputs, inputs)})
    keep = ~doubtful if doubtful is not None else slice(None)
    alone.check(call.start())
    error = float(norm_error(next(iter(call.read().values()))[:, keep], wanted[0][:, keep]))
    problems = [] if error <= BOUND else [f"layer: normalised error {error:.1e}, expected at most {BOUND:.0e}"]

    times, wrong = take_turns({"plain functions": Plain(plain, "f", call).start, "artefact": call.start}, rounds, call)
    title = f"layer, {case.model}, n = {n}, one thread"
    rows, problems = make_rows(title, times, "plain functions"), problems + wrong

    pool, openmp = make_threads(builder)
    contexts = {"artefact, own pool": {"num_threads": THREADS}, "artefact, pool of the program": {"parallel": pool},
                "artefact, OpenMP": {"parallel": openmp}}
    contenders = {"plain functions, pool": Plain(plain, "f", call, pool).start}
    for name, options in contexts.items():
        contenders[name] = call.share(_open(library, **options)).start
    times, more = take_turns(contenders, rounds, call)
    rows += make_rows(title.replace("one thread", "two threads"), times, "plain functions, pool")
    return rows, problems + more, error


def measure_static(builder, quick):
    """Named sizes beside static ones: examples/colt5_base_dynamic.mlir."""
    n, rounds = (128, 3) if quick else (4096, 15)
    sizes = {"n": n, "batch": 1, "m": n // 16, "q": n // 16, "v": n // 8}
    source = EXAMPLES / "colt5_base_dynamic.mlir"
    options = {"named": (), "static": ("--static-shapes=" + ",".join(f"{name}={size}" for name, size in sizes.items()),)}
    named, static = (_open(builder.compile(source, name, *options[name])) for name in options)
    inputs, random = {}, np.random.default_rng(7)
    for argument in named.find()["arguments"]:
        shape = [sizes.get(size, size) for size in argument["sizes"]]
        if argument["output"]:
            continue
        if not shape:
            inputs[argument["name"]] = np.array(sizes[argument["name"]], np.int64)
        elif argument["type"] == "bool":
            inputs[argument["name"]] = np.ones(shape, np.uint8)
        else:
            scale = 1.0 if argument["name"] == "x" else np.prod(shape[:-1]) ** -0.5
            inputs[argument["name"]] = random.standard_normal(shape, np.float32) * np.float32(scale)
    call = Call(static, inputs)
    contenders = {"static sizes": call.start, "named sizes": call.share(named).start}
    times, problems = take_turns(contenders, rounds, call, BOUND)
    return make_rows(f"colt5_base_dynamic, n = {n}, one thread", times, "static sizes"), problems


def measure_trusted(builder, quick):
    """A gather of rows by indices of the caller, with and without their check."""
    n, rows, width, rounds = (64, 16, 32, 3) if quick else (4096, 2048, 768, 101)
    results, problems = [], []
    for columns in (8, width):
        source = builder.write("gather.mlir", make_gather(n, rows, columns))
        checked, trusted = (_open(builder.compile(source, f"gather{columns}{name}", *options))
                            for name, options in (("checked", ()), ("trusted", ("--trusted",))))
        random = np.random.default_rng(7)
        call = Call(checked, {"x": random.standard_normal((1, n, columns), np.float32),
                              "idx": random.integers(0, n, (1, rows), np.int32)})
        times, wrong = take_turns({"checked": call.start, "trusted": call.share(trusted).start}, rounds, call)
        results += make_rows(f"gather of {rows} rows of {columns} from {n}, one thread", times, "checked")
        problems += wrong
    return results, problems


def measure(builder, quick):
    load = os.getloadavg()[0]
    rows, problems, error = measure_layer(builder, quick)
    for part in (measure_static, measure_trusted):
        more, wrong = part(builder, quick)
        rows += more
        problems += wrong
    return {"rows": rows, "error": error, "load": load, "problems": problems}


def format_section(data):
    lines = ["## Speed on the CPU", "", "Milliseconds of wall time, contenders in turns. All of a case give the same bits, "
             f"static and named sizes the same values up to {BOUND:.0e}. Ratio of medians: above 1 is slower than what it "
             "stands beside.", ""]
    lines += make_table(("case", "contender", "median ms", "fastest ms", "beside", "ratio", "rounds"),
                        ([r["case"], r["contender"], f"{r['ms']:.4g}", f"{r['fastest_ms']:.4g}", r["beside"],
                          f"{r['ratio']:.3f}", r["rounds"]] for r in data["rows"]))
    losses = [f"{r['contender']} ({r['case']}, {r['ratio']:.3f})" for r in data["rows"] if r["ratio"] > 1]
    return lines + ["", f"Load of the machine before this part: {data['load']:.1f}; with one or more on two cores, two threads "
                    "say little.", f"Slower than what they stand beside: {'; '.join(losses) or 'none'}.",
                    f"Normalised error of the layer against the float64 model: {data['error']:.1e}.", ""]
