"""Phase check: artefacts against the float64 model on fresh data, twice with other garbage in the memory."""
import time

import numpy as np

from . import reference
from .artefact import STORED
from .data import decode, digest, make_inputs
from .program import LoadedProgram, run_once

POISONS = (0xFF, 0xA5)  # NaN, and finite garbage


def check_program(artefact, device, seed):
    """Runs one artefact; a dict with `reasons` (empty: it is right), `errors` by result, `seconds` and `launches`."""
    start = time.perf_counter()
    program = LoadedProgram(artefact, device)
    try:
        reasons, errors = _check_seed(program, seed)
        reasons += _check_stored(program)
        return {"name": artefact.name, "chip": artefact.chip, "seed": seed, "reasons": reasons, "errors": errors,
                "launches": program.launches, "seconds": time.perf_counter() - start}
    finally:
        program.unload()


def _run_twice(program, inputs):
    """Results and reasons; the results of both runs must have the same bits."""
    (first, wrong), (second, more) = (run_once(program, inputs, poison) for poison in POISONS)
    wrong = list(dict.fromkeys(wrong + more))
    for tensor, a, b in zip(program.artefact.outputs, first, second):
        if a.tobytes() != b.tobytes():
            wrong.append(f"{tensor.name}: garbage in outputs or workspace changes the result")
    return first, wrong


def _check_seed(program, seed):
    artefact = program.artefact
    inputs = make_inputs(artefact.inputs, seed)
    results, reasons = _run_twice(program, inputs)
    named = {tensor.name: decode(array, tensor.type) for tensor, array in zip(artefact.inputs, inputs)}
    wanted, doubtful = reference.expected(artefact.case, named, results)
    more, errors = reference.compare(artefact.case, artefact.outputs, results, wanted, doubtful)
    if doubtful is not None:
        errors["doubtful tokens"] = int(np.sum(doubtful))
    return reasons + more, errors


def _check_stored(program):
    """The case with results that was stored when the artefact was packed: the data is the same on both machines."""
    artefact = program.artefact
    if artefact.path(STORED) is None:
        return []
    with np.load(artefact.path(STORED)) as stored:
        inputs = make_inputs(artefact.inputs, artefact.stored_seed)
        if digest(inputs) != str(stored["inputs_sha256"]):
            return [f"seed {artefact.stored_seed} gives other inputs than where the artefact was packed"]
        wanted = [stored[f"result{n}"] for n in range(len(artefact.outputs))]
        doubtful = stored["doubtful"] if "doubtful" in stored else None
    results, reasons = _run_twice(program, inputs)
    more, _ = reference.compare(artefact.case, artefact.outputs, results, wanted, doubtful)
    return [f"stored case: {reason}" for reason in reasons + more]
