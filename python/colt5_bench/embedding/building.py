"""Compiling what is measured: artefacts with colt5-compile, programs with the C compiler."""
import os
import pathlib
import re
import shutil
import subprocess

from .. import ROOT

EXAMPLES = ROOT / "examples"
RUNTIME = ROOT / "lib" / "Runtime"

TRIVIAL = """func.func @f(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %z = linalg.add ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %z : tensor<4x8xf32>
}
"""

def get_version():
    """The version of the compiler, which is part of every bundle."""
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf8")
    return re.search(r"^project\(colt5 VERSION ([\d.]+)", text, re.M).group(1)


def make_table(titles, rows):
    """Lines of Markdown."""
    return [f"| {' | '.join(map(str, cells))} |" for cells in (titles, ["---"] * len(titles), *rows)]


class BuildError(Exception):
    """A compiler refused something; the text is what it printed."""


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise BuildError(f"{' '.join(map(str, command[:3]))} ...: exit {done.returncode}: "
                         f"{(done.stderr or done.stdout).strip()[:2000]}")
    return done.stdout


class Builder:
    """Compiles into `folder` with the tools of a build folder."""

    def __init__(self, build, folder):
        self.build, self.folder = pathlib.Path(build).resolve(), pathlib.Path(folder)
        self.cc = os.environ.get("CC") or next(filter(shutil.which, ("cc", "gcc", "clang-22")), "cc")
        self.openmp_cc = os.environ.get("CC") or "gcc"
        self.mock = self.build / "lib" / "libcolt5-mock-cuda.so"

    def find_ptxas(self):
        return shutil.which("ptxas") or next(iter(pathlib.Path("/usr/local/cuda/bin").glob("ptxas")), None)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf8")
        return path

    def compile(self, source, name, *options, target="cpu", emit="shared", cubins=False):
        """The path of the library lib`name`.so (or of what `emit` names); symbols begin with `name`."""
        out = self.folder / (f"lib{name}.so" if emit in ("shared", "cpu-shared") else name)
        if not cubins and target != "cpu":
            options += (f"--toolkit={self.folder / 'none'}",)
        prefix = [] if emit == "cpu-shared" else [f"--prefix={name}"]
        run([self.build / "bin" / "colt5-compile", source, f"--target={target}", f"--emit={emit}", "--quiet", "-o", out,
             *prefix, *options])
        return out

    def build_program(self, name, *sources, flags=(), compiler=None):
        out = self.folder / name
        run([compiler or self.cc, "-O2", f"-I{ROOT / 'include'}", f"-I{RUNTIME}", *sources, *flags, "-lpthread", "-ldl",
             "-o", out])
        return out

    def extract_bundle(self, artefact):
        out = artefact.with_suffix(".bundle")
        run([shutil.which("llvm-objcopy") or "objcopy", "-O", "binary", "--only-section=colt5_bundle", artefact, out])
        return out
