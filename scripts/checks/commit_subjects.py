#!/usr/bin/env python3
"""Check that the subjects of commits are imperatives of at most 72 characters.

commit_subjects.py FILE                   the message in FILE, as git passes it to the hook commit-msg
commit_subjects.py --since=BASE [FOLDER]  the commits of the repository in FOLDER (default: here) that BASE lacks
A subject begins with a capitalised verb of verbs.txt, has no prefix such as "docs:", and does not end in a full stop; a
blank line follows it. The hook also accepts "fixup!" and "squash!" in front, which --since does not. Merges are not
checked. Exits 1 when a message is wrong.
"""
import pathlib
import re
import subprocess
import sys

LENGTH = 72
VERBS = pathlib.Path(__file__).resolve().with_name("verbs.txt")


def read_verbs():
    return {word for line in VERBS.read_text().splitlines() if not line.startswith("#") for word in line.split()}


def find_problems(message, verbs):
    lines = message.split("\n")
    subject = lines[0]
    first = re.match(r"[^\s:,;]*", subject).group(0)
    if not subject.strip():
        yield "expected a subject in the first line, found none"
        return
    if len(subject) > LENGTH:
        yield f"expected at most {LENGTH} characters, found {len(subject)}"
    if first.endswith("!") or subject[len(first):].startswith(":"):
        yield f"expected no prefix, found '{subject.split()[0]}'; say it with a verb"
    elif first.lower() not in verbs:
        yield f"expected a verb in the imperative first, found '{first}'; a verb that is missing goes into {VERBS.name}"
    elif not first[0].isupper():
        yield f"expected a capital letter first, found '{first}'"
    if subject.endswith("."):
        yield "expected no full stop at the end"
    if len(lines) > 1 and lines[1].strip():
        yield f"expected a blank line after the subject, found '{lines[1]}'"


def read_message(path):
    """The message without the comments that git removes, and without what autosquash removes."""
    text = pathlib.Path(path).read_text().split("\n# ------------------------ >8")[0]
    text = "\n".join(line for line in text.split("\n") if not line.startswith("#")).strip("\n")
    return re.sub(r"^((fixup|squash|amend)! )+", "", text)


def read_commits(base, folder):
    """(name, message) of every commit that is new since `base`."""
    done = subprocess.run(["git", "-C", folder, "log", "--no-merges", "-z", "--format=%h%n%B", f"{base}..HEAD"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"commit_subjects.py: expected a base commit, found '{base}': {done.stderr.strip()}")
    for entry in filter(None, done.stdout.split("\0")):
        name, _, message = entry.partition("\n")
        yield name, message.rstrip("\n")


def main():
    arguments = sys.argv[1:]
    since = [argument.partition("=")[2] for argument in arguments if argument.startswith("--since=")]
    others = [argument for argument in arguments if not argument.startswith("--since=")]
    if len(since) > 1 or len(others) > 1 or (not since and not others) or any(o.startswith("-") for o in others):
        sys.exit(__doc__)
    if since:
        messages = list(read_commits(since[0], (others or ["."])[0]))
    else:
        messages = [("message", read_message(others[0]))]
    verbs = read_verbs()
    problems = [f"{name}: {problem}: {message.split(chr(10))[0]}" for name, message in messages
                for problem in find_problems(message, verbs)]
    print("\n".join(problems + [f"{len(messages)} messages, {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
