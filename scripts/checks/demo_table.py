"""Prints the short table of scripts/demo from the reports in its folder, and judges them.

usage: demo_table.py FOLDER STATUS

STATUS is how the comparison ended. Exits 1, with every reason, unless that is 0, the program was compiled and run, and every
part and result was compared and passed.
"""
import json
import os
import sys

N, D, LIGHT, HEAVY, LIGHT_WIDTH, HEAVY_WIDTH = 4096, 768, 4 * 64, 8 * 64, 1024, 8192
QUERIES, KEYS, TOKENS, WINDOW = 256, 512, 256, 255


def attention_work(queries, keys, width, pairs):
    """Multiply-adds of projections and of score and value products over `pairs` query-key pairs."""
    return (2 * queries + 2 * keys) * D * width + 2 * pairs * width


def work():
    """Multiply-adds per layer: (branch, attention, feed-forward). Windows are counted without the ends."""
    return [
        ("light", attention_work(N, N, LIGHT, N * WINDOW), 3 * N * D * LIGHT_WIDTH),
        ("heavy", attention_work(QUERIES, KEYS, HEAVY, QUERIES * KEYS), 3 * TOKENS * D * HEAVY_WIDTH),
        ("dense", attention_work(N, N, HEAVY, N * N), 3 * N * D * HEAVY_WIDTH),
    ]


def load(folder, name, problems):
    """The report `name`; an empty one, and a problem, when it cannot be read."""
    path = os.path.join(folder, name + ".json")
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError) as error:
        problems.append(f"no report '{path}': {error}")
        return {}


def judge(run, compared):
    """What is wrong with the two reports of colt5-run."""
    problems = [f"the {name} did not pass" for name, report in (("run", run), ("comparison", compared))
                if report and report.get("passed") is not True]
    if compared:
        problems += [f"the comparison has no {group}" for group in ("parts", "results") if not compared.get(group)]
        problems += [f"{part['name']}: {part['reason'] or 'did not pass'}"
                     for part in compared.get("parts", []) + compared.get("results", []) if part["passed"] is not True]
        problems += [f"part {name}: only one of the two has it" for name in compared.get("unmatched_parts", [])]
        if "replay" not in compared:
            problems.append("the routing was not compared")
    return problems


def main(folder, status):
    problems = [] if status == "0" else [f"the comparison ended with status {status}"]
    compiled, run, compared = (load(folder, name, problems) for name in ("compile", "run", "compare"))
    problems += judge(run, compared)
    print("\ntarget  stage          seconds  kernels")
    for stage in compiled.get("stages", []):
        print(f"{stage.get('target', ''):<7} {stage['name']:<14} {stage['seconds']:7.2f}  {stage['kernels'] or '':>7}")
    print("\nwork per layer     attention  feed-forward  (10^9 multiply-adds)")
    for name, attention, feed_forward in work():
        print(f"{name:<17} {attention / 1e9:10.2f} {feed_forward / 1e9:13.2f}")
    parts = compared.get("parts", []) + compared.get("results", [])
    if parts:
        width = max(len(part["name"]) for part in parts)
        print(f"\n{'part':<{width}}  normalised error")
        for part in parts:
            error = part["normalised"]
            text = f"{float(error):.2e}"
            print(f"{part['name']:<{width}}  {text}  {'ok' if part['passed'] is True else 'FAILED: ' + part['reason']}")
    if "replay" in compared:
        print(f"routing: {compared['replay']['swaps']} swaps, largest distance from the k-th score "
              f"{float(compared['replay']['largest_distance']):.1e}")
    if run:
        print(f"\nrun: {run['run_seconds']:.3f} s for two layers, peak memory {run['peak_bytes'] / 2**20:.0f} MiB")
    print("\nfiles:")
    for path in compiled.get("files", []) + run.get("files", []):
        print(f"  {os.path.relpath(path)}")
    for problem in problems:
        print(f"demo: FAILED: {problem}")
    if not problems:
        print(f"demo: {len(parts)} parts and results agree with the reference")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
