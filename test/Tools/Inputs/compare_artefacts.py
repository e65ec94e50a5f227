"""compare_artefacts.py PREFIX EXPECTED FOUND...: runs every function of the artefacts, which are shared libraries, on the CPU
with the same drawn inputs and compares all bytes of the outputs with those of the first one."""
import ctypes
import json
import sys

import numpy as np

TYPES = {"bool": np.uint8, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64, "f16": np.float16,
         "bf16": np.uint16, "f32": np.float32, "f64": np.float64}
# Of every dynamic size.
SIZE = 64


class Tensor(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("data", ctypes.c_void_p), ("sizes", ctypes.c_void_p),
                ("strides", ctypes.c_void_p), ("type", ctypes.c_int32), ("rank", ctypes.c_int32),
                ("device_kind", ctypes.c_int32), ("device", ctypes.c_int32)]


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("device_kind", ctypes.c_int32), ("device", ctypes.c_int32),
                ("cuda_context", ctypes.c_void_p), ("driver", ctypes.c_char_p), ("parallel", ctypes.c_void_p),
                ("num_threads", ctypes.c_int32), ("reserved", ctypes.c_int32)]


def draw(rng, kind, shape):
    if kind == "bool":
        return rng.integers(0, 2, shape).astype(np.uint8)
    if kind.startswith("i"):
        return rng.integers(0, 4, shape).astype(TYPES[kind])
    values = np.array(rng.standard_normal(shape), dtype=np.float32)
    if kind == "bf16":
        return (values.view(np.uint32) >> 16).astype(np.uint16)
    return values.astype(TYPES[kind])


class Artefact:
    def __init__(self, path, prefix):
        self.library, self.prefix, self.context = ctypes.CDLL(path), prefix, ctypes.c_void_p()
        for name in ("describe", "message"):
            getattr(self.library, f"{prefix}_{name}").restype = ctypes.c_char_p
        options = Options(ctypes.sizeof(Options), 1, 0, None, None, None, 3, 0)
        self.call(f"{prefix}_context_create", ctypes.byref(options), ctypes.byref(self.context))
        self.functions = json.loads(getattr(self.library, f"{prefix}_describe")())["functions"]

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        # Drawn indices may be out of range, which is told after a complete run.
        if status not in (0, 1):
            raise SystemExit(f"{name}: status {status}: {getattr(self.library, self.prefix + '_message')().decode()}")

    def run(self, function, seed):
        """The outputs."""
        rng, arguments, symbol = np.random.default_rng(seed), function["arguments"], function["symbol"]
        inputs = [a for a in arguments if not a["output"]]
        outputs = arguments[len(inputs):]
        arrays = [draw(rng, a["type"], [n if isinstance(n, int) else SIZE for n in a["sizes"]]) for a in inputs]
        sizes = (ctypes.c_int64 * max(1, sum(len(a["sizes"]) for a in outputs)))()
        self.call(f"{symbol}_result_sizes", self.context, ctypes.byref(self.pack(arguments, arrays)[0]), sizes)
        at = 0
        for a in outputs:
            rank = len(a["sizes"])
            arrays.append(np.zeros(tuple(sizes[at:at + rank]), TYPES[a["type"]]))
            at += rank
        struct, keep = self.pack(arguments, arrays)
        count, workspace = ctypes.c_int64(), ctypes.c_void_p()
        self.call(f"{symbol}_workspace_size", self.context, ctypes.byref(struct), ctypes.byref(count))
        self.call(f"{self.prefix}_allocate", self.context, count, ctypes.byref(workspace))
        self.call(f"{symbol}_run", self.context, None, ctypes.byref(struct), workspace, count)
        self.call(f"{self.prefix}_free", self.context, workspace)
        return arrays[len(inputs):]

    def pack(self, arguments, arrays):
        """The struct of the function, and what must live as long."""
        class Arguments(ctypes.Structure):
            _fields_ = [("struct_size", ctypes.c_size_t), ("tensors", Tensor * len(arguments))]
        struct, keep = Arguments(), []
        struct.struct_size = ctypes.sizeof(Arguments)
        for n, (argument, array) in enumerate(zip(arguments, arrays)):
            sizes = (ctypes.c_int64 * max(1, array.ndim))(*array.shape)
            keep.append(sizes)
            struct.tensors[n] = Tensor(ctypes.sizeof(Tensor), array.ctypes.data, ctypes.addressof(sizes), None,
                                       list(TYPES).index(argument["type"]), array.ndim, 1, 0)
        self.keep = keep
        return struct, keep


def main():
    prefix, paths = sys.argv[1], sys.argv[2:]
    expected, *others = [Artefact(path, prefix) for path in paths]
    wrong = 0
    for function in expected.functions:
        for seed in (1, 2):
            want = expected.run(function, seed)
            if not any(output.any() for output in want):
                raise SystemExit(f"{function['name']}: all outputs are zero")
            for other, path in zip(others, paths[1:]):
                got = other.run(function, seed)
                if any(a.tobytes() != b.tobytes() for a, b in zip(want, got)):
                    wrong += 1
                    print(f"{function['name']} of {path}: other bits")
    print(f"{prefix}: {len(expected.functions)} functions in {len(others)} libraries, {wrong} differ")
    sys.exit(wrong != 0)


main()
