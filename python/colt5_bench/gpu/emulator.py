"""The emulator as a device: test/lib/Emulator/EmulatorDevice.cpp."""
import ctypes

import numpy as np

from .artefact import MODULE
from .device import ALIGNMENT, GUARD, DeviceError


class EmulatorDevice:
    """Device memory is host memory that every loaded module knows."""
    name = "emulator"

    def __init__(self, library, seed=0):
        if not library:
            raise DeviceError("expected --emulator=libcolt5-test-emulator-device.so for the device 'emulator'")
        self.api, self.seed = ctypes.CDLL(str(library)), seed
        self.memory, self.modules = {}, []

    def accepts(self, artefact):
        """None, or why the artefact cannot run here."""
        return None if artefact.path(MODULE) else "it has no module for the emulator (pack --emulator)"

    def describe(self):
        return {"device": "emulator"}

    def load(self, artefact):
        module = EmulatedModule(self, artefact)
        self.modules.append(module)
        return module

    def reserve(self, size, poison, name):
        memory = np.full(size + ALIGNMENT, poison, np.uint8)
        address = (memory.ctypes.data + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
        start = address - memory.ctypes.data
        self.memory[address] = [memory, start, size, name, False]
        for module in self.modules:
            module.add(address)
        return address

    def release(self, address):
        for module in self.modules:
            module.remove(address)
        del self.memory[address]

    def write_bytes(self, address, offset, values):
        memory, start, *_ = self.memory[address]
        memory[start + offset:start + offset + values.size] = values

    def read_bytes(self, address, offset, size):
        memory, start, *_ = self.memory[address]
        return memory[start + offset:start + offset + size].copy()

    def mark_written(self, address):
        self.memory[address][4] = True
        for module in self.modules:
            module.remove(address)
            module.add(address)

    def synchronize(self):
        pass

    stream = None


class EmulatedModule:
    """The kernels of one artefact."""

    def __init__(self, device, artefact):
        self.device, self.kernels = device, artefact.kernels
        self.parameter_bytes = [(ctypes.c_uint32 * max(len(k.parameters), 1))(*k.parameters) for k in self.kernels]
        self.handle = ctypes.c_void_p()
        self._do("emulator_open", str(artefact.path(MODULE)).encode(), ctypes.c_uint64(device.seed),
                 ctypes.byref(self.handle))
        for address in device.memory:
            self.add(address)

    def _do(self, function, *arguments):
        message = ctypes.create_string_buffer(4096)
        if getattr(self.device.api, function)(*arguments, message, ctypes.c_size_t(len(message))):
            raise DeviceError(f"{function}: {message.value.decode(errors='replace').strip()}")

    def add(self, address):
        """Kernels may not touch the guard."""
        _, _, size, name, written = self.device.memory[address]
        self.device.api.emulator_add_buffer(self.handle, name.encode(), ctypes.c_void_p(address),
                                                ctypes.c_uint64(size - GUARD), ctypes.c_int(written))

    def remove(self, address):
        self.device.api.emulator_remove_buffer(self.handle, ctypes.c_void_p(address))

    def launch(self, number, grid, parameters, stream):
        kernel = self.kernels[number]
        self._do("emulator_launch", self.handle, kernel.name.encode(), (ctypes.c_uint32 * 3)(*grid),
                 (ctypes.c_uint32 * 3)(*kernel.block), ctypes.c_uint32(kernel.dynamic_shared_bytes),
                 ctypes.c_uint32(len(kernel.parameters)), self.parameter_bytes[number], parameters)

    def unload(self):
        self.device.modules.remove(self)
        self.device.api.emulator_close(self.handle)
