"""Judges the machine code of GPU kernels without a GPU: what is in their main loops.

Usage: lint.py [--chips CHIPS] [--nvdisasm FILE] [--ratchet FILE [--update]] [--out FOLDER] PROGRAM...

PROGRAM is a .mlir file, compiled for each chip (sm_80, sm_90a) with colt5-compile to a cubin and taken apart with
nvdisasm, or a .sass file, the output of `nvdisasm -c` for sm_80, that is judged as it is. A program counts as one of
16-bit contractions; f32 kernels have no tensor cores to use. Rules, for the innermost loop with the most
multiplications of every kernel above 50 MFLOP:

  tensor   it multiplies on tensor cores
  issue    cycles of the tensor cores >= 1.1 x cycles that issue instructions
  shared   cycles of the tensor cores >= 1.1 x cycles of shared memory (1.0 on sm_90a)
  local    no access to local memory in the whole kernel, of any size

Cycles are those of the documented rates (a model, not a measurement): HMMA.16816 8 per quarter of an SM on sm_80 and 6.4
on sm_90a, an instruction 1 per quarter, LDSM.x4, LDS.128, STS.128 and LDGSTS.128 4 per SM.

The ratchet is a JSON file {"program chip kernel": [rules]} of what fails today. Another failure, and one that has gone,
exit 1; --update writes the file. Exit 2 when something cannot be judged.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
LARGE = 50e6
TENSOR_CYCLES = {"sm_80": 8.0, "sm_90a": 6.4}
SHARED_BOUND = {"sm_80": 1.1, "sm_90a": 1.0}
ISSUE_BOUND = 1.1
QUARTERS = 4
SHARED_CYCLES = {"LDSM": 4, "LDGSTS": 4, "LDS.128": 4, "STS.128": 4, "LDS.64": 2, "STS.64": 2, "LDS": 1, "STS": 1}


def parse(text):
    """Kernels of `nvdisasm -c`: their instructions, and the numbers of instructions that labels stand before."""
    kernels, current = {}, None
    for line in text.splitlines():
        section = re.match(r"\s*\.section\s+\.text\.([\w.$]+)", line)
        if section:
            current = kernels.setdefault(section.group(1), {"instructions": [], "labels": {}})
        elif re.match(r"\s*\.section\s", line):
            current = None
        elif current is not None:
            label = re.match(r"(\.L_\w+):", line)
            instruction = re.match(r"\s*/\*[0-9a-f]+\*/\s+(?:@!?U?P\w+\s+)?([A-Z][\w.]*)\s*(.*)", line)
            if label:
                current["labels"][label.group(1)] = len(current["instructions"])
            elif instruction:
                current["instructions"].append(instruction.groups())
    return kernels


def kind(opcode):
    name = opcode.split(".")[0]
    if name in ("LDS", "STS"):
        for width in ("128", "64"):
            if width in opcode.split("."):
                return f"{name}.{width}"
    return name


def find_loops(kernel):
    """Ranges of instructions that a branch goes back over."""
    loops = set()
    for number, (opcode, operands) in enumerate(kernel["instructions"]):
        target = re.search(r"`\((\.L_\w+)\)", operands)
        if opcode.startswith("BRA") and target and kernel["labels"].get(target.group(1), number + 1) <= number:
            loops.add((kernel["labels"][target.group(1)], number))
    return loops


def find_main_loop(kernel):
    """Counts of the instructions of the loop with the most multiplications, the shortest of several."""
    best = None
    for first, last in find_loops(kernel):
        counts = collections.Counter(kind(opcode) for opcode, _ in kernel["instructions"][first:last + 1])
        key = (counts["HMMA"] + counts["HGMMA"], counts["FFMA"], first - last)
        if best is None or key > best[0]:
            best = (key, counts)
    return best[1] if best else collections.Counter()


def judge(kernel, chip, flops):
    """What the rules say of one kernel."""
    counts = find_main_loop(kernel)
    tensor = counts["HMMA"] * TENSOR_CYCLES[chip] / QUARTERS
    issue = sum(counts.values()) / QUARTERS
    shared = sum(counts[name] * cycles for name, cycles in SHARED_CYCLES.items())
    failed = []
    if flops >= LARGE:
        if not tensor:
            failed.append("tensor")
        if tensor < ISSUE_BOUND * issue:
            failed.append("issue")
        if tensor < SHARED_BOUND[chip] * shared:
            failed.append("shared")
    if any(opcode.split(".")[0] in ("LDL", "STL") for opcode, _ in kernel["instructions"]):
        failed.append("local")
    return {"instructions": sum(counts.values()), "hmma": counts["HMMA"], "tensor_cycles": tensor,
            "issue_cycles": issue, "shared_cycles": shared, "failed": failed}


def fail(message):
    print(f"lint: error: {message}", file=sys.stderr)
    sys.exit(2)


def find_nvdisasm(given):
    places = [given] if given else [shutil.which("nvdisasm"), "/usr/local/cuda/bin/nvdisasm"]
    for place in places:
        if place and os.access(place, os.X_OK):
            return place
    fail("expected nvdisasm on PATH or as --nvdisasm=FILE, found none that can be executed; it is in the CUDA toolkit and in "
         "the package nvidia-cuda-nvdisasm of PyPI")


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        fail(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout


def lint_program(program, chip, compiler, nvdisasm, folder):
    """(kernel, judgement) of every kernel that multiplies or uses local memory."""
    if program.suffix == ".sass":
        kernels, report = parse(program.read_text()), None
    else:
        cubin, json_file = folder / "out.cubin", folder / "report.json"
        run([compiler, program, f"--target={chip}", "--emit=cubin", "-o", cubin, f"--json={json_file}", "--quiet"])
        kernels = parse(run([nvdisasm, "-c", cubin]))
        report = {kernel["name"]: kernel for kernel in json.loads(json_file.read_text())["kernels"]}
    if not kernels:
        fail(f"{program}: expected kernels, found none")
    for name, kernel in sorted(kernels.items()):
        facts = report.get(name, {}) if report is not None else {}
        flops = facts.get("flops", 0) if report is not None else LARGE
        result = judge(kernel, chip, flops)
        if flops >= LARGE or result["failed"]:
            yield name, {**result, "flops": flops, "registers": facts.get("registers")}


def write_table(report, path):
    lines = ["# What is in the main loops of GPU kernels", "",
             "Counts of machine code, and cycles by documented rates: estimates, not measurements. Cycles of an SM per step of the "
             f"loop and warp. Commit {report['commit']}, {report['date']}. `{report['command']}`.", "",
             "| program | chip | kernel | GFLOP | registers | instructions | HMMA | tensor | issue | shared | fails |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for row in report["kernels"]:
        lines.append(f"| {row['program']} | {row['chip']} | {row['kernel']} | {row['flops'] / 1e9:.2f} | {row['registers']} | "
                     f"{row['instructions']} | {row['hmma']} | {row['tensor_cycles']:.0f} | {row['issue_cycles']:.0f} | "
                     f"{row['shared_cycles']:.0f} | {', '.join(row['failed']) or '-'} |")
    path.write_text("\n".join(lines) + "\n")


def compare_with_ratchet(found, path, update):
    known = json.loads(path.read_text()) if path.exists() else {}
    if update:
        path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
        return 0
    errors = 0
    for key in sorted(set(found) | set(known)):
        for rule in sorted(set(found.get(key, [])) - set(known.get(key, []))):
            print(f"{key}: fails '{rule}', which the ratchet does not have")
            errors += 1
        for rule in sorted(set(known.get(key, [])) - set(found.get(key, []))):
            print(f"{key}: does not fail '{rule}' any more; take it out of the ratchet with --update")
            errors += 1
    return errors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", type=pathlib.Path)
    parser.add_argument("--chips", default="sm_80,sm_90a")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--nvdisasm")
    parser.add_argument("--ratchet", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args()
    chips = args.chips.split(",")
    for chip in chips:
        if chip not in TENSOR_CYCLES:
            fail(f"expected chips of {', '.join(TENSOR_CYCLES)}, found '{chip}'")
    if args.update and not args.ratchet:
        fail("expected --ratchet=FILE with --update")
    compiled = any(program.suffix != ".sass" for program in args.programs)
    nvdisasm = find_nvdisasm(args.nvdisasm) if compiled else None
    rows, found = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for program in args.programs:
            for chip in chips if program.suffix != ".sass" else ["sm_80"]:
                for name, result in lint_program(program, chip, args.build / "bin" / "colt5-compile", nvdisasm,
                                                 pathlib.Path(folder)):
                    rows.append({"program": program.name, "chip": chip, "kernel": name, **result})
                    if result["failed"]:
                        found[f"{program.name} {chip} {name}"] = result["failed"]
    for row in rows:
        print(f"{row['program']} {row['chip']} {row['kernel']}: HMMA {row['hmma']} of {row['instructions']}, cycles tensor "
              f"{row['tensor_cycles']:.0f} issue {row['issue_cycles']:.0f} shared {row['shared_cycles']:.0f}: "
              f"{', '.join(row['failed']) or 'passes'}")
    if args.out:
        commit = run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"]).strip()
        report = {"command": " ".join(["benchmarks/gpu/lint", *sys.argv[1:]]), "commit": commit,
                  "date": datetime.date.today().isoformat(), "kernels": rows}
        (args.out / "gpu-lint.json").write_text(json.dumps(report, indent=1) + "\n")
        write_table(report, args.out / "gpu-lint.md")
    if args.ratchet:
        return 1 if compare_with_ratchet(found, args.ratchet, args.update) else 0
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
