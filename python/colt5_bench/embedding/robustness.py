"""How often a damaged bundle is refused, and the memory that a run takes beyond what the caller gave it."""
import json
import re
import sys

import numpy as np

from ..gpu.data import make_inputs
from ..gpu.embedded import ON_HOST, Call, Embedded
from ..gpu.programs import make_program
from ..gpu.suite import read_suite
from .building import EXAMPLES, ROOT, RUNTIME, get_version, make_table, run

CONTROL_KIB = 4096
KINDS = ("header bits", "random bits", "truncated")


def measure_refusals(builder):
    """{kind: (refused, tried)} of damaged bundles, and problems."""
    base = builder.compile(EXAMPLES / "embed-c" / "norm.mlir", "damaged", target="cpu,sm_80,sm_90a", emit="obj,header")
    program = builder.build_program("flip", ROOT / "test/lib/Runtime/FlipBundle.c", *sorted(RUNTIME.glob("*.c")))
    text = run([program, builder.extract_bundle(base.with_name("damaged.o")), get_version()])
    lines = re.findall(r"^([a-z ]+): (\d+) of (\d+) refused", text, re.M)
    counts = {kind: [int(refused), int(total)] for kind, refused, total in lines}
    problems = ["refusals: expected the intact bundle to pass, it did not"] if counts["intact"][0] else []
    problems += [f"refusals: {kind}: expected all of {total} to be refused, {refused} were"
                 for kind, (refused, total) in counts.items() if kind in KINDS and refused != total]
    return {kind: counts[kind] for kind in KINDS}, problems


def measure_memory(builder, quick):
    """(rows, problems): KiB that the peak of a process grows while it runs, the caller's memory touched before."""
    model, n = ("tiny", 64) if quick else ("base", 4096)
    case = next(c for c in read_suite() if c.kind == "layer" and (c.model, c.n, c.type) == (model, n, "f32"))
    library = builder.compile(builder.write("memory.mlir", make_program(case).text), "memory")
    rows, problems = [], []
    for threads in (1, 2):
        text = run([sys.executable, "-m", "colt5_bench.embedding.measure", "--memory-of", library, threads, case.name])
        rows.append({"case": case.name, "threads": threads, **json.loads(text)})
        if rows[-1].pop("control_kib") < CONTROL_KIB:
            problems.append(f"memory, {threads} threads: expected the peak to show {CONTROL_KIB} KiB more, it did not")
    return rows, problems


def _read_peak():
    """The peak of resident memory of this process in KiB, since clear_refs."""
    with open("/proc/self/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmHWM:")).split()[1])


def run_memory_child(library, threads, name):
    """In a process of its own: prints what the peak of its memory grew by in the first runs."""
    case = next(c for c in read_suite() if c.name == name)
    inputs = make_inputs(make_program(case).inputs, 7)
    artefact = Embedded(library, device_kind=ON_HOST, num_threads=int(threads))
    call = Call(artefact, artefact.name_inputs(inputs))
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")  # the peak starts again from what is resident now
    before = _read_peak()
    for _ in range(2):
        artefact.check(call.start())
    after = _read_peak()
    control = np.ones(2 * CONTROL_KIB << 10, np.uint8)
    more = _read_peak() - after
    print(json.dumps({"grown_kib": after - before, "workspace_bytes": call.workspace_bytes,
                      "control_kib": more if control.all() else 0, "tensor_bytes": sum(a.nbytes for a in inputs)}))


def measure(builder, quick):
    counts, problems = measure_refusals(builder)
    rows, wrong = measure_memory(builder, quick)
    return {"refusals": counts, "memory": rows, "problems": problems + wrong}


def format_section(data):
    lines = ["## Damage", "", "Bundles that were refused, of those that were damaged (`test/lib/Runtime/FlipBundle.c`, `norm` "
             "for cpu, sm_80, sm_90a).", ""]
    lines += make_table(("damage", "refused", "of"), ((kind, *counts) for kind, counts in data["refusals"].items()))
    lines += ["", "## Memory", "", "What the peak of a process grew by in its first two runs on the CPU, above inputs, outputs "
              f"and workspace (one process each; that {CONTROL_KIB} KiB more would be seen is checked).", ""]
    lines += make_table(("case", "threads", "grown KiB", "workspace bytes", "input bytes"),
                        ([row[key] for key in ("case", "threads", "grown_kib", "workspace_bytes", "tensor_bytes")]
                         for row in data["memory"]))
    return lines + [""]
