"""A CUDA device through the driver's library alone: no PyTorch, no toolkit. Shares PyTorch's (the primary) context."""
import ctypes

import numpy as np

from .artefact import IMAGES
from .device import DeviceError

COMPUTE_MAJOR, COMPUTE_MINOR, MAX_SHARED = 75, 76, 97  # CUdevice_attribute
FUNCTION_DYNAMIC_SHARED = 8  # CUfunction_attribute
DEFAULT_SHARED = 48 * 1024  # bytes a kernel may use without asking


class CudaDevice:
    name = "cuda"
    stream = None

    def __init__(self, library=None):
        try:
            self.driver = ctypes.CDLL(str(library or "libcuda.so.1"))
        except OSError as error:
            raise DeviceError(f"expected an NVIDIA driver: {error}") from error
        self.device, self.context = ctypes.c_int(), ctypes.c_void_p()
        self.do("cuInit", 0)
        self.do("cuDeviceGet", ctypes.byref(self.device), 0)
        self.do("cuDevicePrimaryCtxRetain", ctypes.byref(self.context), self.device)
        self.do("cuCtxSetCurrent", self.context)
        self.capability = 10 * self._attribute(COMPUTE_MAJOR) + self._attribute(COMPUTE_MINOR)
        self.max_shared = self._attribute(MAX_SHARED)

    def close(self):
        self.do("cuDevicePrimaryCtxRelease_v2", self.device)

    def do(self, function, *arguments):
        """Calls the driver; DeviceError with the driver's text on failure."""
        status = getattr(self.driver, function)(*arguments)
        if status:
            text = ctypes.c_char_p()
            self.driver.cuGetErrorString(status, ctypes.byref(text))
            raise DeviceError(f"{function}: error {status}: {(text.value or b'unknown').decode()}")

    def _attribute(self, number):
        value = ctypes.c_int()
        self.do("cuDeviceGetAttribute", ctypes.byref(value), number, self.device)
        return value.value

    def accepts(self, artefact):
        """None, or why the artefact cannot run here: sm_90a needs 9.0 exactly, others their capability or later."""
        exact = artefact.chip.endswith("a")
        wanted = int("".join(filter(str.isdigit, artefact.chip)))
        if (exact and self.capability != wanted) or self.capability < wanted:
            return f"it is for {artefact.chip}, the device has compute capability {self.capability / 10}"
        if not any(artefact.path(file) for _, file in IMAGES):
            return "it has no image for a GPU"
        return None

    def describe(self):
        name = ctypes.create_string_buffer(96)
        self.do("cuDeviceGetName", name, len(name), self.device)
        return {"device": name.value.decode(), "capability": self.capability / 10}

    def load(self, artefact):
        return CudaModule(self, artefact)

    def reserve(self, size, poison, name):
        address = ctypes.c_uint64()
        self.do("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(size))
        self.write_bytes(address.value, 0, np.full(size, poison, np.uint8))
        return address.value

    def release(self, address):
        self.do("cuMemFree_v2", ctypes.c_uint64(address))

    def write_bytes(self, address, offset, values):
        if values.size:
            self.do("cuMemcpyHtoD_v2", ctypes.c_uint64(address + offset), ctypes.c_void_p(values.ctypes.data),
                    ctypes.c_size_t(values.size))

    def read_bytes(self, address, offset, size):
        values = np.empty(size, np.uint8)
        if size:
            self.do("cuMemcpyDtoH_v2", ctypes.c_void_p(values.ctypes.data), ctypes.c_uint64(address + offset),
                    ctypes.c_size_t(size))
        return values

    def mark_written(self, address):
        pass

    def synchronize(self):
        self.do("cuCtxSynchronize")


class CudaModule:
    """The kernels of one artefact, from its cubin if the device is its chip, else from its PTX."""

    def __init__(self, device, artefact):
        self.device, self.kernels, self.module = device, artefact.kernels, ctypes.c_void_p()
        # A cubin runs on its major version only; PTX is compiled by the driver.
        major = int("".join(filter(str.isdigit, artefact.chip))) // 10
        kinds = [file for kind, file in IMAGES if artefact.path(file)
                 and (kind == "ptx" or device.capability // 10 == major)]
        if not kinds:
            raise DeviceError(f"{artefact.name}: expected PTX or a cubin for compute capability "
                              f"{device.capability / 10}")
        image = artefact.path(kinds[0]).read_bytes() + b"\0"
        device.do("cuModuleLoadDataEx", ctypes.byref(self.module), image, 0, None, None)
        self.functions = [self._function(kernel) for kernel in self.kernels]

    def _function(self, kernel):
        function = ctypes.c_void_p()
        self.device.do("cuModuleGetFunction", ctypes.byref(function), self.module, kernel.name.encode())
        if kernel.dynamic_shared_bytes > self.device.max_shared:
            raise DeviceError(f"kernel {kernel.name}: needs {kernel.dynamic_shared_bytes} bytes of shared memory, the "
                              f"device has {self.device.max_shared} per block")
        if kernel.dynamic_shared_bytes > DEFAULT_SHARED:
            self.device.do("cuFuncSetAttribute", function, FUNCTION_DYNAMIC_SHARED,
                           ctypes.c_int(kernel.dynamic_shared_bytes))
        return function

    def launch(self, number, grid, parameters, stream):
        kernel = self.kernels[number]
        if max(grid[1:]) > 65535 or grid[0] >= 2 ** 31:
            raise DeviceError(f"kernel {kernel.name}: expected a grid of at most 2^31 - 1 x 65535 x 65535 blocks, got "
                              f"{list(grid)}")
        try:
            self.device.do("cuLaunchKernel", self.functions[number], *(ctypes.c_uint(g) for g in grid),
                           *(ctypes.c_uint(b) for b in kernel.block), ctypes.c_uint(kernel.dynamic_shared_bytes),
                           ctypes.c_void_p(stream), parameters, None)
        except DeviceError as error:
            raise DeviceError(f"kernel {kernel.name}: {error}") from error

    def unload(self):
        self.device.do("cuModuleUnload", self.module)
