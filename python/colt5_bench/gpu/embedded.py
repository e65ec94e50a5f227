"""Embedded artefacts (--emit=shared) with arguments that stay where they are, so that a run is one call of C."""
import copy
import ctypes

import numpy as np

from colt5.artefact import NUMPY, ON_CUDA, ON_HOST, TYPES, Artefact, Error, Tensor

STORED = {**NUMPY, "bool": "uint8"}
__all__ = ["Call", "Embedded", "Error", "ON_CUDA", "ON_HOST"]


class Call:
    """A function of an artefact with its tensors in memory of the artefact's device."""

    def __init__(self, owner, inputs, function=None, poison=0xFF):
        self.owner, self.entry, self.places, self.owned, self.kept = owner, owner.find(function), {}, [], []
        fields = [("struct_size", ctypes.c_size_t), *((a["name"], Tensor) for a in self.entry["arguments"])]
        structure = type("Arguments", (ctypes.Structure,), {"_fields_": fields})
        self.arguments = structure(ctypes.sizeof(structure))
        outputs = [a for a in self.entry["arguments"] if a["output"]]
        try:
            for argument in self.entry["arguments"]:
                if not argument["output"]:
                    self.place(argument, np.ascontiguousarray(inputs[argument["name"]]))
            sizes = (ctypes.c_int64 * max(sum(len(a["sizes"]) for a in outputs), 1))()
            self._ask("result_sizes", sizes)
            self.output_sizes, rest = {}, list(sizes)
            for argument in outputs:
                shape, rest = rest[:len(argument["sizes"])], rest[len(argument["sizes"]):]
                self.output_sizes[argument["name"]] = shape
                self.place(argument, _filled(shape, argument, poison))
            self._make_workspace(poison)
        except Error:
            self.free()
            raise

    def share(self, owner):
        """The same tensors in another context on the same device, with a workspace of its own."""
        other = copy.copy(self)
        other.owner, other.entry, other.owned = owner, owner.find(), []
        other._make_workspace(0xFF)
        return other

    def twin(self, poison=0xFF):
        """The same inputs with outputs and a workspace of its own, to run at the same time."""
        other = copy.copy(self)
        other.arguments = type(self.arguments).from_buffer_copy(self.arguments)
        other.places, other.owned = dict(self.places), []
        for argument in self.entry["arguments"]:
            if argument["output"]:
                name = argument["name"]
                array = _filled(self.output_sizes[name], argument, poison)
                address = other.places[name] = self.owner.reserve(array.nbytes)
                other.owned.append(address)
                self.owner.copy_in(address, array)
                getattr(other.arguments, name).data = address
        other._make_workspace(poison)
        return other

    def _make_workspace(self, poison):
        size = ctypes.c_int64()
        self._ask("workspace_size", ctypes.byref(size))
        self.workspace_bytes, self.workspace = size.value, self.owner.reserve(size.value)
        self.owned.append(self.workspace)
        self.owner.copy_in(self.workspace, np.full(size.value, poison, np.uint8))
        self.function = self.owner.get("run", self.entry["symbol"])

    def _ask(self, name, pointer):
        self.owner.check(self.owner.get(name, self.entry["symbol"])(self.owner.context, ctypes.byref(self.arguments),
                                                                    pointer))

    def place(self, argument, array):
        """Puts an array where the function takes it: scalars are the host's."""
        name, is_scalar = argument["name"], argument.get("scalar", False)
        sizes = (ctypes.c_int64 * max(array.ndim, 1))(*array.shape)
        self.kept += [sizes, array] if is_scalar else [sizes]
        if is_scalar:
            address = array.ctypes.data
        else:
            address = self.places[name] = self.owner.reserve(array.nbytes)
            self.owned.append(address)
            self.owner.copy_in(address, array)
        kind = ON_HOST if is_scalar else self.owner.device_kind
        setattr(self.arguments, name, Tensor(ctypes.sizeof(Tensor), address, sizes, None, TYPES.index(argument["type"]),
                                             len(argument["sizes"]), kind, self.owner.device))

    def start(self, stream=None):
        """The status of a run on `stream`; `check` of the owner makes an exception of it."""
        return self.function(self.owner.context, ctypes.c_void_p(stream), ctypes.byref(self.arguments),
                             ctypes.c_void_p(self.workspace), ctypes.c_int64(self.workspace_bytes))

    def run(self, stream=None):
        """Runs, waits, and returns the outputs by name."""
        self.owner.check(self.start(stream))
        self.owner.wait(stream)
        return self.read()

    def read(self):
        types = {a["name"]: STORED[a["type"]] for a in self.entry["arguments"]}
        return {name: self.owner.copy_out(self.places[name], shape, types[name])
                for name, shape in self.output_sizes.items()}

    def read_input(self, name, shape, kind):
        return self.owner.copy_out(self.places[name], shape, kind)

    def spoil(self, poison):
        """Fills outputs and workspace with a byte."""
        for argument in self.entry["arguments"]:
            if argument["output"]:
                name = argument["name"]
                self.owner.copy_in(self.places[name], _filled(self.output_sizes[name], argument, poison))
        self.owner.copy_in(self.workspace, np.full(self.workspace_bytes, poison, np.uint8))

    def free(self):
        for address in self.owned:
            self.owner.release(address)


def _filled(shape, argument, poison):
    array = np.empty(shape, STORED[argument["type"]])
    array.view(np.uint8).fill(poison) if array.ndim else array.fill(0)
    return array


class Embedded(Artefact):
    """The class of the package colt5 with memory and calls that stay."""

    def find(self, function=None):
        return self._find(function)

    def get(self, name, symbol=None):
        return self._get(name, symbol)

    def check(self, status):
        self._check(status)

    def load(self):
        self._do("load", self.context)

    def wait(self, stream=None):
        self._do("last_error", self.context, ctypes.c_void_p(stream))

    def reserve(self, size):
        address = ctypes.c_void_p()
        self._do("allocate", self.context, ctypes.c_int64(size), ctypes.byref(address))
        return address.value

    def release(self, address):
        if address:
            self._do("free", self.context, ctypes.c_void_p(address))

    def copy_in(self, address, array):
        if array.nbytes:
            self._do("copy_in", self.context, ctypes.c_void_p(address), ctypes.c_void_p(array.ctypes.data),
                     ctypes.c_int64(array.nbytes))

    def copy_out(self, address, shape, kind):
        array = np.empty(shape, kind)
        if array.nbytes:
            self._do("copy_out", self.context, ctypes.c_void_p(array.ctypes.data), ctypes.c_void_p(address),
                     ctypes.c_int64(array.nbytes))
        return array

    def take_dlpack(self, described, tensor):
        """Makes `tensor` what a DLTensor describes."""
        self._do("from_dlpack", ctypes.byref(described), ctypes.byref(tensor))

    def name_inputs(self, values):
        """{name: value} of values in the order of the function's inputs."""
        return dict(zip((a["name"] for a in self.find()["arguments"] if not a["output"]), values))
