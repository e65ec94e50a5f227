"""Prints the short table of scripts/demo from the reports in its folder.

usage: demo_table.py FOLDER
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


def load(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


def main(folder):
    compiled, run, compared = (load(folder, f"{name}.json") for name in ("compile", "run", "compare"))
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
            print(f"{part['name']:<{width}}  {text}  {'ok' if part['passed'] else 'FAILED: ' + part['reason']}")
    if "replay" in compared:
        print(f"routing: {compared['replay']['swaps']} swaps, largest distance from the k-th score "
              f"{float(compared['replay']['largest_distance']):.1e}")
    if run:
        print(f"\nrun: {run['run_seconds']:.3f} s for two layers, peak memory {run['peak_bytes'] / 2**20:.0f} MiB")
    print("\nfiles:")
    for path in compiled.get("files", []) + run.get("files", []):
        print(f"  {os.path.relpath(path)}")
    return 0 if parts and compared.get("passed") else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
