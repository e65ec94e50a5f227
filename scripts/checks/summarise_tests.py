"""Prints the skipped tests with their reasons and the totals of a lit run.

usage: summarise_tests.py RESULTS.json LIT_STATUS [NAME=STATUS...]

Every NAME=STATUS is a program that ran before and counts as one more test, which passed if STATUS is 0.
"""
import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED"}
IGNORED = {"EXCLUDED"}


def reason(test):
    """The last line of what lit says about a skipped test, without its lead-in."""
    lines = [line.strip() for line in test.get("output", "").splitlines() if line.strip()]
    if not lines:
        return "no reason given"
    text = lines[-1]
    lead = "Test requires the following unavailable features: "
    return "needs " + text[len(lead):] if text.startswith(lead) else text


def summarise(results, lit_status, programs):
    """Returns the lines to print and the exit status."""
    tests = [test for test in results.get("tests", []) if test["code"] not in IGNORED]
    ran = any(test["code"] not in SKIPPED for test in tests)
    lit_failed = any(test["code"] not in PASSED | SKIPPED for test in tests)
    tests = programs + tests
    passed = [test for test in tests if test["code"] in PASSED]
    skipped = [test for test in tests if test["code"] in SKIPPED]
    failed = [test for test in tests if test["code"] not in PASSED | SKIPPED]
    lines = [f"skipped: {test['name']}: {reason(test)}" for test in skipped]
    lines += [f"failed: {test['name']} ({test['code']})" for test in failed]
    status = 1 if failed else 0
    if not ran:
        lines.append("error: no test ran")
        status = 1
    elif lit_status and not lit_failed:
        lines.append(f"error: lit ended with status {lit_status} although no test failed")
        status = 1
    lines.append(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")
    return lines, status


def read_programs(items):
    """The programs as lit would report them."""
    for item in items:
        name, _, status = item.rpartition("=")
        yield {"name": name, "code": "PASS" if int(status) == 0 else f"STATUS {status}"}


def main(path, lit_status, *programs):
    try:
        with open(path, encoding="utf-8") as stream:
            results = json.load(stream)
    except (OSError, ValueError) as error:
        print(f"error: no test results: {error}")
        results = {}
    lines, status = summarise(results, int(lit_status), list(read_programs(programs)))
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
