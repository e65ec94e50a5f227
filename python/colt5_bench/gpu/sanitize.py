"""Phase sanitize: compute-sanitizer over the checks of the small artefacts, in processes without PyTorch."""
import pathlib
import re
import shutil
import subprocess
import sys

TOOLS = ("memcheck", "racecheck", "initcheck", "synccheck")
PLACES = ("/usr/local/cuda/bin/compute-sanitizer", "/opt/nvidia/compute-sanitizer/compute-sanitizer")
SHARE = 0.1  # of the time that is left, per tool


def find_sanitizer():
    return shutil.which("compute-sanitizer") or next((p for p in PLACES if pathlib.Path(p).exists()), None)


def sanitize_all(artefacts, args, budget):
    """{tool: {exit, errors, tail}}, or {skipped: why}."""
    program = find_sanitizer()
    if program is None:
        return {"skipped": "compute-sanitizer is not installed"}
    if not any(artefact.case.small for artefact in artefacts):
        return {"skipped": "no small artefact"}
    results = {}
    for tool in TOOLS:
        command = [program, "--tool", tool, "--error-exitcode", "99", sys.executable, "-m", "colt5_bench.gpu.run",
                   "--phase", "check", "--small", "--seed", str(args.seed), "--only", args.only]
        command += ["--archive", args.archive] if args.archive else []
        results[tool] = _run(command, max(20.0, SHARE * budget.left()))
        print(f"{tool}: {results[tool]['verdict']}", flush=True)
    return results


def _run(command, seconds):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return {"verdict": f"not finished in {seconds:.0f} s", "tail": ""}
    text = done.stdout + done.stderr
    errors = re.findall(r"ERROR SUMMARY: (\d+) error|RACECHECK SUMMARY: (\d+) hazard", text)
    counts = [int(a or b) for a, b in errors]
    if "Device not supported" in text or not counts:
        verdict = "the tool does not work here"
    else:
        verdict = "clean" if done.returncode == 0 and sum(counts) == 0 else "errors"
    return {"verdict": verdict, "exit": done.returncode, "errors": sum(counts), "tail": text[-3000:]}
