"""Compiles the suite and writes one archive with all that benchmarks/gpu/run needs on a machine without a compiler.

Usage: benchmarks/gpu/pack -o FILE.tar.xz [--chips sm_90a,...] [--only TEXT,...] [--small] [--tools FOLDER] [--emulator]
            [--images ptx,cubin|none] [--parts kernels,embed] [--allow-missing]
The archive holds one folder with run, its packages, artefacts/NAME@CHIP, and embedded/NAME: artefacts with their own
runtime, and the programs of examples/embed-*, which a C and a C++ compiler build. Unpacked there: `./run`. `--emulator` adds the modules for run --device=emulator; `--images none` leaves out PTX and cubin.
Exits 1 when a program does not compile (unless --allow-missing) or the archive is larger than --limit MB.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

from colt5_model.needs import need

need("numpy")
from .. import ROOT  # noqa: E402
from . import suite as suites  # noqa: E402
from .embed_packing import FOLDER as FOLDER_EMBEDDED  # noqa: E402
from .embed_packing import EmbedPacker  # noqa: E402
from .packing import CompileError, pack_case  # noqa: E402

FOLDER = "colt5-gpu"
# The packages that run imports, and what of them only other programs and tests need.
PACKAGES = {"colt5": (), "colt5_model": ("checks", "selftest.py"), "colt5_bench": ("cpu", "embedding")}
RUN = """#!/bin/sh
# As benchmarks/gpu/run in the repository.
exec "$(dirname "$0")/scripts/python" -m colt5_bench.gpu.run "$@"
"""


def copy_programs(folder):
    """What run needs besides artefacts, where it lies in the repository."""
    for name, others in PACKAGES.items():
        shutil.copytree(ROOT / "python" / name, folder / "python" / name,
                        ignore=shutil.ignore_patterns("__pycache__", *others))
    (folder / "scripts").mkdir()
    shutil.copy2(ROOT / "scripts" / "python", folder / "scripts" / "python")
    (folder / "run").write_text(RUN, encoding="utf8")
    (folder / "run").chmod(0o755)


def get_commit():
    done = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() or "unknown"


def pack_all(cases, folder, args):
    """Artefacts of all cases and chips; returns {name: why it does not compile}."""
    missing, commit = {}, get_commit()
    images = () if args.images == "none" else tuple(args.images.split(","))
    for chip in args.chips.split(","):
        for case in cases:
            name = f"{case.name}@{chip}"
            try:
                pack_case(case, folder / name, tools=args.tools, chip=chip, commit=commit, images=images,
                          emulator=args.emulator)
            except CompileError as error:
                missing[name] = str(error)
                shutil.rmtree(folder / name)
                print(f"missing: {name}: {error}", flush=True)
    (folder / "missing.json").write_text(json.dumps(missing, indent=1) + "\n", encoding="utf8")
    return missing


def pack_embedded(root, args):
    """Embedded artefacts and programs; returns how many."""
    packer = EmbedPacker(root, args.tools, get_commit(), args.images)
    packer.pack_artefacts(args.small)
    packer.pack_programs()
    packer.pack_calls()
    return len(list((root / FOLDER_EMBEDDED).iterdir()))


def normalise(member):
    """Same content, same archive."""
    member.mtime, member.uid, member.gid, member.uname, member.gname = 0, 0, 0, "", ""
    return member


def main():
    parser = argparse.ArgumentParser(prog="pack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", dest="out", required=True, help="the archive, .tar.xz")
    parser.add_argument("--suite", default=str(suites.SUITE))
    parser.add_argument("--chips", default="sm_90a")
    parser.add_argument("--only", default="", help="pack the programs whose name contains one of these texts")
    parser.add_argument("--small", action="store_true", help="pack the small programs only")
    parser.add_argument("--tools", default=str(ROOT / "build" / "bin"))
    parser.add_argument("--emulator", action="store_true")
    parser.add_argument("--images", default="ptx,cubin", help="what a GPU loads: ptx, cubin, both, or none")
    parser.add_argument("--allow-missing", action="store_true")
    parser.add_argument("--parts", default="kernels,embed", help="what is packed: the suite's kernels, embedded artefacts")
    parser.add_argument("--limit", type=float, default=60, help="MB the archive may have")
    args = parser.parse_args()
    parts = args.parts.split(",")
    if set(parts) - {"kernels", "embed"}:
        parser.error(f"--parts: expected kernels, embed or both, got '{args.parts}'")
    wanted = [text for text in args.only.split(",") if text]
    cases = [case for case in suites.read_suite(args.suite)
             if (case.small or not args.small) and (not wanted or any(text in case.name for text in wanted))]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / FOLDER
        (root / "artefacts").mkdir(parents=True)
        copy_programs(root)
        cases = cases if "kernels" in parts else []
        missing = pack_all(cases, root / "artefacts", args)
        embedded = 0
        if "embed" in parts:
            try:
                embedded = pack_embedded(root, args)
            except CompileError as error:
                return f"embedded: {error}"
        with tarfile.open(args.out, "w:xz") as archive:
            for path in sorted(root.rglob("*")):
                archive.add(path, path.relative_to(folder), recursive=False, filter=normalise)
    size, packed = pathlib.Path(args.out).stat().st_size / 1e6, len(cases) * len(args.chips.split(",")) - len(missing)
    print(f"{args.out}: {packed} artefacts, {len(missing)} missing, {embedded} embedded, {size:.2f} MB", flush=True)
    if not packed and not embedded:
        return "no program was packed"
    if missing and not args.allow_missing:
        return f"{len(missing)} programs do not compile"
    return f"expected at most {args.limit:g} MB, got {size:.1f}" if size > args.limit else None


if __name__ == "__main__":
    sys.exit(main())
