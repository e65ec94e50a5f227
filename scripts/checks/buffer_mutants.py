#!/usr/bin/env python3
"""Break the buffer forms of programs and check that the verifier of buffers sees it.

buffer_mutants.py BIN [--per-file=N] [--seed=S] [--dims=...] FILE...: bufferizes each program with keep-values, deletes each
copy and each op that writes, swaps neighbouring ops that write, and lets operands be other buffers of the same type, at
most N mutants per file, drawn by S. BIN is the folder with colt5-opt, colt5-compile and colt5-test-cpu. A mutant that
colt5-verify-buffers accepts is compiled and run, and must give the numbers of the original; it is listed when it does not.
Exits 1 when a wrong mutant was accepted, the original was refused or nothing was tried.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile

BUFFERIZE = ["--colt5-to-tile", "--inline", "--symbol-dce", "--colt5-emit-size-functions", "--canonicalize", "--cse",
             "--colt5-bufferize=keep-values=true"]
PLAN = ["--canonicalize", "--cse", "--colt5-plan-workspace", "--canonicalize", "--cse"]
SEPARATOR = "\n// -----\n"
GROUP = re.compile(r"\((%[^():]*) : ([^()]*)\)")
WRITES = re.compile(r"\s*(linalg\.(?!yield|index)\w+|colt5\.\w+|memref\.(copy|store))\b")


def run(command, timeout=120):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout)


def split_types(text):
    """Splits at commas outside of brackets."""
    parts, depth, part = [], 0, ""
    for char in text:
        depth += (char in "<[") - (char in ">]")
        if char == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += char
    return parts + [part.strip()]


def find_operands(line):
    """(position, name, type) of the memrefs in the operand groups of an op."""
    found = []
    for group in GROUP.finditer(line):
        names, types = list(re.finditer(r"%[\w#]+", group[1])), split_types(group[2])
        if len(names) == len(types):
            found += [(group.start(1) + name.start(), name[0], kind) for name, kind in zip(names, types)]
    copy = re.match(r"\s*memref\.copy (%[\w#]+), (%[\w#]+).* : (memref<.*>) to (memref<.*>)", line)
    if copy:
        found += [(copy.start(1), copy[1], copy[3]), (copy.start(2), copy[2], copy[4])]
    return [(at, name, kind) for at, name, kind in found if kind.startswith("memref<")]


def find_blocks(lines, begin, end):
    """Lists of statements (first line, last line) that are in one block each."""
    blocks, statements, line = [], [], begin
    while line < end:
        first, depth = line, 0
        while True:
            text = re.sub(r'"[^"]*"', "", lines[line])
            depth += text.count("{") - text.count("}")
            line += 1
            if depth <= 0:
                break
            if re.match(r"\s*} (else|do) {", lines[line]) and depth == 1:
                break
        if re.match(r"\s*(%.* = )?scf\.", lines[first]) or re.match(r"\s*} (else|do) {", lines[first]):
            blocks += find_blocks(lines, first + 1, line - 1 if depth <= 0 else line)
        statements.append((first, line))
    return blocks + [statements]


class Program:
    """The two forms of a program, and what can be changed in the form on buffers."""

    def __init__(self, text):
        self.lines = text.rstrip().split("\n")
        heads = [n for n, line in enumerate(self.lines) if re.match(r"  func\.func @", line)]
        if len(heads) != 1:
            raise ValueError(f"expected one public function, found {len(heads)}")
        self.begin = heads[0]
        self.end = next(n for n in range(self.begin, len(self.lines)) if self.lines[n] == "  }")
        self.entry = re.search(r"@([\w.]+)", self.lines[self.begin])[1]

    def mutants(self):
        """(description, lines) of all changes."""
        lines, names = self.lines, {}
        for argument in re.finditer(r"(%arg\d+): (memref<[^{]*?>)(?= \{|, %|\))", lines[self.begin]):
            names.setdefault(argument[2], []).append(argument[1])
        for line in lines[self.begin + 1:self.end]:
            for _, name, kind in find_operands(line):
                if name not in names.setdefault(kind, []):
                    names[kind].append(name)
        for block in find_blocks(lines, self.begin + 1, self.end):
            writing = [s for s in block if WRITES.match(lines[s[0]])]
            for first, last in writing:
                yield f"delete line {first + 1}", lines[:first] + lines[last:]
                for at, name, kind in find_operands(lines[first]):
                    for other in names[kind]:
                        if other != name:
                            changed = lines[first][:at] + other + lines[first][at + len(name):]
                            yield (f"line {first + 1}: {other} for {name}", lines[:first] + [changed] + lines[first + 1:])
            for (a, b), (c, d) in zip(writing, writing[1:]):
                yield (f"swap lines {a + 1} and {c + 1}", lines[:a] + lines[c:d] + lines[b:c] + lines[a:b] + lines[d:])

    def buffers_only(self, lines):
        """The module without the functions on tensors and without numbers."""
        text, kept, skip = [], re.compile(r",? ?colt5\.value_id = \d+( : i64)?"), False
        for line in lines:
            skip = skip or re.match(r"  func\.func private @[\w.]+\.values\(", line) is not None
            if not skip:
                text.append(re.sub(r"\{, ", "{", kept.sub("", line)))
            skip = skip and line != "  }"
        return "\n".join(text)


class Judge:
    def __init__(self, folder, tools, dims):
        self.folder, self.tools, self.dims = pathlib.Path(folder), pathlib.Path(tools), dims

    def bufferize(self, source):
        done = run([self.tools / "colt5-opt", source, *BUFFERIZE])
        if done.returncode:
            raise ValueError(done.stderr[:500])
        return done.stdout

    def verify(self, modules):
        """For each module what the verifier says: "reported", "accepted" or "invalid"."""
        starts, line = [], 1
        for module in modules:
            starts.append(line)
            line += (module + SEPARATOR).count("\n")
        path = self.folder / "mutants.mlir"
        path.write_text(SEPARATOR.join(modules))
        done = run([self.tools / "colt5-opt", path, "--split-input-file", "--colt5-verify-buffers", "-o", "/dev/null"])
        if done.returncode < 0:
            raise ValueError(f"colt5-opt died of signal {-done.returncode}")
        verdicts = ["accepted"] * len(modules)
        for found in re.finditer(r"mutants\.mlir:(\d+):\d+: error: (.*)", done.stderr):
            index = sum(start <= int(found[1]) for start in starts) - 1
            if verdicts[index] != "invalid":
                verdicts[index] = "reported" if "fault of colt5" in found[2] else "invalid"
        return verdicts

    def execute(self, module, entry):
        """What the program prints, or None where it does not compile."""
        paths = [self.folder / name for name in ("run.mlir", "run.planned.mlir", "run.llvm.mlir")]
        paths[0].write_text(module)
        for command in (["colt5-opt", paths[0], *PLAN, "-o", paths[1]],
                        ["colt5-compile", paths[1], "--start-stage=bufferize", "--stop-stage=llvm", "--emit=mlir", "--quiet", "-o",
                         paths[2]],
                        ["colt5-test-cpu", paths[2], f"--run={entry}"] + ([f"--dims={self.dims}"] if self.dims else [])):
            done = run([self.tools / command[0], *command[1:]])
            if done.returncode:
                return None
        return "\n".join(line for line in done.stdout.split("\n") if not line.startswith("workspace:"))


def judge_file(judge, source, limit, seed):
    program = Program(judge.bufferize(source))
    if judge.verify(["\n".join(program.lines)]) != ["accepted"]:
        raise ValueError("the verifier refuses the program as it is")
    expected = judge.execute(program.buffers_only(program.lines), program.entry)
    if expected is None:
        raise ValueError("the program as it is does not run")
    mutants = list(program.mutants())
    if len(mutants) > limit:
        # Deletions and swaps all, of the many other operands as many as there is room for.
        mutants.sort(key=lambda mutant: " for " in mutant[0])
        first = sum(" for " not in text for text, _ in mutants)
        rest = mutants[first:]
        random.Random(seed).shuffle(rest)
        mutants = (mutants[:first] + rest)[:limit]
    counts = {"reported": 0, "invalid": 0, "equivalent": 0, "wrong": 0}
    for at in range(0, len(mutants), 50):
        part = mutants[at:at + 50]
        for (text, lines), verdict in zip(part, judge.verify(["\n".join(lines) for _, lines in part])):
            if verdict == "accepted":
                result = judge.execute(program.buffers_only(lines), program.entry)
                verdict = "equivalent" if result == expected else "wrong"
                print(f"{source.name}: {text}: {'accepted and equivalent' if verdict == 'equivalent' else 'ACCEPTED AND WRONG'}")
            counts[verdict] += 1
    print(f"{source.name}: {len(mutants)} mutants: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", metavar="BIN")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--per-file", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dims", default="")
    options = parser.parse_args()
    total, problems = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(folder, options.tools, options.dims)
        for source in options.files:
            try:
                for what, count in judge_file(judge, source, options.per_file, options.seed).items():
                    total[what] = total.get(what, 0) + count
            except ValueError as error:
                problems += 1
                print(f"{source.name}: {error}")
    print(f"{len(options.files)} programs, {total.get('reported', 0)} mutants reported, {total.get('equivalent', 0)} equivalent, "
          f"{total.get('wrong', 0)} wrong, {problems} problems")
    return 1 if problems or total.get("wrong") or not total.get("reported") else 0


if __name__ == "__main__":
    sys.exit(main())
