"""Every file that the tools write appears whole or not at all.

whole_outputs.py MODULE SPOILER FOLDER: MODULE is a program, SPOILER the library made of spoil_writes.c. Runs every
command that writes files: as it is, on a full disk, with a limit of file sizes, and killed while it writes and before
the file has its name. Prints a line for each, and what was wrong; exits 1 then.
"""
import os
import pathlib
import resource
import signal
import stat
import subprocess
import sys

OLD = b"old"
INPUTS = ["--input=iota", "--input=random:seed=1"]
# name, command, the files that it writes
COMMANDS = [
    ("obj,header", "colt5-compile {module} --target=cpu -o {out}/x --quiet", "x.o x.h"),
    ("archive,c,shared", "colt5-compile {module} --emit=archive,c,shared -o {out}/x --quiet", "x.a x.c x.so"),
    ("functions", "colt5-compile {module} --emit=cpu-obj,cpu-header,cpu-shared,llvm,asm -o {out}/x --quiet",
     "x.cpu.o x.cpu.h x.cpu.so x.ll x.s"),
    ("ptx", "colt5-compile {module} --target=sm_80 --emit=ptx -o {out}/x.ptx --quiet", "x.ptx"),
    ("toolkit", "colt5-compile {module} --target=sm_80 --emit=cubin,fatbin --toolkit={toolkit} -o {out}/x --quiet",
     "x.sm_80.cubin x.fatbin"),
    ("stages", "colt5-compile {module} --stop-stage=decompose --dump-stages={out} -o {out}/x.mlir --quiet",
     "x.mlir cpu/routed.input.mlir cpu/routed.decompose.mlir"),
    ("json", "colt5-compile {module} --stop-stage=input --json={out}/x.json -o /dev/null --quiet", "x.json"),
    ("results", "colt5-run {module} {inputs} --output-dir={out} --json={out}/x.json --quiet", "0.npy x.json"),
    ("routing", "colt5-run {module} {inputs} --record-routing={out} --quiet", "topk0.npy topk0.scores.npy"),
    ("opt", "colt5-opt {module} -o {out}/x.mlir", "x.mlir"),
    ("reduce", "colt5-reduce {module} --no-implicit-module -o={out}/x.mlir --reduction-tree=traversal-mode=0,test={test}",
     "x.mlir"),
]


class Checker:
    def __init__(self, module, spoiler, folder):
        inputs = pathlib.Path(__file__).resolve().parent
        self.spoiler, self.out, self.problems = spoiler, pathlib.Path(folder).resolve(), []
        self.values = {"module": module, "out": str(self.out), "test": str(inputs / "has-topk.sh"),
                       "toolkit": str(inputs / "echo-toolkit")}

    def words(self, command):
        for word in command.split():
            if word == "{inputs}":
                yield from INPUTS
            else:
                # The one option that holds a blank.
                yield word.format(**self.values).replace("=0,test=", "=0 test=")

    def run(self, command, how="", limit=None):
        environment = dict(os.environ, SPOIL=how, SPOIL_FOLDER=str(self.out), LD_PRELOAD=self.spoiler)
        limits = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit is not None else None
        return subprocess.run(list(self.words(command)), env=environment, preexec_fn=limits, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)

    def prepare(self, files):
        for path in sorted(self.out.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name in files:
            (self.out / name).parent.mkdir(exist_ok=True)
            (self.out / name).write_bytes(OLD)

    def found(self):
        return {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if not path.is_dir()}

    def expect(self, condition, *what):
        if not condition:
            self.problems.append(" ".join(str(part) for part in what))

    def check(self, name, command, files):
        self.prepare(files)
        done = self.run(command)
        self.expect(done.returncode == 0, name, "failed:", done.stderr)
        good = self.found()
        self.expect(sorted(good) == sorted(files), name, "wrote", sorted(good))
        self.expect(OLD not in good.values(), name, "left an old file")
        self.check_errors(name, command, files, good)
        self.check_kills(name, command, files, good)
        print(f"{name}: {len(files)} files")

    def check_errors(self, name, command, files, good):
        for text, arguments in (("No space left on device", {"how": "full"}), ("File too large", {"limit": 0})):
            self.prepare(files)
            done = self.run(command, **arguments)
            # Upstream's reducer ends the process when its own temporary files cannot be written.
            ends = name == "reduce" and "limit" in arguments
            self.expect(done.returncode != 0 if ends else done.returncode == 1 and text in done.stderr, name, f"expected the error '{text}', found",
                        done.returncode, done.stderr)
            self.expect(self.is_old_or_new(files, good, temporary=0), name, f"with '{text}' left", self.found())

    def check_kills(self, name, command, files, good):
        for how in ("kill", "rename"):
            self.prepare(files)
            done = self.run(command, how)
            self.expect(done.returncode == -signal.SIGKILL, name, "was not killed:", done.returncode, done.stderr)
            self.expect(self.is_old_or_new(files, good, temporary=len(files)), name, f"with '{how}' left", self.found())

    def is_old_or_new(self, files, good, temporary):
        """Every file is the old or the new one, at least one the old one, and beside are at most some temporary ones."""
        found = self.found()
        # A record of routing is dropped before another takes its place.
        names = [name for name in files if name in found or not name.startswith("topk")]
        # Reports hold times.
        whole = all(found.get(name) in (OLD, good.get(name)) or
                    (name.endswith(".json") and found.get(name, b"").endswith(b"}\n")) for name in names)
        others = [name for name in found if name not in files]
        return (whole and any(found.get(name) == OLD or name not in found for name in files) and
                len(others) <= temporary and all(".colt5-" in name for name in others))

    def check_no_output(self):
        """Help and a wrong option leave the old file alone, and nothing beside it."""
        for option in ("-h", "--no-such-option"):
            self.prepare(["x.mlir"])
            self.run(f"colt5-reduce {option} -o {{out}}/x.mlir")
            self.expect(self.found() == {"x.mlir": OLD}, f"colt5-reduce {option} left", self.found())
        print("reduce without output: checked")

    def check_places(self):
        """Permissions, links and what is no file."""
        command = "colt5-compile {module} --stop-stage=input -o %s --quiet"
        target, link = self.out / "target", self.out / "link"
        os.umask(0o027)
        self.prepare([])
        self.run(command % target)
        text = target.read_bytes()
        self.expect(stat.S_IMODE(target.stat().st_mode) == 0o640, "a new file has", oct(target.stat().st_mode))
        target.chmod(0o604)
        self.run(command % target)
        self.expect(stat.S_IMODE(target.stat().st_mode) == 0o604, "an old file has", oct(target.stat().st_mode))
        library = self.out / "x.so"
        self.run(f"colt5-compile {{module}} --emit=shared -o {library} --quiet")
        self.expect(stat.S_IMODE(library.stat().st_mode) == 0o750, "a library has", oct(library.stat().st_mode))

        (self.out / "deep").mkdir()
        for there in (True, False):
            deep = self.out / "deep" / "file"
            deep.unlink(missing_ok=True)
            link.unlink(missing_ok=True)
            if there:
                deep.write_bytes(OLD)
            (self.out / "middle").unlink(missing_ok=True)
            (self.out / "middle").symlink_to("deep/file")
            link.symlink_to(self.out / "middle")
            self.run(command % link)
            self.expect(link.is_symlink() and deep.read_bytes() == text, "a link leads to", self.found())
        loop = self.out / "loop"
        loop.symlink_to("loop")
        self.expect("Too many levels" in self.run(command % loop).stderr, "a loop of links is written")
        self.expect("Is a directory" in self.run(command % self.out).stderr, "a folder is written")
        long = self.out / ("n" * 255)
        self.run(command % long)
        self.expect(long.read_bytes() == text, "a long name was not written")

        for path in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            self.expect(self.run(command % path).stdout.encode() == text, path, "did not get the text")
        self.expect(self.run(command % "/dev/null").returncode == 0, "/dev/null was not written")
        self.expect(stat.S_ISCHR(os.stat("/dev/null").st_mode), "/dev/null is no device any more")
        self.expect("No space left" in self.run(command % "/dev/full").stderr, "/dev/full was written")
        with open(self.out / "redirected", "wb") as stream:
            subprocess.run(list(self.words(command % "/dev/stdout")), stdout=stream, check=True)
        self.expect((self.out / "redirected").read_bytes() == text, "a redirected stdout did not get the text")
        fifo = self.out / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
            self.run(command % fifo)
            self.expect(reader.stdout.read() == text, "a pipe did not get the text")
        print("places: checked")


def main():
    checker = Checker(*sys.argv[1:])
    for name, command, files in COMMANDS:
        checker.check(name, command, files.split())
    checker.check_no_output()
    checker.check_places()
    for problem in checker.problems:
        print(f"problem: {problem}")
    print(f"{len(COMMANDS)} commands, {len(checker.problems)} problems")
    return 1 if checker.problems else 0


if __name__ == "__main__":
    sys.exit(main())
