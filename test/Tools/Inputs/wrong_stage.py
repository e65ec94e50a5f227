"""Run every pass and pipeline of colt5 on modules of every stage: a message or nothing, never a signal or a hang.

wrong_stage.py [--opt=COLT5_OPT] FILE...: each pass sees the modules of all files, one after the other. Prints what dies, and how often the
passes refused and took a module; exits 1 if anything died.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def list_passes(opt):
    """The options of colt5-opt that run a pass or pipeline of colt5."""
    text = subprocess.run([opt, "--help"], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"^ +--((?:convert-)?colt5-[\w-]+)", text, re.MULTILINE)))


def run(opt, argument, source):
    """The exit status of one pass on one file, or None if it takes too long."""
    try:
        done = subprocess.run([opt, f"--{argument}", "--split-input-file", str(source), "-o", "/dev/null"],
                              capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stderr


def main():
    opts = [argument.removeprefix("--opt=") for argument in sys.argv[1:] if argument.startswith("--opt=")]
    opt = (opts or ["colt5-opt"])[0]
    files = [pathlib.Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    passes = list_passes(opt)
    refused = taken = dead = 0
    with tempfile.TemporaryDirectory() as folder:
        everything = pathlib.Path(folder) / "everything.mlir"
        everything.write_text("\n// -----\n".join(path.read_text() for path in files))
        for argument in passes:
            status, text = run(opt, argument, everything)
            if status in (0, 1):
                errors = len(set(re.findall(r"mlir:(\d+):\d+: error: ", text)))
                refused, taken = refused + bool(errors), taken + (not errors)
                if status and not errors:
                    dead += 1
                    print(f"--{argument}: exit 1 without a diagnostic: {text[:300]}")
                continue
            for path in files:
                status, text = run(opt, argument, path)
                if status not in (0, 1):
                    dead += 1
                    print(f"--{argument} {path.name}: {'no end' if status is None else f'status {status}'}: {text[:300]}")
    print(f"{len(passes)} passes, {len(files)} files, {dead} dead; {refused} passes refused something, {taken} nothing")
    return 1 if dead or not passes else 0


if __name__ == "__main__":
    sys.exit(main())
