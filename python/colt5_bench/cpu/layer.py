"""One CoLT5-Base encoder layer, n = 4096, f32, one thread: compiled by colt5 beside eager PyTorch.

Both compute the same mathematics and are checked against the float64 NumPy model before anything is timed. They
alternate in one process; medians of wall and CPU time. Every setting is a process of its own: the default malloc and
one that keeps freed memory (PyTorch allocates every intermediate result), and the kernels that OpenBLAS chooses by
itself and others. Memory is the peak of a process that runs one contender only, above what it holds before.

Usage: benchmarks/cpu/layer [--repeat N] [--cpu NAME] [--profile] [--out FOLDER]
Needs colt5-compile on the path (or --tools),
python3-torch, python3-numpy and libopenblas0-pthread. See benchmarks/README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from colt5_model.needs import need

from .. import ROOT

PROGRAMS = ROOT / "benchmarks" / "cpu"

N, D, QUERIES, KEYS, TOKENS = 4096, 768, 256, 512, 256
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "8000000000", "MALLOC_TOP_PAD_": "268435456"}


def make_data():
    import numpy as np
    from colt5_model.document import Config, layer_weights
    x = np.random.default_rng(7).standard_normal((1, N, D), dtype=np.float32)
    return x, np.ones((1, N), dtype=bool), layer_weights(0, Config(layers=1))


def make_compiled(library, x, mask, weights):
    from .compiled_layer import CompiledFunction
    return CompiledFunction(library, "layer", [x, mask.astype("uint8"), *weights.values()], x.shape)


def make_torch(x, mask, weights):
    import torch
    from .torch_layer import Colt5Layer
    torch.set_num_threads(1)
    layer = Colt5Layer(weights, N, QUERIES, KEYS, TOKENS)
    x, mask = torch.from_numpy(x), torch.from_numpy(mask)
    return lambda: layer(x, mask)


def measure(call):
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def find_blas():
    """The linear algebra library that is loaded; Debian's reference BLAS is no fair peer."""
    with open("/proc/self/maps", encoding="utf8") as file:
        names = {os.path.basename(line.split()[-1]) for line in file if "/" in line}
    return sorted(name for name in names if "blas" in name or "mkl" in name)


def child_times(args):
    """Alternating runs; prints times per contender and, with --expected, errors."""
    import numpy as np
    data = make_data()
    compiled, peer = make_compiled(args.library, *data), make_torch(*data)
    calls = {"colt5": compiled.run, "pytorch": peer}
    result = {"blas": find_blas(), "workspace_bytes": compiled.workspace_bytes, "errors": {}, "wall": {}, "cpu": {}}
    for name, call in calls.items():
        out = np.asarray(call())
        if args.expected:
            expected = np.load(args.expected)
            result["errors"][name] = float(np.linalg.norm(out - expected) / np.linalg.norm(expected))
    times = {name: [] for name in calls}
    for turn in range(args.repeat):
        for name in sorted(calls, reverse=turn % 2 == 1):
            times[name].append(measure(calls[name]))
    for name, pairs in times.items():
        result["wall"][name], result["cpu"][name] = ([pair[i] for pair in pairs] for i in (0, 1))
    print(json.dumps(result))


def child_memory(args):
    data = make_data()
    call = make_compiled(args.library, *data).run if args.child == "memory-colt5" else make_torch(*data)
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")  # the peak starts again from what is resident now
    before = read_status("VmRSS")
    for _ in range(2):
        call()
    print(json.dumps({"mib": (read_status("VmHWM") - before) / 1024}))


def read_status(name):
    """A figure of this process in KiB."""
    with open("/proc/self/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith(name + ":")).split()[1])


def child_expected(args):
    import numpy as np
    from colt5_model.layers import colt5_encoder_layer
    x, mask, weights = make_data()
    np.save(args.expected, colt5_encoder_layer(x, mask, *weights.values(), queries=QUERIES, keys=KEYS, tokens=TOKENS))
    print("{}")


def child_profile(args):
    """CPU times of the kernels in program order: the hook that runs a kernel's tasks is also a stopwatch."""
    from .compiled_layer import PARALLEL_FOR, Parallel
    compiled, records = make_compiled(args.library, *make_data()), []

    def parallel_for(_, count, body, arg):
        start = time.thread_time()
        for index in range(count):
            body(arg, index, 0)
        records.append((time.thread_time() - start, count))

    pool = Parallel(None, 1, PARALLEL_FOR(parallel_for))
    runs = []
    for _ in range(args.repeat):
        records.clear()
        compiled.run(pool)
        runs.append(list(records))
    print(json.dumps([[min(run[i][0] for run in runs), runs[0][i][1]] for i in range(len(runs[0]))]))


CHILDREN = {"times": child_times, "memory-colt5": child_memory, "memory-pytorch": child_memory,
            "expected": child_expected, "profile": child_profile}


def run_child(kind, environment=None, **options):
    command = [sys.executable, "-m", "colt5_bench.cpu.layer", "--child", kind]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **(environment or {})}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compile_layer(args, folder):
    library = os.path.join(folder, "layer.so")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([os.path.join(args.tools, "colt5-compile"), str(PROGRAMS / "base_layer.mlir"), "--emit=cpu-shared",
                    f"--cpu={args.cpu}", "--quiet", "-o", library], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return library, {"wall": time.perf_counter() - start, "cpu": after.ru_utime - before.ru_utime}


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/cpuinfo", encoding="utf8") as file:
        flags = next((line for line in file if line.startswith("flags")), "").split()
    return {"cpu": models[0] if models else platform.processor(), "cores": os.cpu_count(),
            "avx512": "avx512f" in flags, "load": os.getloadavg()[0]}


def get_commit():
    done = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip() or "unknown"


def summarise(times):
    colt5, peer = (statistics.median(times["wall"][name]) for name in ("colt5", "pytorch"))
    cpu = [statistics.median(times["cpu"][name]) for name in ("colt5", "pytorch")]
    return {"colt5_ms": 1e3 * colt5, "pytorch_ms": 1e3 * peer, "ratio": colt5 / peer,
            "colt5_best_ms": 1e3 * min(times["wall"]["colt5"]), "pytorch_best_ms": 1e3 * min(times["wall"]["pytorch"]),
            "colt5_cpu_ms": 1e3 * cpu[0], "pytorch_cpu_ms": 1e3 * cpu[1], "cpu_ratio": cpu[0] / cpu[1]}


def format_report(report):
    machine = report["machine"]
    lines = ["# One CoLT5-Base encoder layer on one core beside eager PyTorch", "",
             f"n = {N}, f32, 256 routed queries and tokens, 512 routed keys. Commit {report['commit']}, "
             f"{report['date']}, {machine['cpu']}, {machine['cores']} cores, load {machine['load']:.1f} at the start, "
             f"PyTorch {report['torch']} on {', '.join(report['blas'])}. `{report['command']}`.", "",
             "| setting | colt5 ms | PyTorch ms | ratio | CPU ms | PyTorch CPU ms | ratio | best ms | PyTorch best ms |",
             "|---|---|---|---|---|---|---|---|---|"]
    for name, s in report["settings"].items():
        lines.append(f"| {name} | {s['colt5_ms']:.1f} | {s['pytorch_ms']:.1f} | {s['ratio']:.2f} | "
                     f"{s['colt5_cpu_ms']:.1f} | {s['pytorch_cpu_ms']:.1f} | {s['cpu_ratio']:.2f} | "
                     f"{s['colt5_best_ms']:.1f} | {s['pytorch_best_ms']:.1f} |")
    losses = [name for name, s in report["settings"].items() if s["cpu_ratio"] > 1]
    errors = ", ".join(f"{name} {value:.1e}" for name, value in report["errors"].items())
    lines += ["", f"Medians of {report['repeat']} runs each, alternating; a ratio below 1 means that colt5 is faster.",
              "Slower than PyTorch (by CPU time) in: " + (", ".join(losses) or "no setting") + ".", "",
              f"- Normalised error against the float64 model: {errors}.",
              f"- Peak memory above inputs and weights: colt5 {report['memory_mib']['colt5']:.0f} MiB (workspace "
              f"{report['workspace_bytes'] / 2**20:.0f} MiB), PyTorch {report['memory_mib']['pytorch']:.0f} MiB.",
              f"- Compile time: {report['compile']['cpu']:.2f} s of CPU time, {report['compile']['wall']:.2f} s wall.", ""]
    return "\n".join(lines)


def publish(report, text, name, folder):
    """Prints the report and writes NAME.json and NAME.md; returns what is wrong with it, or None."""
    print(text, flush=True)
    if folder:
        os.makedirs(folder, exist_ok=True)
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf8")
        (pathlib.Path(folder) / f"{name}.md").write_text(text, encoding="utf8")
    worst = max(report["errors"].values())
    return None if worst < 1e-5 else f"a contender is wrong: normalised error {worst:.1e}, expected below 1e-5"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--cpu", default="native")
    parser.add_argument("--tools", default=str(ROOT / "build" / "bin"))
    parser.add_argument("--out", help="folder for layer.json and layer.md")
    parser.add_argument("--profile", action="store_true", help="print the time of every kernel and stop")
    parser.add_argument("--child", choices=CHILDREN, help=argparse.SUPPRESS)
    parser.add_argument("--library", help=argparse.SUPPRESS)
    parser.add_argument("--expected", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return CHILDREN[args.child](args)
    need("numpy", *([] if args.profile else ["torch"]))
    with tempfile.TemporaryDirectory() as folder:
        library, compiled = compile_layer(args, folder)
        if args.profile:
            for i, (seconds, tasks) in enumerate(run_child("profile", library=library, repeat=args.repeat)):
                print(f"{i:3d}  {1e3 * seconds:9.3f} ms  {tasks:6d} tasks")
            return None
        expected = os.path.join(folder, "expected.npy")
        run_child("expected", expected=expected)
        import torch
        report = {"command": " ".join(["benchmarks/cpu/layer", *sys.argv[1:]]), "commit": get_commit(),
                  "date": datetime.date.today().isoformat(), "machine": describe_machine(),
                  "torch": torch.__version__, "repeat": args.repeat, "compile": compiled, "settings": {}}
        variants = {"": {}, ", OpenBLAS kernels SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"}}
        if not report["machine"]["avx512"]:
            variants.popitem()
        for malloc, keep in (("default malloc", {}), ("malloc keeps memory", KEEP_MEMORY)):
            for suffix, variant in variants.items():
                times = run_child("times", {**keep, **variant}, library=library, repeat=args.repeat, expected=expected)
                report["settings"][malloc + suffix] = {**summarise(times), "wall": times["wall"], "cpu": times["cpu"]}
                report.update({name: times[name] for name in ("errors", "workspace_bytes", "blas")})
        report["memory_mib"] = {name: run_child(f"memory-{name}", library=library)["mib"]
                                for name in ("colt5", "pytorch")}
    return publish(report, format_report(report), "layer", args.out)


if __name__ == "__main__":
    sys.exit(main())
