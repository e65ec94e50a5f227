"""Inputs from seeds: every tensor has a stream of its own, so both sides make the same values and store none."""
import hashlib

import numpy as np

NUMPY = {"f32": np.float32, "bf16": np.uint16, "i32": np.int32, "i1": np.uint8}


def to_bf16(values):
    """Bits (uint16) nearest to f32 values, ties to even."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def encode(values, element):
    """Values in the storage type of `element`; bf16 as its bits."""
    return to_bf16(values) if element == "bf16" else np.ascontiguousarray(values, NUMPY[element])


def decode(stored, element):
    """What is stored, as float64, int32 or bool."""
    if element == "bf16":
        return (stored.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    if element == "i1":
        return stored.astype(bool)
    return stored.astype(np.float64) if element == "f32" else stored


def make_input(tensor, seed, index):
    """The stored values of input number `index` of a program."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index])))
    rule, _, argument = tensor.rule.partition(":")
    if rule == "normal":
        values = rng.standard_normal(tensor.shape, dtype=np.float32) * np.float32(tensor.std)
    elif rule == "near_one":
        values = 1.0 + 0.1 * rng.standard_normal(tensor.shape)
    elif rule == "unit":
        values = rng.random(tensor.shape)
    elif rule == "ones":
        values = np.ones(tensor.shape)
    elif rule == "subset":  # sorted, no index twice
        values = np.sort(rng.permutation(int(argument))[:tensor.shape[-1]]).reshape(tensor.shape)
    else:
        raise ValueError(f"tensor {tensor.name}: expected rule normal, near_one, unit, ones or subset:N, got "
                         f"'{tensor.rule}'")
    return encode(values, tensor.type)


def make_inputs(tensors, seed):
    return [make_input(tensor, seed, index) for index, tensor in enumerate(tensors)]


def digest(arrays):
    """sha256 of the bytes of all arrays, one after the other."""
    state = hashlib.sha256()
    for array in arrays:
        state.update(np.ascontiguousarray(array).tobytes())
    return state.hexdigest()
