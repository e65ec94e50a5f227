"""gpu.json, gpu.md and the exit of a run."""
import json
import math
import pathlib

from .embed_report import format_embed, list_wrong


def geomean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def format_check(data):
    """Lines of the check phase."""
    results = data["check"]
    wrong = [result for result in results if result["reasons"]]
    lines = ["## Check", "", f"{len(results) - len(wrong)} of {len(results)} artefacts agree with float64, seed "
             f"{data['seed']}; {len(data['check_skipped'])} not checked."]
    lines += [f"- wrong: {result['name']}: {reason}" for result in wrong for reason in result["reasons"]]
    lines += [f"- not checked: {name}: {reason}" for name, reason in data["check_skipped"].items()]
    worst = {}
    for result in results:
        kind = result["name"].split("@")[0].split("_")[-1]
        for name, error in result["errors"].items():
            if isinstance(error, float) and error > worst.get(kind, (0, ""))[0]:
                worst[kind] = (error, f"{result['name']} {name}")
    lines += [f"- largest normalised error of {kind}: {error:.1e} ({where})"
              for kind, (error, where) in sorted(worst.items())]
    return lines + [""]


def format_time(timed):
    """Lines of the time phase: one table, geomean and losses, what does not count, times of all contenders."""
    if "skipped" in timed:
        return ["## Time", "", f"Skipped: {timed['skipped']}.", ""]
    ceilings = ", ".join(f"{name} {value:.4g}" for name, value in timed["ceilings"].items())
    lines = ["## Time", "", "GPU time by graph replay, cold L2, median (p10 to p90) in microseconds. A ratio above 1: colt5 "
             f"is faster. Measured ceilings (TFLOP/s, GB/s): {ceilings}.", "",
             "| program | colt5 | best contender | its time | ratio | TFLOP/s | % of GEMM | GB/s | % of copy |",
             "|---|---|---|---|---|---|---|---|---|"]
    rows = [row for row in timed["rows"] if "colt5" in row["contenders"]]
    ratios = {row["name"]: (row["contenders"][row["best"]]["median"] / row["contenders"]["colt5"]["median"], row["best"])
              for row in rows if row["best"]}
    lines += [_format_row(row, ratios.get(row["name"]), timed["ceilings"]) for row in rows]
    mean = f"{geomean([ratio for ratio, _ in ratios.values()]):.2f}" if ratios else "none"
    losses = [f"{name} ({ratio:.2f}, {best})" for name, (ratio, best) in ratios.items() if ratio < 1]
    lines += ["", f"Geometric mean of the ratios: {mean} over {len(ratios)} programs.",
              f"Losses: {'; '.join(losses) or 'none'}.", ""]
    notes = [f"- {row['name']}: {name}: {text}" for row in timed["rows"] for name, text in row["left_out"].items()]
    lines += ["Contenders that do not count:", "", *notes, ""] if notes else []
    lines += [f"- not timed: {name}: {why}" for name, why in timed["not_timed"].items()] + [""]
    return lines + _format_contenders(timed["rows"])


def _format_row(row, ratio, ceilings):
    """One line of the table; shares are of the measured product of the type, and of the measured copy."""
    cells = [row["name"], _range(row["contenders"]["colt5"])]
    cells += [row["best"], _range(row["contenders"][row["best"]]), f"{ratio[0]:.2f}"] if ratio else ["none", "", ""]
    gemm, copy = ceilings["gemm_" + row["type"]], ceilings["copy_gbps"]
    cells += [f"{row['tflops']:.1f}", f"{100 * row['tflops'] / gemm:.0f}", f"{row['gbps']:.0f}",
              f"{100 * row['gbps'] / copy:.0f}"]
    return f"| {' | '.join(cells)} |"


def _range(times):
    return f"{1e6 * times['median']:.1f} ({1e6 * times['p10']:.1f} to {1e6 * times['p90']:.1f})"


def _format_contenders(rows):
    """The table of all contenders."""
    lines = ["| program | contender | GPU us | compile and tune s | wall from Python us |", "|---|---|---|---|---|"]
    for row in rows:
        for name, times in row["contenders"].items():
            mark = " (context: computes something else)" if name in row["context"] else ""
            lines.append(f"| {row['name']} | {name}{mark} | {1e6 * times['median']:.1f} | {times['setup_seconds']:.2f} | "
                         f"{1e6 * times['wall']:.1f} |")
    return lines + [""]


def format_report(data):
    device, machine = data["device"], data["machine"]
    commits = {artefact["commit"] for artefact in data["artefacts"].values()}
    commits = sorted(commits.union(data.get("embed", {}).get("commits", [])))
    lines = [f"# Compiled GPU functions on {device['device']}", "",
             f"{machine['date']}, commit {', '.join(commits) or 'none'}, {machine['gpu'] or 'no nvidia-smi'}, "
             f"`{data['command']}`.", ""]
    lines += format_check(data) if "check" in data else []
    lines += format_embed(data["embed"]) if "embed" in data else []
    if "sanitize" in data:
        lines += ["## compute-sanitizer", ""]
        lines += [f"- {tool}: {result['verdict'] if isinstance(result, dict) else result}"
                  for tool, result in data["sanitize"].items()] + [""]
    lines += format_time(data["time"]) if "time" in data else []
    for title in ("missing", "refused", "foreign"):
        if data[title]:
            lines += [f"## {title.capitalize()}", ""] + [f"- {name}: {why}" for name, why in data[title].items()] + [""]
    return "\n".join(lines)


def finish(data, out):
    """Writes the files, prints the last line; the text of an error for sys.exit, or None."""
    if out:
        folder = pathlib.Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "gpu.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf8")
        (folder / "gpu.md").write_text(format_report(data), encoding="utf8")
    checked = data.get("check", [])
    wrong = [result["name"] for result in checked if result["reasons"]]
    wrong += [row["name"] for row in data.get("time", {}).get("rows", []) if "colt5" in row["errors"]
              and "colt5" not in row["contenders"]]
    found = [tool for tool, result in data.get("sanitize", {}).items()
             if isinstance(result, dict) and result["verdict"] == "errors"]
    print(f"{len(data['artefacts'])} artefacts, {len(checked)} checked, {len(wrong)} wrong, {len(data['refused'])} "
          f"refused, {len(data['foreign'])} for other devices, sanitizer errors: {', '.join(found) or 'none'}", flush=True)
    embed = data.get("embed", {})
    embedded = embed.get("programs", []) + embed.get("artefacts", []) + list(embed.get("times", {}).get("calls", {}))
    if "embed" in data:
        count = len(embed.get("programs", []) + embed.get("artefacts", []))
        print(f"{count} embedded, {len(list_wrong(embed))} wrong: {', '.join(list_wrong(embed)) or 'none'}"
              + (f"; skipped: {embed['skipped']}" if "skipped" in embed else ""), flush=True)
    if wrong or data["refused"] or found or list_wrong(embed):
        return "run: something is wrong, see above"
    return None if data["artefacts"] or embedded else "run: no artefact for this device"
