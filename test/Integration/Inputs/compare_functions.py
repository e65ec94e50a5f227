"""Compares every function of a file with the reference on the CPU (1 and 3 threads) and in the emulator (two chips, two
orders of threads).

usage: compare_functions.py FILE.mlir

The comment in front of a function may give its inputs, one `given ...` line per argument as for `colt5-run --input`,
with `case` between one set and the next. Without them every argument is random; `shape N:2x3` gives the sizes of
argument N then.
"""
import re
import subprocess
import sys

BACKENDS = [["--backend=cpu", "--threads=1"], ["--backend=cpu", "--threads=3"],
            ["--backend=emulator", "--chip=sm_80"], ["--backend=emulator", "--chip=sm_90a", "--emulator-seed=7"]]


def functions(text):
    """(name, number of arguments, lines of the comment in front) of every function."""
    for match in re.finditer(r"^func\.func @(\w+)\((.*?)\)\s*->", text, re.M | re.S):
        above = []
        for line in reversed(text[:match.start()].splitlines()):
            if not line.startswith("//"):
                if line.startswith("#"):
                    continue
                break
            above.insert(0, line[2:].strip())
        yield match.group(1), len(re.findall(r"%\w+\s*:", match.group(2))), above


def input_sets(count, comment):
    sets = [[]]
    for line in comment:
        if line == "case":
            sets.append([])
        elif line.startswith("given "):
            sets[-1].append("--input=" + line[len("given "):])
    if sets == [[]]:
        shapes = dict(line[len("shape "):].split(":") for line in comment if line.startswith("shape "))
        sets = [[f"--input=random:seed={i + 1}" + (f",shape={shapes[str(i)]}" if str(i) in shapes else "")
                 for i in range(count)]]
    return sets


def main(path):
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    ran = failed = 0
    for name, count, comment in functions(text):
        for inputs in input_sets(count, comment):
            for backend in BACKENDS:
                command = ["colt5-run", path, f"--entry={name}", "--compare=reference", "--quiet", *backend, *inputs]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                ran += 1
                if done.returncode != 0:
                    failed += 1
                    print(" ".join(command) + f"\nexit status {done.returncode}: {(done.stdout + done.stderr)[:500]}")
    print(f"{ran - failed} of {ran} runs agree")
    return 0 if ran and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
