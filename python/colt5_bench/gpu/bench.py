"""Large shapes on a CUDA device with PyTorch: float64 reference, our program and the contenders on the same memory."""
import math
import time

import numpy as np
import torch

from . import reference
from .contenders import spec
from .contenders.registry import list_contenders, list_context
from .contenders.selfcheck import check_reference
from .program import LoadedProgram
from .timing import Contender, Flusher, capture, measure_ceilings, run_rounds, summarise, time_wall, warm_up

TORCH = {"f32": torch.float32, "bf16": torch.bfloat16, "i32": torch.int32, "i1": torch.bool}
MEMORY_SHARE = 0.8  # of what is free, for the float64 reference


def make_inputs(artefact, seed):
    """{name: CUDA tensor} by the rules of the manifest; normal data on the device, other values from NumPy."""
    generator, inputs = torch.Generator("cuda").manual_seed(seed), {}
    for tensor in artefact.inputs:
        rule, _, argument = tensor.rule.partition(":")
        if rule == "ones":
            values = torch.ones(tensor.shape, device="cuda")
        elif rule == "unit":
            values = torch.rand(tensor.shape, device="cuda", generator=generator)
        elif rule == "subset":
            order = torch.randperm(int(argument), device="cuda", generator=generator)
            values = order[:tensor.shape[-1]].sort().values.view(tensor.shape)
        else:
            normal = torch.randn(tensor.shape, device="cuda", generator=generator)
            values = 1.0 + 0.1 * normal if rule == "near_one" else normal * tensor.std
        inputs[tensor.name] = values.to(TORCH[tensor.type]).contiguous()
    return inputs


def compute_reference(case, inputs):
    """(results in float64 as CUDA tensors, tokens [n] bool in doubt or None)."""
    parts = {}
    wide = {name: value.double() if value.is_floating_point() else value for name, value in inputs.items()}
    results = spec.run(case, wide, parts)
    doubtful = None
    if parts:
        scores = [(parts[name].cpu().numpy(), case.routed) for name in ("scores_q", "scores_f")]
        doubtful = torch.from_numpy(reference.doubtful_tokens(scores, reference.MARGIN[case.type])).cuda()
    return results, doubtful


def compare(artefact, results, wanted, doubtful):
    """(reasons, errors) of CUDA results; what follows from scores is judged by the scores themselves."""
    case, reasons, errors = artefact.case, [], {}
    if len(results) != len(wanted):
        return [f"expected {len(wanted)} results, got {len(results)}"], errors
    if case.kind == "router":
        own = results[0].double()
        idx = spec.select(own, case.routed)
        wanted = (wanted[0], idx, wanted[2], spec.soft_topk(own, case.routed))
    for tensor, got, want in zip(artefact.outputs, results, wanted):
        name = tensor.name
        if tuple(got.shape) != tuple(want.shape):
            reasons.append(f"{name}: expected shape {tuple(want.shape)}, got {tuple(got.shape)}")
        elif tensor.type == "i32":
            if not torch.equal(got.long().sort(-1).values, want.long().sort(-1).values):
                reasons.append(f"{name}: another set of tokens")
        elif tensor.type == "i1":
            if not torch.equal(got.bool(), want.bool()):
                reasons.append(f"{name}: values differ")
        else:
            bound = reference.SOFT_TOPK if name == "w" else reference.NORM[tensor.type]
            errors[name], text = _norm_error(got, want, doubtful, bound)
            reasons += [f"{name}: {text}"] if text else []
    return reasons, errors


def _norm_error(got, want, doubtful, bound):
    got, want = got.double(), want.double()
    if not bool(torch.isfinite(got).all()):
        return math.inf, "values are not finite"
    if doubtful is not None:
        if int(doubtful.sum()) > max(2, doubtful.numel() // 20):
            return math.inf, f"the selection of {int(doubtful.sum())} tokens is a matter of rounding; use another seed"
        got, want = got[:, ~doubtful], want[:, ~doubtful]
    error = float((got - want).norm() / want.norm().clamp_min(1e-300))
    return error, None if error <= bound else f"normalised error {error:.2e}, expected at most {bound:.0e}"


class Ours:
    """A loaded artefact on PyTorch's memory; a call starts it on the current stream and returns its results."""

    def __init__(self, artefact, device, inputs):
        self.program = LoadedProgram(artefact, device)
        self.inputs = [inputs[tensor.name] for tensor in artefact.inputs]
        self.outputs = [torch.empty(t.shape, dtype=TORCH[t.type], device="cuda") for t in artefact.outputs]
        self.records = self.program.records([t.data_ptr() for t in self.inputs + self.outputs])
        size = max(self.program.workspace_bytes(self.records), 1)
        self.workspace = torch.empty(size, dtype=torch.uint8, device="cuda")
        self.error = torch.zeros(1, dtype=torch.int32, device="cuda")

    def poison(self, byte):
        """Fills outputs and workspace."""
        for tensor in [*self.outputs, self.workspace]:
            tensor.view(torch.uint8).fill_(byte)

    def __call__(self):
        self.program.run(self.records, self.workspace.data_ptr(), self.error.data_ptr(),
                         torch.cuda.current_stream().cuda_stream)
        return tuple(self.outputs)


def fits(artefact):
    """None, or why the float64 reference does not fit into the device's memory."""
    case = artefact.case
    # Inputs in float64, and the widest intermediate results of a layer a few times.
    wide = 8 * sum(math.prod(t.shape) for t in artefact.inputs)
    wide += 8 * 6 * case.n * max(case.d, case.light_width, 3 * case.light_heads * (case.radius + 1))
    free = torch.cuda.mem_get_info()[0]
    return None if wide < MEMORY_SHARE * free else f"its reference needs about {wide >> 30} GiB, {free >> 30} are free"


@torch.inference_mode()
def check_large(artefact, device, seed):
    """As check.check_program, with the PyTorch reference and data made on the device."""
    start, reason = time.perf_counter(), fits(artefact)
    result = {"name": artefact.name, "chip": artefact.chip, "seed": seed, "reasons": [], "errors": {}}
    if reason:
        return {**result, "reasons": [reason]}
    inputs = make_inputs(artefact, seed)
    ours, runs = Ours(artefact, device, inputs), []
    for poison in (0xFF, 0xA5):
        ours.poison(poison)
        runs.append([tensor.clone() for tensor in ours()])
    torch.cuda.synchronize()
    wanted, doubtful = compute_reference(artefact.case, inputs)
    result["reasons"], result["errors"] = compare(artefact, runs[0], wanted, doubtful)
    if any(not torch.equal(a.view(torch.uint8), b.view(torch.uint8)) for a, b in zip(*runs)):
        result["reasons"].append("garbage in outputs or workspace changes the result")
    if int(ours.error):
        result["reasons"].append("the error word is set although all indices are in range")
    ours.program.unload()
    return {**result, "launches": ours.program.launches, "seconds": time.perf_counter() - start}


@torch.inference_mode()
def time_program(artefact, device, seed, args, seconds, flush):
    """One row of the time phase: all contenders that are right, interleaved."""
    case = artefact.case
    inputs = make_inputs(artefact, seed)
    wanted, doubtful = compute_reference(case, inputs)
    ours = Ours(artefact, device, inputs)
    context = list_context(case)
    builders = {"colt5": lambda c, i: ours, **list_contenders(case, args.autotune), **context}
    contenders, left_out, errors = [], {}, {}
    end = time.monotonic() + seconds
    for name, build in builders.items():
        if time.monotonic() > end - seconds / 3 and contenders:
            left_out[name] = "no time was left to build it"
            continue
        judge = None if name in context else lambda results: compare(artefact, results, wanted, doubtful)
        reasons, contender = _prepare(artefact, name, build, inputs, judge, errors)
        if reasons:
            left_out[name] = "; ".join(reasons)
        else:
            contenders.append(contender)
    row = {"name": artefact.name, "type": case.type, "errors": errors, "left_out": left_out, "contenders": {},
           "context": sorted(context)}
    if contenders:
        row["rounds"] = run_rounds(contenders, flush, args.repeat, max(3.0, end - time.monotonic()))
        left_out.update({c.name: "the clocks differed in every round" for c in contenders if not c.times})
        row["contenders"] = {c.name: summarise(c, time_wall(c.call)) for c in contenders if c.times}
    others = {name: times["median"] for name, times in row["contenders"].items()
              if name != "colt5" and name not in context}
    row["best"] = min(others, key=others.get) if others else None
    if "colt5" in row["contenders"]:
        median = row["contenders"]["colt5"]["median"]
        row.update(tflops=artefact.flops / median / 1e12, gbps=artefact.bytes / median / 1e9)
    ours.program.unload()
    return row


def _prepare(artefact, name, build, inputs, judge, errors):
    """(reasons why it does not count, a captured Contender). `judge` gives reasons and errors of its results."""
    try:
        start = time.perf_counter()
        contender = Contender(name, build(artefact.case, inputs))
        contender.setup_seconds = time.perf_counter() - start
        warm_up(contender)
        capture(contender)
        for tensor in contender.results:
            tensor.view(torch.uint8).fill_(0xFF)
        contender.graph.replay()
        torch.cuda.synchronize()
        reasons, errors[name] = judge(contender.results) if judge else ([], {})
        if name == "colt5":
            contender.setup_seconds = artefact.compile_seconds
        return reasons, contender
    except Exception as error:  # noqa: BLE001 - a contender that breaks is reported, not fatal
        torch.cuda.synchronize()
        return [f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"], None


def time_all(artefacts, device, args, budget):
    """The time phase: {ceilings, reference, rows, not_timed}."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    timed = [a for a in artefacts if "time" in a.case.phases]
    small = [a.case for a in artefacts if a.case.small]
    result = {"torch": torch.__version__, "reference": check_reference(small, args.seed, "cuda"), "rows": [],
              "not_timed": {}, "ceilings": measure_ceilings()}
    if result["reference"]:
        return {"skipped": "the PyTorch reference is wrong: " + "; ".join(result["reference"])}
    flush = Flusher()
    # Layers first: they are what matters if the time is used up.
    timed.sort(key=lambda a: (a.case.kind != "layer", a.flops, a.name))
    for n, artefact in enumerate(timed):
        reason = fits(artefact) or ("the time budget was used up" if budget.left() < 8 else None)
        if reason:
            result["not_timed"][artefact.name] = reason
            continue
        row = time_program(artefact, device, int(np.random.SeedSequence([args.seed, n]).generate_state(1)[0]),
                           args, budget.left() / (len(timed) - n), flush)
        result["rows"].append(row)
        medians = ", ".join(f"{name} {1e6 * t['median']:.1f}" for name, t in row["contenders"].items())
        print(f"{row['name']}: {medians or 'nothing'} us", flush=True)
        torch.cuda.empty_cache()
    return result
