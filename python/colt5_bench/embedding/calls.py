"""What loading and calling an artefact costs: contexts, first and second runs, calls with 20 tensors."""
import ctypes
import statistics
import time

import numpy as np
from colt5.artefact import Options

from ..gpu.embed_programs import make_wide_function
from ..gpu.embedded import ON_CUDA, ON_HOST, Call, Embedded
from .building import EXAMPLES, ROOT, RUNTIME, get_version, make_table, run

OVERHEAD_LIMIT = 3.0  # microseconds of the runtime in a checked call with 20 tensors
MOCK_CALLS, CPU_CALLS = 2000, 20000  # the mock keeps a record of every launch


def measure_loading(library, inputs, options, rounds):
    """Medians in microseconds of context_create, load, the first and the second run of new contexts."""
    times = {name: [] for name in ("create", "load", "first run", "second run")}
    artefact = Embedded(library, **options)
    artefact.close()
    driver = options.get("driver")
    settings = Options(ctypes.sizeof(Options), options["device_kind"], 0, None, driver and driver.encode(), None,
                       options.get("num_threads", 0), 0)

    def timed(name, call):
        start = time.perf_counter()
        result = call()
        times[name].append(1e6 * (time.perf_counter() - start))
        return result
    for _ in range(rounds + 1):
        artefact.check(timed("create", lambda: artefact.get("context_create")(ctypes.byref(settings),
                                                                              ctypes.byref(artefact.context))))
        call = Call(artefact, artefact.name_inputs(inputs))
        timed("load", artefact.load)
        artefact.check(timed("first run", call.start))
        artefact.wait()
        artefact.check(timed("second run", call.start))
        artefact.wait()
        call.free()
        artefact.close()
    # The first round also opens the driver.
    return {name: statistics.median(values[1:]) for name, values in times.items()}


def measure(builder, quick):
    rounds = 3 if quick else 31
    return {"rounds": rounds, "loading": _measure_all_loading(builder, rounds),
            "bundles": _measure_bundles(builder, rounds, quick), "overhead": _measure_overhead(builder, rounds, quick),
            "problems": []}


def _measure_all_loading(builder, rounds):
    random = np.random.default_rng(1)
    cases = {"norm": (EXAMPLES / "embed-c" / "norm.mlir", [(16, 32), (32,)]),
             "routed": (EXAMPLES / "router_gather_ffn.mlir", [(1, 64, 32), (1, 32), (32, 48), (32, 48), (48, 32)])}
    rows = []
    for name, (source, shapes) in cases.items():
        library = builder.compile(source, name, target="cpu,sm_80,sm_90a")
        inputs = [random.standard_normal(shape, np.float32) for shape in shapes]
        for place, options in (("CPU, one thread", {"device_kind": ON_HOST, "num_threads": 1}),
                               ("CPU, two threads", {"device_kind": ON_HOST, "num_threads": 2}),
                               ("mock driver", {"device_kind": ON_CUDA, "driver": str(builder.mock)})):
            rows.append({"artefact": name, "where": place, **measure_loading(library, inputs, options, rounds)})
    return rows


def _measure_bundles(builder, rounds, quick):
    """What the check of the bundle costs by itself."""
    sources = {"norm": EXAMPLES / "embed-c" / "norm.mlir", "routed": EXAMPLES / "router_gather_ffn.mlir"}
    if not quick:
        sources["base"] = EXAMPLES / "colt5_base.mlir"
    cubins = bool(builder.find_ptxas())
    options = ("--ptx-fallback",) if cubins else ()
    files = []
    for name, source in sources.items():
        base = builder.compile(source, f"{name}-bundle", *options, "--prefix=f", target="cpu,sm_80,sm_90a",
                               emit="obj,header", cubins=cubins)
        files.append(builder.extract_bundle(base.with_name(base.name + ".o")))
    program = builder.build_program("bundle", ROOT / "benchmarks/embedding/bundle.c", *sorted(RUNTIME.glob("*.c")))
    rows = []
    for name, line in zip(sources, run([program, get_version(), rounds, *files]).splitlines()):
        size, *times = line.split()
        median = statistics.median(map(float, times))
        rows.append({"artefact": name, "bytes": int(size), "check": median, "per_mb": median / int(size) * 1e6})
    return rows


def _measure_overhead(builder, rounds, quick):
    libraries = [builder.compile(builder.write(f"{name}.mlir", make_wide_function(name == "named")), name,
                                 target="cpu,sm_80") for name in ("static", "named")]
    program = builder.build_program("calls", ROOT / "benchmarks/embedding/calls.c")
    quiet = builder.build_program("quiet.so", ROOT / "benchmarks/embedding/quiet_driver.c",
                                  flags=("-shared", "-fPIC", "-Wl,--no-as-needed", builder.mock,
                                         f"-Wl,-rpath,{builder.mock.parent}"))
    rows = []
    for place, driver in (("mock driver", builder.mock), ("mock driver without its launches", quiet), ("CPU", "cpu")):
        calls = 200 if quick else CPU_CALLS if driver == "cpu" else MOCK_CALLS
        times = {}
        for line in run([program, driver, rounds, calls, *libraries]).splitlines():
            name, *values = line.split()
            times[name] = sorted(map(float, values))
        rows += [{"where": place, "function": name, "median": statistics.median(values), "fastest": values[0],
                  "slowest": values[-1], "calls": calls, "limit": OVERHEAD_LIMIT} for name, values in times.items()]
    return rows


def format_section(data):
    rounds = data["rounds"]
    lines = ["## Loading", "", f"Microseconds, medians of {rounds} new contexts in one process (PTX, sm_80 on the mock "
             "driver).", ""]
    steps = ("create", "load", "first run", "second run")
    lines += make_table(("artefact", "where", "context_create", *steps[1:]),
                        ([row["artefact"], row["where"], *(f"{row[step]:.1f}" for step in steps)] for row in data["loading"]))
    lines += ["", f"The check of the bundle in `context_create`, by itself (medians of {rounds}):", ""]
    lines += make_table(("artefact", "bundle bytes", "check us", "us per MB"),
                        ([row["artefact"], row["bytes"], f"{row['check']:.1f}", f"{row['per_mb']:.0f}"]
                         for row in data["bundles"]))
    lines += ["", "## Calls", "", "`PREFIX_run` with 20 tensors of 1 x 4 x 8 and one kernel, microseconds, medians of "
              f"{rounds} rounds; `static`: all sizes are static, `named`: batch and n of all 20 tensors are compared. At most "
              f"{OVERHEAD_LIMIT:g} wanted on the mock driver.", ""]
    lines += make_table(("where", "function", "median us", "fastest", "slowest", "calls per round"),
                        ([row["where"], row["function"], *(f"{row[key]:.3f}" for key in ("median", "fastest", "slowest")),
                          row["calls"]] for row in data["overhead"]))
    slow = [f"{row['function']} on {row['where']}" for row in data["overhead"]
            if row["where"] != "CPU" and row["median"] > OVERHEAD_LIMIT]
    return lines + ["", f"Above the limit: {', '.join(slow) or 'none'}.", ""]
