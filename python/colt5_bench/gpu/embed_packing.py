"""Packs embedded artefacts (--emit=shared for CPU and GPUs) and the programs of examples/embed-*, for embed.py."""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import time

from .. import ROOT
from .embed_programs import make_gather, make_wide_function
from .packing import CompileError
from .programs import Tensor, make_program
from .suite import read_suite

TARGETS = "cpu,sm_80,sm_90a"
FOLDER = "embedded"
SMALL_LAYER, LARGE_LAYERS = "layer_tiny_64_f32", ("layer_base_4096_f32", "layer_base_4096_bf16")
NORM = [Tensor("x", (33, 32), "f32", "normal"), Tensor("gain", (32,), "f32", "near_one")]
GATHER = [Tensor("x", (1, 64, 32), "f32", "normal"), Tensor("idx", (1, 16), "i32", "subset:64")]


def _run(command, folder=None):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600, cwd=folder)
    except OSError as error:
        raise CompileError(str(error)) from error
    if done.returncode:
        raise CompileError(f"{pathlib.Path(command[0]).name}: exit {done.returncode}: {done.stderr.strip()[:500]}")
    return done.stdout


def _digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"}


def find_needs(path):
    """The oldest glibc and libstdc++ that a program or library runs on, by the versions of its symbols."""
    text, needs = _run(["objdump", "-T", path]), []
    for name in ("GLIBC", "GLIBCXX"):
        versions = [tuple(map(int, version.split("."))) for version in re.findall(rf"\b{name}_([\d.]+)", text)]
        needs += [f"{name}_{'.'.join(map(str, max(versions)))}"] if versions else []
    return " and ".join(needs)


class EmbedPacker:
    """Writes folders with a manifest.json each to `root`/embedded."""

    def __init__(self, root, tools, commit, gpu_images):
        self.root, self.commit = pathlib.Path(root) / FOLDER, commit
        self.compiler = pathlib.Path(tools).resolve() / "colt5-compile"
        # Without an assembler PTX is all there is.
        self.images = ["--ptx-fallback"] if "cubin" in gpu_images else ["--toolkit=/nonexistent"]

    def compile(self, source, out, emit, *options, images=None):
        images = self.images if images is None else images
        _run([self.compiler, source, f"--target={TARGETS}", f"--emit={emit}", "--quiet", *images, *options, "-o", out])

    def _write(self, folder, **values):
        values = {"name": folder.name, "commit": self.commit, **values, "files": _digests(folder)}
        (folder / "manifest.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf8")

    def pack_artefact(self, name, kind, text, inputs, case=None, small=True):
        folder = self.root / name
        folder.mkdir(parents=True)
        (folder / "f.mlir").write_text(text, encoding="utf8")
        start, library = time.perf_counter(), folder / "libf.so"
        self.compile(folder / "f.mlir", library, "shared")
        seconds = time.perf_counter() - start
        # What the driver compiles, to time that; the other one holds cubins where the assembler is.
        self.compile(folder / "f.mlir", folder / "libptx.so", "shared", "--toolkit=/nonexistent", images=())
        code = "cubin" if "cubin of target" in _run([self.compiler, "--inspect", library]) else "PTX"
        self._write(folder, kind=kind, small=small, case=case.to_json() if case else None, needs=find_needs(library),
                    inputs=[tensor.to_json() for tensor in inputs], compile_seconds=seconds, code=code)

    def pack_artefacts(self, small):
        norm = (ROOT / "examples/embed-c/norm.mlir").read_text(encoding="utf8")
        self.pack_artefact("norm", "norm", norm.replace("@norm", "@f"), NORM)
        self.pack_artefact("gather", "gather", make_gather(64, 16, 32), GATHER)
        for case in read_suite():
            if case.name == SMALL_LAYER or (case.name in LARGE_LAYERS and not small):
                program = make_program(case)
                self.pack_artefact(case.name, "layer", program.text, program.inputs, case, small=case.small)

    def pack_program(self, name, source, build, command, expects, emit="obj,header", library="layer"):
        """A program of examples/`name`: built here, and with what building it elsewhere needs."""
        folder = self.root / name
        shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("CMakeLists.txt", "Makefile",
                                                                                        "__pycache__"))
        self.compile(folder / source, folder / (library if emit != "shared" else f"lib{library}.so"), emit)
        if build:
            _run(build, folder)
        needs = find_needs(folder / (build[-1] if build else f"lib{library}.so"))
        self._write(folder, kind="program", source=source, build=build, command=command, expects=expects, needs=needs)

    def pack_programs(self):
        self.pack_program("embed-c", "norm.mlir", ["cc", "-O2", "main.c", "norm.o", "-lpthread", "-ldl", "-o", "normalize"],
                          ["./normalize"], ["1.000 -1.000"], library="norm")
        self.pack_program("embed-cpp", "layer.mlir", ["c++", "-std=c++17", "-O2", "main.cpp", "layer.o", "-lpthread",
                                                      "-ldl", "-o", "threads"], ["./threads"],
                          ["4 threads: largest difference from the CPU", "a graph computes the same"])
        self.pack_program("embed-python", "layer.mlir", [], ["python3", "main.py", "liblayer.so"],
                          ["NumPy: agrees", "refused: COLT5_BAD_SIZE"], emit="shared")

    def pack_calls(self):
        """The program that times calls, with its two functions of 20 tensors."""
        folder = self.root / "calls"
        folder.mkdir()
        shutil.copy2(ROOT / "benchmarks/embedding/calls.c", folder / "calls.c")
        shutil.copytree(ROOT / "include/colt5-abi", folder / "colt5-abi")
        for name in ("static", "named"):
            (folder / f"{name}.mlir").write_text(make_wide_function(name == "named"), encoding="utf8")
            self.compile(folder / f"{name}.mlir", folder / f"lib{name}.so", "shared")
        build = ["cc", "-O2", "-I.", "calls.c", "-ldl", "-o", "calls"]
        _run(build, folder)
        self._write(folder, kind="calls", build=build, needs=find_needs(folder / "calls"))
