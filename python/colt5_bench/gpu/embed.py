"""Phase embed: packed artefacts and programs that embed them, each in a process of its own."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from .embed_packing import FOLDER

CHIP = "sm_90a"  # that the emulator is
CLEAN = re.compile(r"\d+ launches, 0 objects left, misuse: none")
PROCESS_LIMIT = 180  # seconds
THREADS, STREAMS = 16, 4  # streams per thread
NO_DRIVER = "/no/driver/here"


class EmbedRun:
    """What all processes of the phase share."""

    def __init__(self, root, args, budget):
        self.root, self.args, self.budget = pathlib.Path(root) / FOLDER, args, budget
        self.emulated = args.device == "emulator"
        wanted = [text for text in args.only.split(",") if text]
        self.folders, self.refused = [], {}
        for path in sorted(self.root.glob("*/manifest.json")):
            if not wanted or any(text in path.parent.name for text in wanted):
                self._find(path.parent)

    def _find(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
        for name, digest in manifest["files"].items():
            if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                self.refused[folder.name] = f"{folder / name}: its sha256 is not the one in the manifest"
                return
        self.folders.append((folder, manifest))

    def run(self, command, source=None, folder=None, **more):
        """(exit status, output, reasons). `source` is what the emulator has to execute, None without a GPU."""
        with tempfile.TemporaryDirectory() as scratch:
            report = pathlib.Path(scratch) / "report"
            environment = dict(os.environ)
            if self.emulated and source:
                environment.update(COLT5_MOCK_REPORT=str(report), COLT5_EMULATED_SOURCE=str(source),
                                   COLT5_EMULATED_CHIP=CHIP)
            # Nothing that an earlier process compiled.
            environment = {"CUDA_CACHE_PATH": os.path.join(scratch, "cache"), **environment, **more}
            try:
                done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder,
                                      errors="replace", timeout=min(max(self.budget.left(), 1), PROCESS_LIMIT))
            except subprocess.TimeoutExpired as error:
                return None, "", [f"not finished in {error.timeout:.0f} s"]
            except OSError as error:
                return None, "", [str(error)]
            reasons = []
            if done.returncode:
                reasons.append(f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
            elif self.emulated and source:
                said = report.read_text(encoding="utf8").strip() if report.exists() else "nothing"
                reasons += [] if CLEAN.search(said) else [f"the driver says: {said}"]
            return done.returncode, done.stdout + done.stderr, reasons


def run_artefact(phase, folder, settings, mode, **environment):
    """The answer of embed_check with `reasons`."""
    whole = json.dumps({**settings, "folder": str(folder), "mode": mode})
    command = [sys.executable, "-m", "colt5_bench.gpu.embed_check", whole]
    status, text, reasons = phase.run(command, folder / "f.mlir", **environment)
    # After a fault the mock counts what could not be released.
    if status != 0 or (reasons and mode != "fault"):
        return {"reasons": reasons}
    answer = next((line for line in text.splitlines() if line.startswith("{")), None)
    return json.loads(answer) if answer else {"reasons": [f"expected a line of JSON, got {text.strip()[-300:]!r}"]}


def check_artefacts(phase, settings, torch_here):
    results, skipped = [], {}
    for folder, manifest in phase.folders:
        if manifest["kind"] in ("program", "calls"):
            continue
        name = manifest["name"]
        if not manifest["small"] and (phase.emulated or phase.args.small):
            skipped[name] = "large"
        elif phase.budget.left() < 5:
            skipped[name] = "the time budget was used up"
        else:
            own = {**settings, "torch": torch_here}
            result = {"name": name, **run_artefact(phase, folder, own, "check")}
            fault = run_artefact(phase, folder, own, "fault") if manifest["kind"] == "norm" else {"reasons": []}
            result["reasons"] = result["reasons"] + [f"fault: {reason}" for reason in fault["reasons"]]
            results.append(result)
    return results, skipped


def check_program(phase, folder, manifest, driver):
    """One program on the device and without a driver; a build here first, where libc is too old for the packed one."""
    command = [sys.executable if word == "python3" else word for word in manifest["command"]]
    result = {"name": manifest["name"], "needs": manifest["needs"], "reasons": []}
    for place, library in (("device", driver), ("cpu", NO_DRIVER)):
        whole, source = command + ([library] if library else []), folder / manifest["source"] if place == "device" else None
        status, text, reasons = phase.run(whole, source, folder)
        if status and "GLIBC" in text and manifest["build"]:
            tool = shutil.which(manifest["build"][0]) or shutil.which("g++" if manifest["build"][0] == "c++" else "gcc")
            if not tool:
                return {**result, "skipped": f"it needs {manifest['needs']}, and no compiler is here to build it"}
            result["reasons"] += phase.run([tool, *manifest["build"][1:]], None, folder)[2]
            result["rebuilt"] = True
            status, text, reasons = phase.run(whole, source, folder)
        wanted = ["runs on sm_" if place == "device" else "runs on cpu", *manifest["expects"]]
        if place == "cpu":
            wanted = [line for line in wanted if "graph" not in line]
        reasons = reasons + [f"expected the line '{line}', got {text.strip()[-300:]!r}" for line in wanted
                             if line not in text and status == 0]
        result["reasons"] += [f"{place}: {reason}" for reason in reasons]
        result[place] = text.strip().splitlines()
    return result


def measure_times(phase, settings):
    """{loading, runs, calls} on a real driver; what went wrong has `reasons`."""
    times = {"artefacts": {}, "calls": {}}
    for folder, manifest in phase.folders:
        large = phase.args.small and not manifest.get("small", True)
        if manifest["kind"] == "program" or large or phase.budget.left() < 5:
            continue
        if manifest["kind"] == "calls":
            driver = settings["driver"] or "libcuda.so.1"
            libraries = [str(folder / f"lib{name}.so") for name in ("static", "named")]
            status, text, reasons = phase.run(["./calls", driver, "15", "4000", *libraries], None, folder)
            times["calls"] = {"reasons": reasons} if status else {
                words[0]: sorted(map(float, words[1:])) for words in map(str.split, text.splitlines())}
            continue
        rows = {f"{manifest['code']}, as packed": run_artefact(phase, folder, {**settings, "runs": True}, "time")}
        with tempfile.TemporaryDirectory() as cache:
            for name in ("PTX, cold cache", "PTX, warm cache"):
                own = {**settings, "library": "libptx.so"}
                rows[name] = run_artefact(phase, folder, own, "time", CUDA_CACHE_PATH=cache)
        times["artefacts"][manifest["name"]] = rows
    return times


def run_phase(root, args, budget, torch_here):
    """The phase embed: {artefacts, programs, times, skipped, refused}."""
    if args.device == "emulator" and not args.driver:
        return {"skipped": "expected --driver=libcolt5-test-emulated-cuda.so for the emulator"}
    phase = EmbedRun(root, args, budget)
    if not phase.folders and not phase.refused:
        return {"skipped": "no embedded artefact of this name in the archive (pack --parts embed)"}
    # Programs run in their own folders.
    driver = os.path.abspath(args.driver) if args.driver and os.path.exists(args.driver) else args.driver
    settings = {"driver": driver, "seed": args.seed, "threads": THREADS, "streams": STREAMS, "torch": False}
    programs = [check_program(phase, folder, manifest, driver) for folder, manifest in phase.folders
                if manifest["kind"] == "program"]
    artefacts, skipped = check_artefacts(phase, settings, torch_here)
    result = {"commits": sorted({manifest["commit"] for _, manifest in phase.folders}), "artefacts": artefacts,
              "programs": programs, "refused": phase.refused, "not_checked": skipped,
              "threads": THREADS, "streams": STREAMS, "torch": torch_here}
    if not phase.emulated:
        result["times"] = measure_times(phase, settings)
    for one in programs + artefacts:
        for reason in one["reasons"]:
            print(f"wrong: {one['name']}: {reason}", flush=True)
    return result
