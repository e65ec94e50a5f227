"""The PyTorch float64 reference against the NumPy model, for every kind at small sizes."""
import numpy as np
import torch

from .. import reference
from ..data import decode, make_inputs
from ..programs import make_program
from . import spec

BOUND = 1e-10  # normalised error; both compute in float64


def to_torch(array, device="cpu"):
    """Decoded NumPy values as float64, int32 or bool tensors."""
    return torch.from_numpy(np.ascontiguousarray(array)).to(device)


def check_reference(cases, seed, device="cpu"):
    """Reasons why the PyTorch reference is not the NumPy model."""
    reasons = []
    for case in cases:
        program = make_program(case)
        stored = make_inputs(program.inputs, seed)
        inputs = {t.name: decode(a, t.type) for t, a in zip(program.inputs, stored)}
        wanted, doubtful = reference.expected(case, inputs)
        got = spec.run(case, {name: to_torch(array, device) for name, array in inputs.items()})
        for tensor, a, b in zip(program.outputs, got, wanted):
            a = a.cpu().numpy()
            if tensor.type in ("i32", "i1"):
                equal = np.array_equal(np.sort(a.reshape(-1)), np.sort(np.asarray(b).reshape(-1)))
            else:
                equal = reference.norm_error(a, b) <= BOUND
            if not equal and (doubtful is None or not np.any(doubtful)):
                reasons.append(f"{case.name} {tensor.name}: the PyTorch reference is not the NumPy model")
    return reasons
