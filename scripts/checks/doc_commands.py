"""Runs the commands of Markdown pages as a reader would and checks their output and links.

usage: doc_commands.py REPOSITORY BUILD WORK PAGE.md...

Every block marked `sh` runs in a copy of the repository's root made of links, with `build` as its build folder; the
blocks of a page share it, and python3 is the interpreter of this script. A block marked `text` directly after it is
what the commands print: its lines must come in this order; a line `...` stands for any lines. A block marked
`sh not-tested` does not run and is counted.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BLOCK = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.M)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
SECONDS = 300


def blocks(text):
    """(kind, content, whether only blank lines are between it and the block before) of every block."""
    end = 0
    for match in BLOCK.finditer(text):
        yield match.group(1).strip(), match.group(2), not text[end:match.start()].strip()
        end = match.end()


def missing_lines(expected, output):
    """The first line of `expected` that does not come in its turn, or None."""
    lines = iter(line.rstrip() for line in output.splitlines())
    for line in expected.splitlines():
        if line.strip() not in ("", "...") and line.rstrip() not in lines:
            return line
    return None


def make_root(root, build, work):
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    for entry in root.iterdir():
        if entry.name not in ("build", ".git"):
            (work / entry.name).symlink_to(entry)
    (work / "build").symlink_to(build)


def check_page(page, root, build, work):
    """Returns the problems, and how many blocks ran and did not."""
    text = page.read_text(encoding="utf-8")
    problems = [f"{page.name}: the link '{link}' leads nowhere" for link in LINK.findall(text)
                if "://" not in link and not (page.parent / link).exists()]
    ran = skipped = 0
    output = None
    environment = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"}
    make_root(root, build, work)
    for kind, content, adjacent in blocks(text):
        if kind == "sh not-tested":
            skipped += 1
            output = None
        elif kind == "sh":
            ran += 1
            done = subprocess.run(["sh", "-eu", "-c", content], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
            output = done.stdout
            if done.returncode:
                problems.append(f"{page.name}: status {done.returncode} of\n{content}{output}")
        elif kind == "text" and adjacent and output is not None:
            line = missing_lines(content, output)
            if line is not None:
                problems.append(f"{page.name}: expected the line '{line}' in the output\n{output}")
    return problems, ran, skipped


def main(root, build, work, *pages):
    problems, ran, skipped = [], 0, 0
    for page in pages:
        page = pathlib.Path(page).resolve()
        more = check_page(page, pathlib.Path(root).resolve(), pathlib.Path(build).resolve(), pathlib.Path(work))
        problems += more[0]
        ran += more[1]
        skipped += more[2]
    print("\n".join(problems + [f"{ran} blocks ran, {skipped} not tested, {len(problems)} problems"]))
    return 1 if problems or not ran else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
