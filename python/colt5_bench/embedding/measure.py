"""Sizes, loading, call overhead, speed and memory of embedded artefacts, without a GPU.

Usage: benchmarks/embedding/measure [--out FOLDER] [--build FOLDER] [--only sizes,calls,speed,robustness] [--quick]
Writes embedding.json and embedding.md to --out. --quick: small cases, for tests. Needs NumPy, a C compiler, gcc for
OpenMP, size, nm, ldd and objcopy; the GPU's place is taken by the mock driver. Exits 1 when a library needs more than
libc, when a result is wrong, when a damaged bundle is not refused, or when the runtime is too large. Times are no
reason to fail. See benchmarks/README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

from colt5_model.needs import need

need("numpy")
from .. import ROOT  # noqa: E402
from . import calls, robustness, sizes, speed  # noqa: E402
from .building import Builder, BuildError  # noqa: E402

SECTIONS = {"sizes": sizes, "calls": calls, "speed": speed, "robustness": robustness}


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.processor(), "cores": os.cpu_count(), "load": os.getloadavg()[0],
            "kernel": platform.release(), "libc": " ".join(platform.libc_ver())}


def get_commit():
    done = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def format_report(report):
    machine = report["machine"]
    lines = ["# Embedded artefacts", "",
             f"Commit {report['commit']}, {report['date']}, {machine['cpu']}, {machine['cores']} cores that others use at "
             f"the same time (load {machine['load']:.1f} at the start), {machine['libc']}. `{report['command']}`.", ""]
    for name, data in report["sections"].items():
        lines += SECTIONS[name].format_section(data)
    problems = [problem for data in report["sections"].values() for problem in data["problems"]]
    return "\n".join(lines + ["## Problems", "", *(f"- {problem}" for problem in problems or ["none"]), ""])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", help="folder for embedding.json and embedding.md")
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--only", default=",".join(SECTIONS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--memory-of", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.memory_of:
        return robustness.run_memory_child(*args.memory_of)
    names = args.only.split(",")
    if set(names) - set(SECTIONS):
        parser.error(f"--only: expected some of {','.join(SECTIONS)}, got '{args.only}'")
    words = sys.argv[1:] if arguments is None else arguments
    report = {"command": " ".join(["benchmarks/embedding/measure", *words]), "commit": get_commit(),
              "date": datetime.date.today().isoformat(), "machine": describe_machine(), "sections": {}}
    with tempfile.TemporaryDirectory() as folder:
        builder = Builder(args.build, folder)
        for name in names:
            try:
                report["sections"][name] = SECTIONS[name].measure(builder, args.quick)
            except BuildError as error:
                return f"measure: {name}: {error}"
    text = format_report(report)
    print(text, flush=True)
    if args.out:
        out = pathlib.Path(args.out)
        out.mkdir(parents=True, exist_ok=True)
        (out / "embedding.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf8")
        (out / "embedding.md").write_text(text, encoding="utf8")
    problems = sum(len(data["problems"]) for data in report["sections"].values())
    return f"measure: {problems} problems, see above" if problems else None


if __name__ == "__main__":
    sys.exit(main())
