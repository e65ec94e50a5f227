"""What a device is to the rest: memory by address and kernels by number. Poison fills what nobody has written."""
import numpy as np

GUARD = 256  # bytes behind every allocation that nobody may write
ALIGNMENT = 256


class DeviceError(Exception):
    """The device, its driver or the emulator refused something; the text says what."""


class Buffer:
    """`bytes` of device memory at `address`, with a guard behind them."""

    def __init__(self, device, size, poison, name):
        self.device, self.bytes, self.name = device, size, name
        self.address = device.reserve(size + GUARD, poison, name)
        self.guard = np.full(GUARD, poison ^ 0x5A, np.uint8)
        device.write_bytes(self.address, size, self.guard)

    def write(self, array):
        self.device.write_bytes(self.address, 0, np.ascontiguousarray(array).view(np.uint8).reshape(-1))
        self.device.mark_written(self.address)

    def read(self, shape, dtype):
        return self.device.read_bytes(self.address, 0, self.bytes).view(dtype).reshape(shape)

    def is_guard_intact(self):
        return np.array_equal(self.device.read_bytes(self.address, self.bytes, GUARD), self.guard)

    def free(self):
        self.device.release(self.address)


def open_device(name, **options):
    """The device called `cuda` or `emulator`; DeviceError where it is not there."""
    if name == "cuda":
        from .cuda import CudaDevice
        return CudaDevice(options.get("driver"))
    from .emulator import EmulatorDevice
    return EmulatorDevice(options.get("emulator"), options.get("seed", 0))
