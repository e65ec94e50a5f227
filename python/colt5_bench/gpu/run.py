"""Checks and times packed GPU functions on a machine with an NVIDIA driver, Python 3, NumPy and PyTorch.

Usage: benchmarks/gpu/run [--archive FILE.tar.xz] [--device cuda|emulator] [--phase check,embed,time,sanitize]
           [--budget SECONDS] [--small] [--only TEXT,...] [--seed N] [--repeat N] [--autotune] [--out FOLDER]
           [--emulator LIBRARY] [--driver LIBRARY]
  check     every artefact on fresh data against float64; without PyTorch only the small ones
  embed     embedded artefacts and the programs of examples/embed-*: values, graphs, threads, errors; times on a GPU
  time      layers and kernels beside PyTorch and Triton, each checked first (cuda with PyTorch)
  sanitize  compute-sanitizer over the check of the small artefacts, where it is installed
Without --archive the artefacts lie in artefacts/ of the unpacked archive whose run this is. JSON and Markdown go to --out
as gpu.json and gpu.md. Exits 1 when an artefact is refused or wrong, or when nothing ran. Times are no reason to fail.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import tarfile
import tempfile
import time

from colt5_model.needs import need

need("numpy")
from .. import ROOT  # noqa: E402
from . import embed, machine, report, sanitize  # noqa: E402
from .artefact import Refused, read_artefact  # noqa: E402
from .check import check_program  # noqa: E402
from .device import DeviceError, open_device  # noqa: E402

PHASES = ("check", "embed", "sanitize", "time")


class Budget:
    """Seconds that are left of --budget."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return self.end - time.monotonic()


def find_artefacts(args, folder):
    """(the folder, artefacts, {name: why it was refused}, {name: why it was not packed})."""
    root = ROOT / "artefacts"
    if args.archive:
        with tarfile.open(args.archive) as archive:
            archive.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(folder)
        root = pathlib.Path(folder) / "colt5-gpu" / "artefacts"
    wanted = [text for text in args.only.split(",") if text]
    artefacts, refused = [], {}
    for path in sorted(root.glob("*/manifest.json")):
        name = path.parent.name
        if wanted and not any(text in name for text in wanted):
            continue
        try:
            artefact = read_artefact(path.parent)
        except Refused as error:
            refused[name] = str(error)
            print(f"refused: {error}", flush=True)
            continue
        if artefact.case.small or not args.small:
            artefacts.append(artefact)
    missing = root / "missing.json"
    return root.parent, artefacts, refused, json.loads(missing.read_text(encoding="utf8")) if missing.exists() else {}


def has_torch():
    try:
        import torch
        return torch.cuda.is_available()
    except ImportError:
        return False


def choose(artefacts, device):
    """The artefacts that run on the device, and {name: why not} of the others."""
    reasons = {artefact.name: device.accepts(artefact) for artefact in artefacts}
    return [a for a in artefacts if reasons[a.name] is None], {n: r for n, r in reasons.items() if r is not None}


def check_all(artefacts, device, args, budget, torch_here):
    """Results of the check phase; the large artefacts are compared with PyTorch in float64."""
    results, skipped = [], {}
    for artefact in sorted(artefacts, key=lambda a: (not a.case.small, a.inputs[0].bytes, a.name)):
        if budget.left() < 0:
            skipped[artefact.name] = "the time budget was used up"
            continue
        if not artefact.case.small and not torch_here:
            skipped[artefact.name] = "large, and no PyTorch with CUDA for its reference"
            continue
        try:
            if artefact.case.small:
                result = check_program(artefact, device, args.seed)
            else:
                from .bench import check_large
                result = check_large(artefact, device, args.seed)
        except DeviceError as error:
            result = {"name": artefact.name, "chip": artefact.chip, "reasons": [str(error)], "errors": {}}
        results.append(result)
        for reason in result["reasons"]:
            print(f"wrong: {artefact.name}: {reason}", flush=True)
    return results, skipped


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive")
    parser.add_argument("--device", choices=("cuda", "emulator"), default="cuda")
    parser.add_argument("--phase", default=",".join(PHASES))
    parser.add_argument("--budget", type=float, default=540, help="seconds for everything")
    parser.add_argument("--small", action="store_true", help="the small artefacts only")
    parser.add_argument("--only", default="", help="artefacts whose name contains one of these texts")
    parser.add_argument("--seed", type=int, help="of the data; default: a new one")
    parser.add_argument("--repeat", type=int, default=200, help="timed runs per contender, at least")
    parser.add_argument("--autotune", action="store_true", help="torch.compile with max-autotune: takes minutes")
    parser.add_argument("--out", help="folder for gpu.json and gpu.md")
    parser.add_argument("--emulator", help="libcolt5-test-emulator-device.so")
    parser.add_argument("--driver", help="the driver's library instead of libcuda.so.1; for embed on the emulator, "
                        "libcolt5-test-emulated-cuda.so")
    args = parser.parse_args()
    phases = args.phase.split(",")
    if set(phases) - set(PHASES):
        parser.error(f"--phase: expected some of {','.join(PHASES)}, got '{args.phase}'")
    args.seed = int.from_bytes(os.urandom(4), "little") if args.seed is None else args.seed
    budget, folder = Budget(args.budget), tempfile.mkdtemp()
    try:
        root, found, refused, missing = find_artefacts(args, folder)
        torch_here = args.device == "cuda" and not args.small and not args.driver and has_torch()
        # The emulator of the phase embed is a driver in processes of their own.
        device = open_device(args.device, emulator=args.emulator, driver=args.driver, seed=args.seed) \
            if args.device == "cuda" or phases != ["embed"] else None
        artefacts, foreign = choose(found, device) if device else ([], {})
        described = device.describe() if device else {"device": args.device}
        data = {"command": " ".join(["benchmarks/gpu/run", *sys.argv[1:]]), "seed": args.seed, "phases": phases,
                "device": described, "machine": machine.describe_machine(), "missing": missing, "refused": refused,
                "foreign": foreign,
                "artefacts": {a.name: {"commit": a.commit, "compile_seconds": a.compile_seconds, "flops": a.flops,
                                       "bytes": a.bytes, "kernels": len(a.kernels)} for a in artefacts}}
        wrong = set()
        if "check" in phases:
            data["check"], data["check_skipped"] = check_all(artefacts, device, args, budget, torch_here)
            wrong = {result["name"] for result in data["check"] if result["reasons"]}
        if "embed" in phases:
            data["embed"] = embed.run_phase(root, args, budget, args.device == "cuda" and not args.driver and has_torch())
        if "sanitize" in phases:
            data["sanitize"] = sanitize.sanitize_all(artefacts, args, budget) if args.device == "cuda" else \
                {"skipped": "the emulator checks memory, races and barriers itself"}
        if "time" in phases:
            data["time"] = {"skipped": "expected --device=cuda, PyTorch with CUDA and no --small"}
            if torch_here:
                from .bench import time_all
                right = [artefact for artefact in artefacts if artefact.name not in wrong]
                data["time"] = time_all(right, device, args, budget)
    except DeviceError as error:
        return f"run: {error}"
    finally:
        shutil.rmtree(folder)
    return report.finish(data, args.out)


if __name__ == "__main__":
    sys.exit(main())
