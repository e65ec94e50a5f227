"""Feeds mutated input to the tools: each must end within 60 s and 4 GiB of address space, without a signal or a stack
trace, with status 0 or 1, and with a message where it is 1.

usage: mutate.py BIN WORK KIND COUNT [SEED]

KIND is text (.mlir for colt5-opt and colt5-compile), plan (plan attributes between the stages plan and tile, for
colt5-compile), npy (files for colt5-run), bytecode (for colt5-opt), artefact (for colt5-compile --inspect), or check,
which shows that each kind of harm is noticed. What a mutant computes is not looked at. Where the packaged mlir-opt ends
in the same wrong way with the same text or bytecode (a hang for a hang, a signal for that signal), the case is listed
and is none of ours. The seed is printed; KIND, COUNT and SEED make the same mutants again, whose hash is printed too.
Mutants that are a problem stay in WORK.
"""
import hashlib
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys

SECONDS, MEMORY = 60, 4 << 30
DEATHS = ("Stack dump", "PLEASE submit", "UNREACHABLE", "Assertion", "terminate called")
MLIR_OPT = shutil.which("mlir-opt-22") or shutil.which("mlir-opt")

PLAIN = """func.func @f(%x: tensor<4x6xf32>, %y: tensor<?x6xf32>) -> (tensor<4x6xf32>, tensor<6x4xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %y, %c0 : tensor<?x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %a = linalg.exp ins(%x : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %t = tensor.empty() : tensor<6x4xf32>
  %b = linalg.transpose ins(%a : tensor<4x6xf32>) outs(%t : tensor<6x4xf32>) permutation = [1, 0]
  %s = tensor.extract_slice %y[0, 1] [%n, 3] [1, 2] : tensor<?x6xf32> to tensor<?x3xf32>
  %p = tensor.expand_shape %b [[0], [1, 2]] output_shape [6, 2, 2] : tensor<6x4xf32> into tensor<6x2x2xf32>
  %q = tensor.collapse_shape %p [[0], [1, 2]] : tensor<6x2x2xf32> into tensor<6x4xf32>
  return %a, %q : tensor<4x6xf32>, tensor<6x4xf32>
}
"""


def limit_process():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command, **more):
    """(status, text); the status is negative for a signal, "hang" where there was no end."""
    try:
        done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=SECONDS, preexec_fn=limit_process, **more)
    except subprocess.TimeoutExpired:
        return "hang", ""
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def problem_of(status, text, allowed=(0, 1)):
    """What is wrong about the end of a process, or nothing."""
    if status == "hang":
        return "hang"
    if status < 0:
        return f"signal {-status}"
    if any(word in text for word in DEATHS):
        return "a stack trace"
    if "bad_alloc" in text or "out of memory" in text:
        return "memory"
    if status not in allowed:
        return f"status {status}"
    return "no message" if status == 1 and not text.strip() else None


class Mutator:
    def __init__(self, rng):
        self.rng = rng

    def data(self, data, least=1):
        """Some bytes changed, cut off, repeated."""
        data = bytearray(data)
        for _ in range(self.rng.randint(least, 4)):
            kind, at = self.rng.random(), self.rng.randrange(len(data)) if data else 0
            if kind < 0.6 and data:
                data[at] ^= 1 << self.rng.randrange(8)
            elif kind < 0.7:
                data = data[:at]
            elif kind < 0.85:
                data[at:at + self.rng.randint(1, 16)] = self.rng.randbytes(self.rng.randint(0, 16))
            else:
                data[at:at] = data[at:at + self.rng.randint(1, 64)]
        return bytes(data)

    def text(self, text):
        """Some tokens changed, as one may mistype them."""
        tokens = re.findall(r"[\w.]+|\s+|.", text, re.S)
        for _ in range(self.rng.randint(1, 3)):
            words = [n for n, token in enumerate(tokens) if not token.isspace()]
            if not words:
                break
            at = self.rng.choice(words)
            kind = self.rng.random()
            if tokens[at].isdigit() and kind < 0.7:
                tokens[at] = self.rng.choice(["0", "1", "-1", "2", "3", "7", "64", "?", "4294967296", "9223372036854775807",
                                              "18446744073709551616", "1.5"])
            elif kind < 0.25:
                del tokens[at]
            elif kind < 0.5:
                tokens[at] = tokens[self.rng.choice(words)]
            elif kind < 0.65:
                other = self.rng.choice(words)
                tokens[at], tokens[other] = tokens[other], tokens[at]
            elif kind < 0.85:
                tokens[at] = self.rng.choice(["f32", "f64", "bf16", "i1", "i32", "index", "tensor", "memref", "vector", "?",
                                              "*", "none", "i128", "f80", "dense", "true", "%x", "-", "(", "]"])
            else:
                begin = at
                tokens[at:at] = tokens[begin:begin + self.rng.randint(1, 12)]
        return "".join(tokens)


class Session:
    def __init__(self, bin_dir, work, kind, count, seed):
        self.bin, self.work, self.kind, self.count, self.seed = pathlib.Path(bin_dir), pathlib.Path(work), kind, count, seed
        self.rng = random.Random(f"{kind} {seed}")
        self.mutator = Mutator(self.rng)
        self.problems, self.upstream, self.cases, self.hash = [], [], 0, hashlib.sha256()
        self.work.mkdir(parents=True, exist_ok=True)

    def tool(self, name):
        return self.bin / name

    def programs(self, count):
        """Texts of random programs, and one of upstream's ops alone."""
        result = [PLAIN]
        while len(result) < count:
            status, text = run([self.tool("colt5-fuzz"), f"--only={self.rng.randrange(1 << 40)}", "--print"])
            if status != 0:
                raise RuntimeError(f"colt5-fuzz: {text}")
            result.append(text)
        return result

    def check(self, command, file, allowed=(0, 1), upstream=None, **more):
        """Runs a command; keeps the file when something is wrong. Returns (status, text)."""
        self.cases += 1
        self.hash.update(file.read_bytes())
        status, text = run(command, **more)
        what = problem_of(status, text, allowed)
        if what is None:
            return status, text
        kept = self.work / f"{self.kind}-{self.seed}-{self.cases}{file.suffix}"
        shutil.copy(file, kept)
        line = f"{what}: {' '.join(str(part) for part in command).replace(str(file), str(kept))}"
        if upstream is not None and MLIR_OPT and problem_of(*run([MLIR_OPT, *upstream, file])) == what:
            self.upstream.append(line)
        else:
            self.problems.append(f"{line}\n  {text.strip()[:300]}")
        return status, text

    def text(self):
        programs, file = self.programs(12), self.work / "mutant.mlir"
        for _ in range(self.count):
            file.write_text(self.mutator.text(self.rng.choice(programs)))
            if self.rng.random() < 0.5:
                self.check([self.tool("colt5-opt"), file, "-o", os.devnull], file, upstream=[])
            else:
                target = self.rng.choice(["cpu", "cpu", "sm_80"])
                emit = "--emit=cpu-obj" if target == "cpu" else "--emit=ptx"
                self.check([self.tool("colt5-compile"), file, f"--target={target}", emit, "-o", self.work / "out", "--quiet"],
                           file, upstream=["--canonicalize"])

    def plan(self):
        file = self.work / "mutant.mlir"
        planned = []
        for n, text in enumerate(self.programs(8)):
            source, plan = self.work / f"plan{n}.mlir", self.work / f"plan{n}.plan.mlir"
            source.write_text(text)
            status, _ = run([self.tool("colt5-compile"), source, "--stop-stage=plan", "-o", plan, "--quiet"])
            if status == 0 and "#colt5.plan" in plan.read_text():
                planned.append(plan.read_text())
        for _ in range(self.count):
            text = self.rng.choice(planned)
            places = [match.span() for match in re.finditer(r"#colt5\.plan<(?:[^<>]|<[^<>]*>)*>", text)]
            begin, end = self.rng.choice(places)
            file.write_text(text[:begin] + self.mutate_plan(text[begin:end]) + text[end:])
            self.check([self.tool("colt5-compile"), file, "--start-stage=plan", "--emit=cpu-obj", "-o", self.work / "out",
                        "--quiet"], file)

    def mutate_plan(self, plan):
        kind = self.rng.random()
        if kind < 0.6:
            numbers = list(re.finditer(r"\b\d+\b", plan))
            match = self.rng.choice(numbers)
            value = self.rng.choice(["0", "1", "2", "3", "5", "7", "16", "1000", "-1", "4294967297", "9223372036854775807"])
            return plan[:match.start()] + value + plan[match.end():]
        if kind < 0.75:
            return re.sub(r"root|fused", lambda m: "fused" if m.group() == "root" else "root", plan)
        if kind < 0.9:
            return re.sub(r"#colt5\.(loops|simt|select|tiles)", "#colt5." + self.rng.choice(["loops", "simt", "select", "tiles", "plan", "wgmma"]), plan)
        return self.mutator.text(plan)

    def npy(self):
        """Headers that promise something else, cut data."""
        source, file = self.work / "npy.mlir", self.work / "mutant.npy"
        source.write_text("func.func @f(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {\n  return %x : tensor<?x3xf32>\n}\n")
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }".ljust(117) + b"\n"
        good = b"\x93NUMPY\x01\x00\x76\x00" + header + bytes(range(48))
        for _ in range(self.count):
            if self.rng.random() < 0.5:
                changed = self.mutator.text(header.decode()).encode()
                data = b"\x93NUMPY\x01\x00" + len(changed).to_bytes(2, "little") + changed + bytes(range(48))
            else:
                data = self.mutator.data(good)
            file.write_bytes(data)
            self.check([self.tool("colt5-run"), source, f"--input={file}", "--backend=reference", "--quiet"], file)

    def bytecode(self):
        file, codes = self.work / "mutant.mlirbc", []
        for n, text in enumerate(self.programs(6)):
            source, code = self.work / f"code{n}.mlir", self.work / f"code{n}.mlirbc"
            source.write_text(text)
            if run([self.tool("colt5-opt"), source, "--emit-bytecode", "-o", code])[0] == 0:
                codes.append(code.read_bytes())
        for _ in range(self.count):
            file.write_bytes(self.mutator.data(self.rng.choice(codes)))
            self.check([self.tool("colt5-opt"), file, "-o", os.devnull], file, upstream=["-allow-unregistered-dialect"])

    def artefact(self):
        source, plain, file = self.work / "artefact.mlir", self.work / "artefact.o", self.work / "mutant.o"
        source.write_text(PLAIN.replace("@f", "@layer"))
        status, text = run([self.tool("colt5-compile"), source, "--target=cpu,sm_80", "-o", plain.with_suffix(""), "--quiet"])
        if status:
            raise RuntimeError(f"colt5-compile: {text}")
        good = plain.read_bytes()
        begin = good.index(b"COLT5BDL")
        for _ in range(self.count):
            if self.rng.random() < 0.5:
                data = self.mutator.data(good)
            else:
                at = begin + self.rng.randrange(4000)
                data = bytearray(good)
                data[at] ^= 1 << self.rng.randrange(8)
            file.write_bytes(data)
            self.check([self.tool("colt5-compile"), "--inspect", file], file)

    def selftest(self):
        """Each kind of harm is noticed, and a right end is none; mlir-opt excuses only what it does too."""
        global SECONDS, MLIR_OPT
        harms = {"signal 11": "import os; os.kill(os.getpid(), 11)",
                 "memory": f"try:\n  bytearray({MEMORY})\nexcept MemoryError:\n  print('out of memory'); raise SystemExit(1)",
                 "status 3": "raise SystemExit(3)", "no message": "raise SystemExit(1)",
                 "a stack trace": "print('Stack dump'); raise SystemExit(1)", None: "print('error: x'); raise SystemExit(1)"}
        for harm, code in harms.items():
            found = problem_of(*run([sys.executable, "-c", code]))
            self.cases += 1
            if found != harm:
                self.problems.append(f"expected {harm}, found {found}")
        SECONDS = 1
        ends = {"hang": "exec sleep 30", "signal 11": "kill -11 $$", None: "exit 0"}
        file, MLIR_OPT = self.work / "mutant.mlir", self.work / "mlir-opt"
        for ours, code in ends.items():
            for theirs, their_code in ends.items():
                file.write_text(code)
                MLIR_OPT.write_text("#!/bin/sh\n" + their_code)
                MLIR_OPT.chmod(0o755)
                lists = self.problems, self.upstream
                self.problems, self.upstream = [], []
                self.check(["sh", file], file, upstream=[])
                found = "problem" if self.problems else "as mlir-opt" if self.upstream else "none"
                self.problems, self.upstream = lists
                expected = "none" if ours is None else "as mlir-opt" if ours == theirs else "problem"
                if found != expected:
                    self.problems.append(f"{ours} where mlir-opt ends with {theirs}: expected {expected}, found {found}")

    def finish(self):
        for line in self.upstream:
            print("as mlir-opt:", line)
        for line in self.problems:
            print("problem:", line)
        print(f"{self.kind}: {self.cases} cases ({self.hash.hexdigest()[:16]}), {len(self.upstream)} as mlir-opt, "
              f"{len(self.problems)} problems")
        return 1 if self.problems or not self.cases else 0


def main():
    bin_dir, work, kind, count = sys.argv[1:5]
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.SystemRandom().randrange(1 << 32)
    # Before anything can go wrong.
    print(f"{kind}: again with: mutate.py {bin_dir} {work} {kind} {count} {seed}", flush=True)
    session = Session(bin_dir, work, kind, int(count), seed)
    getattr(session, "selftest" if kind == "check" else kind)()
    return session.finish()


if __name__ == "__main__":
    sys.exit(main())
