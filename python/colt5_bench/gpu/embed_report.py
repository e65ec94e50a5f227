"""Lines of the phase embed for gpu.md, and what of it is wrong."""
import statistics

STEPS = ("create", "load", "first run", "second run")


def list_wrong(data):
    """Names of programs and artefacts that are wrong or were refused."""
    timed = data.get("times", {})
    loaded = {f"{name} ({kind})": result for name, rows in timed.get("artefacts", {}).items()
              for kind, result in rows.items()}
    loaded["calls"] = timed.get("calls", {})
    wrong = [result["name"] for result in data.get("programs", []) + data.get("artefacts", []) if result["reasons"]]
    wrong += [name for name, result in loaded.items() if result.get("reasons")]
    return wrong + list(data.get("refused", {}))


def format_embed(data):
    if "artefacts" not in data:
        return ["## Embedded artefacts", "", f"Skipped: {data['skipped']}.", ""]
    everything = data["programs"] + data["artefacts"]
    good = [result for result in everything if not result["reasons"] and "skipped" not in result]
    lines = ["## Embedded artefacts", "", f"{len(good)} of {len(everything)} programs and artefacts are right: values "
             "beside the model and beside the artefact's own CPU code, graphs bit for bit, "
             f"{data['threads']} threads with {data['streams']} streams each, DLPack"
             f"{' and PyTorch' if data['torch'] else ' (no PyTorch with CUDA here)'}, refusals.", ""]
    lines += [f"- wrong: {result['name']}: {reason}" for result in everything for reason in result["reasons"]]
    lines += [f"- refused: {reason}" for reason in data["refused"].values()]
    lines += [f"- not checked: {name}: {reason}" for name, reason in data["not_checked"].items()]
    for program in data["programs"]:
        note = program.get("skipped") or ("built here" if program.get("rebuilt") else "; ".join(program.get("device", [])))
        lines.append(f"- {program['name']} (needs {program['needs']}): {note}")
    lines += [f"- {result['name']} on {result['target']}: normalised errors "
              + ", ".join(f"{what} {error:.1e}" for what, error in result["errors"].items())
              for result in data["artefacts"] if "errors" in result]
    return lines + [""] + (format_times(data["times"]) if "times" in data else [])


def format_times(times):
    lines = ["Loading, milliseconds; `first` context of a process and a `later` one:", "",
             "| artefact | code | context | create | load | first run | second run |", "|---|---|---|---|---|---|---|"]
    for name, rows in times["artefacts"].items():
        for kind, result in rows.items():
            lines += [f"| {name} | {kind} | {context} | " + " | ".join(f"{1e3 * row[step]:.3f}" for step in STEPS) + " |"
                      for context, row in result.get("loading", {}).items()]
    lines += ["", "A run, microseconds, medians: directly and from a graph. The gap is the GPU time that direct launches add.",
              "",
              "| artefact | direct GPU | graph GPU | gap | direct wall | graph wall | host part of a direct run | rounds |",
              "|---|---|---|---|---|---|---|---|"]
    for name, rows in times["artefacts"].items():
        for runs in (result["runs"] for result in rows.values() if "runs" in result):
            cells = [runs["direct GPU"], runs["graph GPU"], runs["direct GPU"] - runs["graph GPU"], runs["direct wall"],
                     runs["graph wall"], runs["direct host"]]
            lines.append(f"| {name} | " + " | ".join(f"{1e6 * cell:.1f}" for cell in cells) + f" | {runs['rounds']} |")
    lines += ["", "A checked call with 20 tensors and one kernel, microseconds of the host:", "",
              "| function | median | fastest | slowest | rounds |", "|---|---|---|---|---|"]
    for name, values in times["calls"].items():
        if name != "reasons":
            lines.append(f"| {name} | {statistics.median(values):.3f} | {values[0]:.3f} | {values[-1]:.3f} | {len(values)} |")
    return lines + [""]
