"""Prints the report of a time phase with known times: one win, one loss, one program that is wrong, one left out."""
import sys

from colt5_bench.gpu import report


def contender(microseconds):
    return {"median": microseconds * 1e-6, "p10": microseconds * 0.9e-6, "p90": microseconds * 1.1e-6, "samples": 200,
            "setup_seconds": 0.5, "wall": 2e-5, "joules": None}


def row(name, ours, others, left_out=None, context=()):
    contenders = {**({"colt5": contender(ours)} if ours else {}), **{n: contender(t) for n, t in others.items()}}
    judged = {n: t for n, t in others.items() if n not in context}
    return {"name": name, "type": "bf16", "errors": {"colt5": {}}, "left_out": left_out or {}, "contenders": contenders,
            "context": list(context), "best": min(judged, key=judged.get) if judged else None, "tflops": 400.0,
            "gbps": 1000.0}


def main():
    rows = [row("win", 10.0, {"eager": 90.0, "expert": 40.0, "other": 1.0}, context=("other",)),
            row("loss", 20.0, {"eager": 5.0}, {"torch.compile": "y: values are not finite"}),
            row("wrong", None, {"eager": 5.0}, {"colt5": "y: normalised error 1.00e+00, expected at most 1e-02"})]
    timed = {"ceilings": {"gemm_bf16": 800.0, "copy_gbps": 4000.0}, "rows": rows, "not_timed": {"late": "no time"}}
    data = {"command": "report_case.py", "seed": 1, "device": {"device": "none"}, "time": timed, "missing": {},
            "refused": {}, "foreign": {}, "machine": {"date": "today", "gpu": ""},
            "artefacts": {name: {"commit": "0"} for name in ("win", "loss", "wrong")}}
    print(report.format_report(data))
    return report.finish(data, None)


sys.exit(main())
