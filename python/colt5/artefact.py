"""A class for artefacts of colt5-compile --emit=shared, which needs ctypes and NumPy."""
import contextlib
import ctypes
import json
import os
import re

import numpy as np

TYPES = ("bool", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64")
NUMPY = dict(zip(TYPES, ("bool", "int8", "int16", "int32", "int64", "float16", "uint16", "float32", "float64")))
ON_HOST, ON_CUDA = 1, 2
HEADER_OF_VERSIONED = 32  # bytes before the DLTensor of a DLManagedTensorVersioned


class Tensor(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("data", ctypes.c_void_p), ("sizes", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64)), ("type", ctypes.c_int32), ("rank", ctypes.c_int32),
                ("device_kind", ctypes.c_int32), ("device", ctypes.c_int32)]


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("device_kind", ctypes.c_int32), ("device", ctypes.c_int32),
                ("cuda_context", ctypes.c_void_p), ("driver", ctypes.c_char_p), ("parallel", ctypes.c_void_p),
                ("num_threads", ctypes.c_int32), ("reserved", ctypes.c_int32)]


class Error(RuntimeError):
    """What an artefact refused; `status` is the number in its header."""
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Artefact:
    """A library of --emit=shared on one device. NumPy arrays go to a GPU and come back from it as copies; tensors with
    __dlpack__, such as PyTorch's, are used where they are."""

    def __init__(self, path, prefix=None, device_kind=0, device=0, driver=None, num_threads=0, parallel=None):
        self.library, self.context = ctypes.CDLL(os.path.abspath(path)), ctypes.c_void_p()
        self.prefix = prefix or make_prefix(path)
        for name in ("describe", "message", "status_name", "target"):
            self._get(name).restype = ctypes.c_char_p
        self.description = json.loads(self._get("describe")())
        options = Options(ctypes.sizeof(Options), device_kind, device, None, driver and driver.encode(),
                          parallel and ctypes.addressof(parallel), num_threads, 0)
        self._do("context_create", ctypes.byref(options), ctypes.byref(self.context))
        self.target = self._get("target")(self.context).decode()
        self.device_kind, self.device, self.parallel = ON_HOST if self.target == "cpu" else ON_CUDA, device, parallel

    def close(self):
        self._do("context_destroy", self.context)
        self.context = ctypes.c_void_p()

    def run(self, function=None, *, stream=None, **values):
        """Calls a function with arguments by name; returns its outputs by name. Outputs that are not given are new
        NumPy arrays. `stream` is the number of a CUstream."""
        entry = self._find(function)
        inputs = [a for a in entry["arguments"] if not a["output"]]
        outputs = [a for a in entry["arguments"] if a["output"]]
        known = {a["name"] for a in entry["arguments"]}
        if not {a["name"] for a in inputs} <= values.keys() <= known:
            raise TypeError(f"{entry['name']}: expected {', '.join(a['name'] for a in inputs)} and optionally "
                            f"{', '.join(a['name'] for a in outputs)}, found {', '.join(values) or 'nothing'}")
        fields = [("struct_size", ctypes.c_size_t)] + [(a["name"], Tensor) for a in entry["arguments"]]
        arguments = type("Arguments", (ctypes.Structure,), {"_fields_": fields})()
        arguments.struct_size = ctypes.sizeof(arguments)
        with contextlib.ExitStack() as stack:
            for argument in inputs:
                tensor = self._view(argument, values[argument["name"]], stream, stack)
                setattr(arguments, argument["name"], tensor)
            if not {a["name"] for a in outputs} <= values.keys():
                self._make_outputs(entry["symbol"], arguments, outputs, values)
            for argument in outputs:
                setattr(arguments, argument["name"], self._view(argument, values[argument["name"]], stream, stack))
            size, workspace = ctypes.c_int64(), ctypes.c_void_p()
            self._call(entry["symbol"], "workspace_size", ctypes.byref(arguments), ctypes.byref(size))
            workspace = self._allocate(size.value, stack)
            handle = ctypes.c_void_p(stream)
            self._check(self._get("run", entry["symbol"])(self.context, handle, ctypes.byref(arguments), workspace, size))
            self._do("last_error", self.context, handle)
            for argument in outputs:
                value, tensor = values[argument["name"]], getattr(arguments, argument["name"])
                if isinstance(value, np.ndarray) and value.size and tensor.data != value.ctypes.data:
                    self._do("copy_out", self.context, ctypes.c_void_p(value.ctypes.data), ctypes.c_void_p(tensor.data),
                             ctypes.c_int64(value.nbytes))
        return {a["name"]: values[a["name"]] for a in outputs}

    def _get(self, name, symbol=None):
        return getattr(self.library, f"{symbol or self.prefix}_{name}")

    def _check(self, status):
        if status:
            raise Error(status, f"{self._get('status_name')(status).decode()}: {self._get('message')().decode()}")

    def _do(self, name, *arguments):
        self._check(self._get(name)(*arguments))

    def _call(self, symbol, name, *arguments):
        self._check(self._get(name, symbol)(self.context, *arguments))

    def _find(self, name):
        entries = {entry["name"]: entry for entry in self.description["functions"]}
        if name is None and len(entries) == 1:
            return next(iter(entries.values()))
        if name not in entries:
            raise TypeError(f"expected one of the functions {', '.join(entries)}, found {name}")
        return entries[name]

    def _allocate(self, size, stack):
        address = ctypes.c_void_p()
        self._do("allocate", self.context, ctypes.c_int64(size), ctypes.byref(address))
        stack.callback(self._get("free"), self.context, address)
        return address

    def _make_outputs(self, symbol, arguments, outputs, values):
        sizes = (ctypes.c_int64 * max(sum(len(a["sizes"]) for a in outputs), 1))()
        self._call(symbol, "result_sizes", ctypes.byref(arguments), sizes)
        rest = list(sizes)
        for argument in outputs:
            rank = len(argument["sizes"])
            values.setdefault(argument["name"], np.empty(rest[:rank], NUMPY[argument["type"]]))
            rest = rest[rank:]

    def _view(self, argument, value, stream, stack):
        """The tensor of a value, which `stack` keeps alive."""
        tensor = Tensor()
        if not isinstance(value, np.ndarray) and hasattr(value, "__dlpack__"):
            kind, _ = value.__dlpack_device__()
            # The producer orders its work before ours: 1 is the default stream.
            capsule = value.__dlpack__(stream=stream or 1) if kind == ON_CUDA else value.__dlpack__()
            stack.callback(lambda kept: None, capsule)
            self._do("from_dlpack", ctypes.c_void_p(find_dl_tensor(capsule)), ctypes.byref(tensor))
            return tensor
        wanted, is_scalar = NUMPY[argument["type"]], argument.get("scalar", False)
        array = value if isinstance(value, np.ndarray) else np.array(value, wanted)
        bits = "uint16" if array.dtype.name == "bfloat16" and argument["type"] == "bf16" else array.dtype.name
        if bits != wanted or not array.dtype.isnative:
            raise TypeError(f"argument '{argument['name']}': expected an array of {wanted}, found {array.dtype}")
        if any(stride % array.itemsize for stride in array.strides):
            raise TypeError(f"argument '{argument['name']}': expected strides of whole elements, found {array.strides}")
        if argument["output"] and not array.flags.writeable:
            raise TypeError(f"argument '{argument['name']}': expected an array to write to, found a read-only one")
        sizes, strides = ((ctypes.c_int64 * max(array.ndim, 1))(*numbers) for numbers in
                          (array.shape, (n // array.itemsize for n in array.strides)))
        stack.callback(lambda *kept: None, array, sizes, strides)
        address, kind = array.ctypes.data, ON_HOST if is_scalar else self.device_kind
        if kind == ON_CUDA:
            # What is not dense is refused, and its bytes do not follow each other.
            size = array.nbytes if array.flags.c_contiguous else 0
            address = self._allocate(array.nbytes, stack).value
            self._do("copy_in", self.context, ctypes.c_void_p(address), ctypes.c_void_p(array.ctypes.data),
                     ctypes.c_int64(size))
        return Tensor(ctypes.sizeof(tensor), address, sizes, strides, TYPES.index(argument["type"]), array.ndim, kind,
                      self.device)


def make_prefix(path):
    """What symbols begin with in a file of this name, unless --prefix said otherwise."""
    stem = os.path.basename(path).split(".")[0].removeprefix("lib")
    name = re.sub(rb"[^A-Za-z0-9]", b"_", os.fsencode(stem)).decode()
    return "my_" + name if re.match(r"colt5(_|$)|[^A-Za-z]|$", name) else name


def find_dl_tensor(capsule):
    """The address of the DLTensor in a capsule, old or versioned, which stays the owner of the data."""
    api = ctypes.pythonapi
    api.PyCapsule_IsValid.argtypes = api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    for name, offset in ((b"dltensor", 0), (b"dltensor_versioned", HEADER_OF_VERSIONED)):
        if api.PyCapsule_IsValid(capsule, name):
            return api.PyCapsule_GetPointer(capsule, name) + offset
    raise TypeError("expected a capsule 'dltensor' or 'dltensor_versioned' of __dlpack__, found another one")
