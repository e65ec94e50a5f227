"""What scripts/demo and scripts/test call, reduced to the reports and exit statuses that they leave."""
import json
import sys


def find(arguments, option):
    return next(item.split("=", 1)[1] for item in arguments if item.startswith(option + "="))


def write(path, report):
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(report, stream)


def colt5_compile(case, arguments):
    if case == "COMPILE-STATUS":
        sys.exit(1)
    write(find(arguments, "--json"), {"files": [], "stages": [{"name": "tile", "seconds": 1.0, "kernels": 2}]})


def compared(name, passed=True, reason=""):
    return {"name": name, "normalised": 1e-7, "passed": passed, "reason": reason}


def compare(case, path):
    report = {"passed": case != "NOT-PASSED", "parts": [compared("scores")], "results": [compared("result 0")],
              "unmatched_parts": [], "replay": {"swaps": 0, "largest_distance": 0}}
    if case == "WRONG-PART":
        report["parts"] = [compared("scores", False, "off by one")]
    elif case == "NO-PARTS":
        report["parts"] = []
    elif case == "NO-RESULTS":
        report["results"] = []
    elif case == "UNMATCHED":
        report["unmatched_parts"] = ["scores"]
    elif case == "NO-ROUTING":
        del report["replay"]
    if case != "NO-COMPARE":
        write(path, report)
    if case == "CUT-SHORT":
        with open(path, "w", encoding="utf-8") as stream:
            stream.write('{"passed": true, "parts": [')
    sys.exit(case == "COMPARE-STATUS")


def colt5_run(case, arguments):
    path = find(arguments, "--json")
    if "--compare=reference" in arguments:
        compare(case, path)
    elif case != "RUNLESS":
        write(path, {"passed": case != "RUN-NOT-PASSED", "run_seconds": 1.0, "peak_bytes": 1 << 20, "files": []})


def lit(case, arguments):
    print("lit:", *arguments, flush=True)
    code = "FAIL" if case == "LIT" else "PASS"
    tests = [] if case == "NO-TESTS" else [{"name": "a", "code": code, "output": ""}]
    write(arguments[arguments.index("-o") + 1], {"tests": tests})
    sys.exit(case == "LIT")
