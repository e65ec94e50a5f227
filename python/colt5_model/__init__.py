"""An independent float64 NumPy model of the colt5 operations, their composites and whole layers.

Nothing here is shared with the compiler; it exists to be compared with.
"""
