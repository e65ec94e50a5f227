"""The page that follows one example through every stage of a GPU target down to PTX (see scripts/generate-docs)."""
import pathlib
import re
import subprocess
import tempfile

EXAMPLE = "examples/router_gather_ffn.mlir"
FUNCTION = "routed_ffn"
TARGET = "sm_90a"


def block_at(text, start):
    """The lines from the one around `start` to the one after which its braces are closed again."""
    first = text.rfind("\n", 0, start) + 1
    lines, depth, opened = [], 0, False
    for line in text[first:].split("\n"):
        lines.append(line)
        depth += line.count("{") - line.count("}")
        opened = opened or depth > 0
        if opened and depth <= 0:
            break
    return "\n".join(lines)


def shorten(text, lines=60, width=150):
    """What fits a page; every cut is marked."""
    kept = [line if len(line) <= width else line[:width - 4] + " ..." for line in text.strip("\n").split("\n")]
    indent = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
    kept = [line[indent:].rstrip() for line in kept]
    if len(kept) > lines:
        kept = kept[:lines] + [f"... ({len(kept) - lines} more lines)"]
    return "\n".join(kept)


def plan_of(loop):
    """The kernel number in the plan after a loop."""
    match = re.search(r"#colt5\.plan<kernel = (\d+)", loop.rsplit("\n", 1)[-1])
    return match and match.group(1)


def find_loop(text, plan):
    """Position and text of the mapped forall with this kernel number in its plan."""
    for match in re.finditer(r"scf\.forall ", text):
        loop = block_at(text, match.start())
        if plan_of(loop) == plan:
            return match.start(), loop
    raise RuntimeError(f"no loop of kernel {plan}")


def compile_stages(root, build):
    """(module text by stage, PTX)."""
    with tempfile.TemporaryDirectory() as folder:
        ptx = pathlib.Path(folder) / "code.ptx"
        # A path relative to the root, so that nothing in the output depends on where the repository lies.
        command = [build.resolve() / "bin/colt5-compile", EXAMPLE, f"--target={TARGET}", "--emit=ptx", "-o", ptx,
                   "--quiet", f"--dump-stages={folder}"]
        subprocess.run([str(part) for part in command], check=True, cwd=root)
        dumps = {path.name.split(".")[1]: path.read_text() for path in pathlib.Path(folder, TARGET).iterdir()}
        return dumps, ptx.read_text()


def gpu_stages_page(root, build):
    stages, ptx = compile_stages(root, build)
    loops = [block_at(stages["tile"], match.start()) for match in re.finditer(r"scf\.forall ", stages["tile"])]
    gathering = next(loop for loop in loops if "colt5.gather" in loop)
    plan = plan_of(gathering)
    start, lowered = find_loop(stages["lower"], plan)
    host = stages["lower"].index(f"func.func @{FUNCTION}(")
    # Kernels are numbered in the order of the host function, copies included.
    number = len(re.findall(r"scf\.forall .*\bin \(|scf\.forall .*= \(|colt5\.kernel ", stages["lower"][host:start]))
    kernel = f"{FUNCTION}_kernel{number}"
    gpu, nvvm, tiled = stages["gpu"], stages["nvvm"], stages["tile"]
    launch = re.search(rf".*gpu\.launch_func +@colt5_kernels::@{kernel} .*", gpu).group(0).strip()
    sections = [
        ("input", "mlir", (root / EXAMPLE).read_text(), "What the user writes."),
        ("decompose", "mlir", stages["decompose"],
         "The feed-forward branch is one contraction with two results, the gate, and the down contraction."),
        ("plan", "mlir", stages["plan"],
         "Every op knows its kernel. Selections belong to the family `select`, which writes whole kernels, all others to `simt`."),
        ("tile: a whole kernel", "mlir", block_at(tiled, tiled.index("colt5.kernel ")),
         "The family `select` has claimed the selection. It writes the code in stage `gpu`; the region says what it computes."),
        ("tile: a loop", "mlir", gathering,
         "From here on the kernel that gathers: one iteration is the tile of one thread block."),
        ("bufferize", "mlir", find_loop(stages["bufferize"], plan)[1], "Tensors are slices of one workspace."),
        ("lower", "mlir", lowered, "The threads of the block share the elements."),
        ("gpu", "mlir", block_at(gpu, gpu.index(f"gpu.func @{kernel}(")) + "\n" + launch,
         "The kernel as a function, and its launch in the host code."),
        ("nvvm", "mlir", block_at(nvvm, nvvm.index(f"llvm.func @{kernel}(")),
         "What the emulator runs and what becomes PTX."),
        ("PTX", "", block_at(ptx, ptx.index(f".entry {kernel}(")),
         f"What `colt5-compile --target={TARGET} --emit=ptx` writes for it."),
    ]
    text = (f"# A router, a gather and a feed-forward branch on a GPU, stage by stage\n\n`{EXAMPLE}` compiled for "
            f"{TARGET}. All of it: `colt5-compile {EXAMPLE} --target={TARGET} --dump-stages=DIR`.\n")
    for title, language, body, comment in sections:
        text += f"\n## {title}\n\n{comment}\n\n```{language}\n{shorten(body)}\n```\n"
    return text
