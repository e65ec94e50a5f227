"""bfloat16 as numbers and as bits in uint16."""
import numpy as np


def to_bits(a):
    """The bf16 bits (uint16) nearest to f32 values, ties to even; NaN stays a quiet NaN.

    float64 input is rounded to f32 first, as a store through f32 does.
    """
    a = np.ascontiguousarray(np.asarray(a, dtype=np.float32)).reshape(np.shape(a))
    flat = a.reshape(-1)
    bits = flat.view(np.uint32).astype(np.int64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    quiet = (bits >> 16) | 0x40
    return np.where(np.isnan(flat), quiet, rounded).astype(np.uint16).reshape(a.shape)


def from_bits(bits):
    """float64 values of bf16 bits."""
    bits = np.asarray(bits, dtype=np.uint16)
    wide = bits.reshape(-1).astype(np.uint32) << 16
    with np.errstate(invalid="ignore"):  # signalling NaN patterns
        return wide.view(np.float32).astype(np.float64).reshape(bits.shape)


def round_bf16(a):
    """The bf16 values nearest to a, as float64."""
    return from_bits(to_bits(a))


def save(path, a):
    """Writes an .npy of uint16 bits."""
    np.save(path, to_bits(a))


def load(path):
    """Reads an .npy of uint16 bits as float64 values."""
    bits = np.load(path)
    if bits.dtype != np.uint16:
        raise ValueError(f"{path}: expected bf16 bits in uint16, got {bits.dtype}")
    return from_bits(bits)
