#!/usr/bin/env python3
"""How long one CoLT5-Base layer (n = 4096) takes to compile for each GPU, stage by stage.

Usage: compile_time.py [--build FOLDER] [--repeat N] [--out FOLDER]
Runs colt5-compile on benchmarks/cpu/base_layer.mlir to PTX alone and to PTX and cubin, and takes medians. Writes
gpu-compile.json and gpu-compile.md to --out. Exits 1 when the compiler fails.
"""
import argparse
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = "benchmarks/cpu/base_layer.mlir"
CHIPS = ("sm_80", "sm_90a")


def measure(compiler, chip, emit, folder):
    """Seconds of one compilation: in all, and of each stage."""
    report = folder / "report.json"
    command = [compiler, ROOT / PROGRAM, f"--target={chip}", f"--emit={emit}", "-o", folder / "layer",
               f"--json={report}"]
    start = time.monotonic()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    seconds = {"all": time.monotonic() - start}
    for stage in json.loads(report.read_text())["stages"]:
        seconds[stage["name"]] = seconds.get(stage["name"], 0) + stage["seconds"]
    return seconds


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "load": os.getloadavg()[0]}


def write_table(report, path):
    machine = report["machine"]
    lines = ["# Compile time of one CoLT5-Base layer for GPUs", "",
             f"n = 4096, f32. Seconds, medians of {report['repeat']}. Commit {report['commit']}, {report['date']}, "
             f"{machine['cpu']}, {machine['cores']} cores, load {machine['load']:.1f} at the start. "
             f"`{report['command']}`.", ""]
    runs = report["runs"]
    stages = [stage for stage in runs[0]["seconds"] if not stage.startswith("emit")]
    lines += ["| chip | to | " + " | ".join(stages) + " |", "|---" * (len(stages) + 2) + "|"]
    for run in runs:
        cells = [f"{run['seconds'][stage]:.2f}" for stage in stages]
        lines.append(f"| {run['chip']} | {run['emit']} | " + " | ".join(cells) + " |")
    path.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "benchmarks" / "results")
    args = parser.parse_args()
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True,
                            check=True).stdout.strip()
    report = {"command": " ".join(["benchmarks/gpu/compile_time.py", *sys.argv[1:]]), "program": PROGRAM,
              "commit": commit, "date": datetime.date.today().isoformat(), "machine": describe_machine(),
              "repeat": args.repeat, "runs": []}
    with tempfile.TemporaryDirectory() as folder:
        for chip in CHIPS:
            for emit in ("ptx", "ptx,cubin"):
                runs = [measure(args.build / "bin" / "colt5-compile", chip, emit, pathlib.Path(folder))
                        for _ in range(args.repeat)]
                medians = {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}
                report["runs"].append({"chip": chip, "emit": emit, "seconds": medians})
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "gpu-compile.json").write_text(json.dumps(report, indent=2) + "\n")
    write_table(report, args.out / "gpu-compile.md")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"compile_time.py: {error}")
