"""What routing saves: 256 of 4096 tokens through a gated feed-forward branch of 768 x 3072, or all of them.

Two programs compiled by colt5 run on one thread, alternating, in turned order, on random inputs from a fresh seed
(printed); both are compared with NumPy in 64-bit floats first. With PyTorch installed, the same two computations in eager
PyTorch take part.

Usage: benchmarks/cpu/routing [--repeat N] [--seed N] [--cpu NAME] [--out FOLDER]
Needs colt5-compile in build/bin (or --tools) and NumPy.
"""
import argparse
import datetime
import os
import secrets
import statistics
import subprocess
import sys
import tempfile

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
from .layer import PROGRAMS, ROOT, describe_machine, find_blas, get_commit, measure, need, publish  # noqa: E402

need("numpy")
import numpy as np  # noqa: E402

from .compiled_layer import CompiledFunction  # noqa: E402

N, D, WIDTH, TOKENS = 4096, 768, 3072, 256


def make_data(seed):
    generator = np.random.default_rng(seed)

    def draw(*shape, scale=1.0):
        return (generator.standard_normal(shape) * scale).astype(np.float32)

    return {"x": draw(1, N, D), "router": draw(1, D, scale=D**-0.5), "in": draw(D, WIDTH, scale=D**-0.5),
            "gate": draw(D, WIDTH, scale=D**-0.5), "out": draw(WIDTH, D, scale=WIDTH**-0.5)}


def branch(x, data):
    hidden, gate = x @ data["in"], x @ data["gate"]
    return (hidden / (1 + np.exp(-hidden)) * gate) @ data["out"]


def expected_results(data):
    wide = {name: value.astype(np.float64) for name, value in data.items()}
    x = wide["x"][0]
    scores = x @ wide["router"][0]
    chosen = np.sort(np.argsort(-scores, kind="stable")[:TOKENS])
    routed = x.copy()
    routed[chosen] += scores[chosen, None] * branch(x[chosen], wide)
    return {"routed": routed, "all": x + branch(x, wide)}


def compiled_contenders(args, data, folder):
    weights = [data["in"], data["gate"], data["out"]]
    inputs = {"routed": [data["x"], data["router"], *weights], "all": [data["x"], *weights]}
    for kind, name in (("routed", "routed_ffn"), ("all", "dense_ffn")):
        library = os.path.join(folder, name + ".so")
        subprocess.run([os.path.join(args.tools, "colt5-compile"), str(PROGRAMS / f"{name}.mlir"), "--emit=cpu-shared",
                        f"--cpu={args.cpu}", "--quiet", "-o", library], check=True)
        yield f"colt5, {kind}", CompiledFunction(library, name, inputs[kind], data["x"].shape).run


def torch_contenders(data):
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(1)
    t = {name: torch.from_numpy(value) for name, value in data.items()}

    def torch_branch(x):
        hidden = x @ t["in"]
        return (torch.nn.functional.silu(hidden) * (x @ t["gate"])) @ t["out"]

    def routed():
        with torch.no_grad():
            scores = t["x"] @ t["router"][0]
            top, index = torch.topk(scores, TOKENS, dim=1)
            update = top.unsqueeze(-1) * torch_branch(t["x"][0, index[0]]).unsqueeze(0)
            return t["x"].index_add(1, index[0], update)

    def everything():
        with torch.no_grad():
            return t["x"] + torch_branch(t["x"])

    yield "PyTorch, routed", routed
    yield "PyTorch, all", everything


def run(args):
    data = make_data(args.seed)
    expected = expected_results(data)
    with tempfile.TemporaryDirectory() as folder:
        contenders = dict([*compiled_contenders(args, data, folder), *torch_contenders(data)])
        errors, times = {}, {name: [] for name in contenders}
        for name, call in contenders.items():
            want = expected[name.split(", ")[1]]
            errors[name] = float(np.linalg.norm(np.asarray(call())[0] - want) / np.linalg.norm(want))
        for turn in range(args.repeat):
            for name in sorted(contenders, reverse=turn % 2 == 1):
                times[name].append(measure(contenders[name]))
    return {"errors": errors, "wall_ms": {name: [1e3 * wall for wall, _ in pairs] for name, pairs in times.items()},
            "cpu_ms": {name: [1e3 * cpu for _, cpu in pairs] for name, pairs in times.items()}}


def format_report(report):
    machine = report["machine"]
    medians = {name: statistics.median(values) for name, values in report["cpu_ms"].items()}
    lines = ["# Routing 256 of 4096 tokens through a gated feed-forward branch", "",
             f"768 x 3072, f32, one thread. Commit {report['commit']}, {report['date']}, {machine['cpu']}, "
             f"{machine['cores']} cores, load {machine['load']:.1f} at the start, seed {report['seed']}, "
             f"PyTorch {report['torch'] or 'not there'}, {', '.join(report['blas'])}. "
             f"`{report['command']}`.", "", "| contender | CPU ms | wall ms | error |", "|---|---|---|---|"]
    for name, cpu in medians.items():
        lines.append(f"| {name} | {cpu:.1f} | {statistics.median(report['wall_ms'][name]):.1f} | "
                     f"{report['errors'][name]:.1e} |")
    lines += ["", f"Medians of {report['repeat']} runs each, alternating. Error: against NumPy in 64-bit floats, "
              "normalised.", f"Routing takes {medians['colt5, routed'] / medians['colt5, all']:.3f} of the time of all "
              "tokens."]
    if "PyTorch, routed" in medians:
        lines.append(f"Against eager PyTorch (ratio of CPU times, below 1: colt5 is faster): routed "
                     f"{medians['colt5, routed'] / medians['PyTorch, routed']:.2f}, all "
                     f"{medians['colt5, all'] / medians['PyTorch, all']:.2f}.")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31))
    parser.add_argument("--cpu", default="native")
    parser.add_argument("--tools", default=str(ROOT / "build" / "bin"))
    parser.add_argument("--out", help="folder for routing.json and routing.md")
    args = parser.parse_args()
    report = {"command": " ".join(["benchmarks/cpu/routing", *sys.argv[1:]]), "commit": get_commit(),
              "date": datetime.date.today().isoformat(), "machine": describe_machine(), "seed": args.seed,
              "repeat": args.repeat, **run(args)}
    # What is loaded by now.
    report.update(torch=getattr(sys.modules.get("torch"), "__version__", None), blas=find_blas())
    return publish(report, format_report(report), "routing", args.out)


if __name__ == "__main__":
    sys.exit(main())
