"""Kernels in the emulator from Python: what they do is compared with plain loops over Python numbers."""
import ctypes
import os
import struct
import tempfile


class Device:
    """The kernels of `text`, a gpu.module in nvvm form."""

    def __init__(self, text, seed=0):
        self.api = ctypes.CDLL(os.environ["COLT5_TEST_DEVICE"])
        self.handle = ctypes.c_void_p()
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(text)
            file.flush()
            error = self._call("emulator_open", file.name.encode(), ctypes.c_uint64(seed), ctypes.byref(self.handle))
        if error:
            raise SystemExit(error)

    def _call(self, function, *arguments):
        message = ctypes.create_string_buffer(4096)
        failed = getattr(self.api, function)(*arguments, message, ctypes.c_size_t(len(message)))
        return message.value.decode(errors="replace").strip() if failed else ""

    def launch(self, kernel, arguments, threads=32, blocks=1, shared=0):
        """A Buffer is passed as its address, bytes as they are. Returns the error, or ''."""
        values = [ctypes.create_string_buffer(a.pointer() if isinstance(a, Buffer) else a) for a in arguments]
        sizes = [8 if isinstance(a, Buffer) else len(a) for a in arguments]
        buffers = {b.address(): b for b in Buffer.alive}
        for address, b in buffers.items():
            self.api.emulator_add_buffer(self.handle, b.name.encode(), ctypes.c_void_p(address),
                                             ctypes.c_uint64(b.size), ctypes.c_int(1))
        error = self._call("emulator_launch", self.handle, kernel.encode(), (ctypes.c_uint32 * 3)(blocks, 1, 1),
                           (ctypes.c_uint32 * 3)(threads, 1, 1), ctypes.c_uint32(shared),
                           ctypes.c_uint32(len(sizes)), (ctypes.c_uint32 * len(sizes))(*sizes),
                           (ctypes.c_void_p * len(values))(*[ctypes.addressof(v) for v in values]))
        for address in buffers:
            self.api.emulator_remove_buffer(self.handle, ctypes.c_void_p(address))
        return error


class Buffer:
    """Global memory, aligned to 128 bytes; every buffer that exists can be reached by kernels."""
    alive = []

    def __init__(self, content, name="buffer"):
        self.size, self.name = len(content), name
        self.memory = ctypes.create_string_buffer(self.size + 128)
        self.set(content)
        Buffer.alive.append(self)

    def address(self):
        return (ctypes.addressof(self.memory) + 127) // 128 * 128

    def pointer(self):
        return struct.pack("<Q", self.address())

    def set(self, content):
        ctypes.memmove(self.address(), bytes(content), len(content))

    def get(self):
        return ctypes.string_at(self.address(), self.size)

    def words(self):
        return struct.unpack(f"<{self.size // 4}I", self.get())


def pack(kind, value):
    """The bytes of a number; of tf32 some that the tensor core must not look at."""
    if kind == "f16":
        return struct.pack("<e", value)
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    if kind == "bf16":
        return struct.pack("<H", bits >> 16)
    return struct.pack("<I", bits | 0xABC) if kind == "tf32" else struct.pack("<I", bits)


def float_of(word):
    return struct.unpack("<f", struct.pack("<I", word))[0]


def halves_of(word):
    return struct.unpack("<2e", struct.pack("<I", word))


def random_matrix(rng, rows, columns):
    """Multiples of 1/16 up to 4: products and sums of a few are exact in f32, the numbers themselves in bf16."""
    return [[rng.randint(-64, 64) / 16 for _ in range(columns)] for _ in range(rows)]


def product(a, b, c, sign=1):
    """a * b + c, all lists of rows."""
    return [[c[i][j] + sign * sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))]
            for i in range(len(a))]


def expect(what, found, wanted, tolerance=0.0):
    """Both lists of rows."""
    for i, (row, good) in enumerate(zip(found, wanted, strict=True)):
        for j, (x, y) in enumerate(zip(row, good, strict=True)):
            if not abs(x - y) <= tolerance * max(1, abs(y)):
                raise SystemExit(f"{what}: wrong result at ({i}, {j}): expected {y}, found {x}")
    print(f"{what}: as expected")
