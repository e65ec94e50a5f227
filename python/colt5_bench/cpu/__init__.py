"""Compiled code on one core, compared with PyTorch and NumPy."""
