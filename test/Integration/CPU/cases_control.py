"""A negative control: wrong expectations, one per run, that the harness must report."""
import sys

import numpy as np
from colt5_model import registry
from colt5_testing.harness import Program, Suite, structured

KINDS = {"x": "BND T", "idx": "BK i32", "o": "BKD T"}


def main():
    kind = sys.argv[1]
    suite = Suite()
    program = structured("gather", ["x", "idx"], [], ["o"], KINDS)
    if kind == "compile":
        program = Program("gather", {"x": "BND T"}, {"y": "BND T"}, "colt5.no_such_op %x {attributes} : {x} -> {y}")
    compiled = suite.compile(program)
    idx = np.array([[2, -1, 9 if kind == "code" else 0]])
    values = {"x": np.arange(12.0).reshape(1, 3, 4) + 1, "idx": idx, "o": np.zeros((1, 3, 4))}

    def expect(x, idx, o):
        rows = registry.call("gather", [x, idx], {}, {})[0]
        if kind == "value":
            rows[0, 2, 3] *= 1.001
        if kind == "nan":
            rows[0, 1, 0] = np.nan
        return (rows[:, :2],) if kind == "shape" else (rows,)

    suite.check(compiled, values, expect)
    suite.finish()


if __name__ == "__main__":
    main()
