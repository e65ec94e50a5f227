"""How large artefacts are and what they need of the system."""
import pathlib
import re

from .building import EXAMPLES, TRIVIAL, make_table, run

ALLOWED = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "ld-linux-x86-64.so.2", "linux-vdso.so.1"}
RUNTIME_LIMIT = 150 * 1024  # bytes of text, data and bss of an artefact whose function does next to nothing
TARGETS = ("cpu", "cpu,sm_80", "cpu,sm_80,sm_90a")


def list_libraries(path):
    """{name: path or None} of what ldd says a library needs."""
    libraries = {}
    for line in run(["ldd", path]).splitlines():
        match = re.match(r"\s*(\S+?)(?: => (\S+))? \(0x", line)
        if match:
            libraries[pathlib.Path(match.group(1)).name] = match.group(2) or match.group(1)
        elif "not found" in line:
            libraries[line.split()[0]] = None
    return libraries


def _symbols(path, kind):
    return [line.split() for line in run(["nm", "-D", f"--{kind}-only", path]).splitlines()]


def check_libraries(path):
    """({library: [symbols]} that `path` takes from elsewhere, problems). Weak symbols that nobody has are 'weak'."""
    libraries, needed = list_libraries(path), {}
    problems = [f"{path.name}: expected libraries {', '.join(sorted(ALLOWED))} only, found {name}"
                for name in sorted(set(libraries) - ALLOWED)]
    defined = {}
    for name, place in libraries.items():
        if place and pathlib.Path(place).exists():
            defined.update({words[-1].split("@")[0]: name for words in _symbols(place, "defined")})
    for kind, symbol in (words[-2:] for words in _symbols(path, "undefined")):
        symbol = symbol.split("@")[0]
        owner = defined.get(symbol, "weak" if kind == "w" else None)
        if owner is None:
            problems.append(f"{path.name}: no library has its symbol {symbol}")
        else:
            needed.setdefault(owner, []).append(symbol)
    return {name: sorted(symbols) for name, symbols in sorted(needed.items())}, problems


def measure_one(builder, source, name, target, cubins):
    """One row: bytes of the three files, and what `size` says of the object."""
    base = builder.compile(source, name, target=target, emit="obj,shared,header", cubins=cubins)
    files = {kind: base.with_name(f"{name}.{kind}") for kind in ("o", "so", "h")}
    text, data, bss = map(int, run(["size", files["o"]]).splitlines()[1].split()[:3])
    symbols, problems = check_libraries(files["so"])
    row = {"artefact": name, "targets": target, "code": "" if target == "cpu" else "cubins" if cubins else "PTX",
           **{f"{kind}_bytes": path.stat().st_size for kind, path in files.items()}, "text": text, "data": data,
           "bss": bss, "bundle": builder.extract_bundle(files["o"]).stat().st_size,
           "libraries": sorted(list_libraries(files["so"])), "symbols": symbols}
    return row, problems


def measure(builder, quick):
    sources = {"trivial": builder.write("trivial.mlir", TRIVIAL), "norm": EXAMPLES / "embed-c" / "norm.mlir"}
    if not quick:
        sources.update(routed=EXAMPLES / "router_gather_ffn.mlir", base=EXAMPLES / "colt5_base.mlir")
    variants = [(target, cubins) for target in TARGETS for cubins in (False, True)
                if not cubins or (target != "cpu" and builder.find_ptxas())]
    rows, problems = [], []
    for name, source in sources.items():
        for target, cubins in variants:
            row, found = measure_one(builder, source, name, target, cubins)
            rows.append(row)
            problems += found
    runtime = rows[0]["text"] + rows[0]["data"] + rows[0]["bss"]
    if runtime > RUNTIME_LIMIT:
        problems.append(f"trivial, cpu: expected at most {RUNTIME_LIMIT} bytes of runtime, found {runtime}")
    return {"rows": rows, "runtime_bytes": runtime, "problems": problems,
            "cubins": bool(builder.find_ptxas())}


def format_section(data):
    lines = ["## Sizes", "", "Bytes. `text`, `data`, `bss` as `size` counts them in the object; the bundle (signatures, "
             "tables, PTX, cubins) is part of `text`.", ""]
    lines += make_table(("artefact", "targets", "GPU code", ".o", ".so", ".h", "text", "data", "bss", "bundle"),
                        ([row[key] for key in ("artefact", "targets", "code", "o_bytes", "so_bytes", "h_bytes", "text", "data",
                                               "bss", "bundle")] for row in data["rows"]))
    libraries = sorted({name for row in data["rows"] for name in row["libraries"]})
    symbols = {}
    for row in data["rows"]:
        for owner, names in row["symbols"].items():
            symbols.setdefault(owner, set()).update(names)
    lines += ["", f"The runtime, which is nearly all of `trivial` for `cpu`: {data['runtime_bytes']} bytes, at most "
              f"{RUNTIME_LIMIT} wanted.", f"`ldd` of every library: {', '.join(libraries)}. Undefined symbols:", ""]
    lines += [f"- {owner}: {', '.join(sorted(names))}" for owner, names in sorted(symbols.items())]
    return lines + [""] + ([] if data["cubins"] else ["No ptxas: no cubins were made.", ""])
