"""families.py FAMILY OUT: writes OUT.ll, functions that read operands from memory and write one result, and OUT.h, a
table of them for compare.c."""
import sys

INTS = ["i1", "i5", "i8", "i16", "i24", "i32", "i48", "i64", "i128"]
LANES = [1, 2, 3, 4, 5, 7, 8, 16]
FLOATS = ["float", "double"]
BITS = {"float": 32, "double": 64, "half": 16, "bfloat": 16}
SHORT = {"float": "f32", "double": "f64", "half": "f16", "bfloat": "bf16"}


class File:
    def __init__(self):
        self.text, self.table, self.declared, self.count = [], [], set(), 0

    def add(self, result, operands, body, declare=()):
        """`body` computes %r from %a, %b, ...; a text or a list of lines."""
        name = f"case{self.count}"
        self.count += 1
        loads = [line for n, kind in enumerate(operands) for line in load(kind, chr(97 + n), 256 * n)]
        lines = body if isinstance(body, list) else [body]
        self.text += [f"define void @{name}(ptr %in, ptr %out) {{", *("  " + line for line in loads + lines + save(result)), "  ret void", "}"]
        self.declared.update(declare)
        what = lines[-1].replace('"', "'")
        self.table.append(f'CASE({name}, "{SHORT.get(lane(result), "int")}", {count(result)}, "{what}")')

    def write(self, path):
        with open(path + ".ll", "w") as file:
            file.write("\n".join(self.text + sorted(self.declared)) + "\n")
        with open(path + ".h", "w") as file:
            file.write("\n".join(self.table) + "\n")


def lane(kind):
    return kind.split(" x ")[-1].rstrip(">")


def count(kind):
    return int(kind[1:].split(" x ")[0]) if kind.startswith("<") else 1


def vector(n, kind):
    return f"<{n} x {kind}>"


def load(kind, name, offset):
    """Lines that read %name. An i1 or i5 is the lowest bits of a byte."""
    place = f"%{name}_place = getelementptr i8, ptr %in, i64 {offset}"
    if lane(kind) not in ("i1", "i5"):
        return [place, f"%{name} = load {kind}, ptr %{name}_place, align 1"]
    wide = kind.replace(lane(kind), "i8")
    return [place, f"%{name}_byte = load {wide}, ptr %{name}_place, align 1", f"%{name} = trunc {wide} %{name}_byte to {kind}"]


def save(kind):
    if lane(kind) in ("i1", "i5"):
        wide = kind.replace(lane(kind), "i8")
        return [f"%wide = zext {kind} %r to {wide}", f"store {wide} %wide, ptr %out, align 1"]
    return [f"store {kind} %r, ptr %out, align 1"]


def mangle(kind):
    return f"v{count(kind)}{SHORT.get(lane(kind), lane(kind))}" if kind.startswith("<") else SHORT.get(kind, kind)


def integers(file):
    for kind in INTS + [vector(n, i) for n in LANES for i in ("i8", "i16", "i32", "i64")]:
        for op in ("add", "sub", "mul", "and", "or", "xor"):
            file.add(kind, [kind, kind], f"%r = {op} {kind} %a, %b")
    for kind in [vector(n, "i1") for n in LANES]:
        for op in ("and", "or", "xor"):
            file.add(kind, [kind, kind], f"%r = {op} {kind} %a, %b")
    for kind in INTS[:-1] + [vector(n, i) for n in LANES for i in ("i8", "i32", "i64")]:
        one = f"splat ({lane(kind)} 1)" if kind.startswith("<") else "1"
        for op in ("udiv", "sdiv", "urem", "srem"):
            if lane(kind) == "i1":
                continue
            # Neither by 0 nor the lowest number by -1.
            file.add(kind, [kind, kind],
                     [f"%half = lshr {kind} %b, {one}", f"%d = or {kind} %half, {one}", f"%r = {op} {kind} %a, %d"])


def shifts(file):
    for kind in [k for k in INTS if k != "i1"] + [vector(n, i) for n in LANES for i in ("i8", "i16", "i32", "i64")]:
        bits = int(lane(kind)[1:])
        limit = f"splat ({lane(kind)} {bits})" if kind.startswith("<") else str(bits)
        most = f"splat ({lane(kind)} {bits - 1})" if kind.startswith("<") else str(bits - 1)
        for op in ("shl", "lshr", "ashr"):
            file.add(kind, [kind, kind], [f"%n = urem {kind} %b, {limit}", f"%r = {op} {kind} %a, %n"])
            file.add(kind, [kind], f"%r = {op} {kind} %a, {most}")


def compares(file):
    signs = ("eq", "ne", "ult", "ule", "ugt", "uge", "slt", "sle", "sgt", "sge")
    for kind in INTS + [vector(n, i) for n in LANES for i in ("i8", "i16", "i32", "i64")]:
        result = kind.replace(lane(kind), "i1")
        for sign in signs:
            file.add(result, [kind, kind], f"%r = icmp {sign} {kind} %a, %b")
    orders = [p + c for p in "ou" for c in ("eq", "ne", "lt", "le", "gt", "ge")] + ["ord", "uno"]
    for kind in FLOATS + ["half", "bfloat"] + [vector(n, f) for n in LANES for f in FLOATS + ["half"]]:
        result = kind.replace(lane(kind), "i1")
        for order in orders:
            file.add(result, [kind, kind], f"%r = fcmp {order} {kind} %a, %b")
    for n in LANES:
        for kind in (vector(n, "i8"), vector(n, "i64"), vector(n, "float"), vector(n, "i1")):
            mask = vector(n, "i1")
            file.add(kind, [mask, kind, kind], f"%r = select {mask} %a, {kind} %b, {kind} %c")
            file.add(kind, ["i1", kind, kind], f"%r = select i1 %a, {kind} %b, {kind} %c")
            # The mask of one width selects lanes of another.
            file.add(kind, [vector(n, "i16"), vector(n, "double"), kind, kind],
                     [f"%x = icmp slt {vector(n, 'i16')} %a, zeroinitializer",
                      f"%y = fcmp olt {vector(n, 'double')} %b, zeroinitializer", f"%m = and {mask} %x, %y",
                      f"%r = select {mask} %m, {kind} %c, {kind} %d"])


def floats(file):
    for kind in FLOATS + [vector(n, f) for n in LANES for f in FLOATS]:
        for op in ("fadd", "fsub", "fmul", "fdiv"):
            file.add(kind, [kind, kind], f"%r = {op} {kind} %a, %b")
        file.add(kind, [kind], f"%r = fneg {kind} %a")
        # Must not become a fused multiply-add.
        file.add(kind, [kind, kind, kind], [f"%p = fmul {kind} %a, %b", f"%r = fadd {kind} %p, %c"])
        file.add(kind, [kind, kind, kind], [f"%p = fmul {kind} %a, %b", f"%r = fsub {kind} %c, %p"])
        name = mangle(kind)
        for op in ("fma", "fmuladd"):
            file.add(kind, [kind, kind, kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a, {kind} %b, {kind} %c)",
                     [f"declare {kind} @llvm.{op}.{name}({kind}, {kind}, {kind})"])
        for op in ("sqrt", "fabs", "floor", "ceil", "trunc", "rint", "nearbyint", "roundeven"):
            file.add(kind, [kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a)",
                     [f"declare {kind} @llvm.{op}.{name}({kind})"])
        for op in ("copysign", "minimum", "maximum"):
            file.add(kind, [kind, kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a, {kind} %b)",
                     [f"declare {kind} @llvm.{op}.{name}({kind}, {kind})"])
        for op in ("minnum", "maxnum"):
            zero = "splat (" + lane(kind) + " 0.0)" if kind.startswith("<") else "0.0"
            for last in ("%b", zero):
                # LLVM defines which zero comes out of no lane; code for x86 differs for vectors that it pads.
                lines = [f"%m = call {kind} @llvm.{op}.{name}({kind} %a, {kind} {last})", f"%r = fadd {kind} %m, {zero}"]
                if count(kind) * BITS[lane(kind)] in (32, 64, 128, 256) and kind != "<2 x float>":
                    lines = [lines[0].replace("%m", "%r")]
                file.add(kind, [kind, kind], lines,
                         [f"declare {kind} @llvm.{op}.{name}({kind}, {kind})"])
    for constant in ("0x7FF0000000000000", "0xFFF0000000000000", "0x7FF8000000000000", "0x36A0000000000000",
                     "0x47EFFFFFE0000000", "-0.0", "0x3FB99999A0000000"):
        file.add("float", ["i1"], f"%r = select i1 %a, float {constant}, float 1.0")
        file.add("<3 x float>", ["i1"],
                 f"%r = select i1 %a, <3 x float> <float {constant}, float 1.0, float {constant}>, <3 x float> zeroinitializer")
    for constant in ("0x0000000000000001", "0x7FEFFFFFFFFFFFFF", "0xFFF8000000000001", "0x7FF0000000000000"):
        file.add("double", ["i1"], f"%r = select i1 %a, double {constant}, double 1.0")


def halves(file):
    for half in ("half", "bfloat"):
        for n in [0] + LANES:
            kind = vector(n, half) if n else half
            for other in FLOATS:
                wide = vector(n, other) if n else other
                file.add(wide, [kind], f"%r = fpext {kind} %a to {wide}")
                # Of doubles to bf16 the code generator rounds twice.
                if other == "float" or half == "half":
                    file.add(kind, [wide], f"%r = fptrunc {wide} %a to {kind}")
            for op in ("fadd", "fsub", "fmul", "fdiv"):
                file.add(kind, [kind, kind], f"%r = {op} {kind} %a, %b")
            file.add(kind, [kind], f"%r = fneg {kind} %a")
            for integer in ("i16", "i32") if half == "half" else ():
                whole = vector(n, integer) if n else integer
                file.add(kind, [whole], f"%r = sitofp {whole} %a to {kind}")


def casts(file):
    pairs = [(a, b) for a in INTS for b in INTS if int(a[1:]) < int(b[1:])]
    lanes = [(vector(n, a), vector(n, b)) for n in LANES for a in ("i1", "i8", "i16", "i32") for b in ("i16", "i32", "i64")
             if int(a[1:]) < int(b[1:])]
    for small, big in pairs + lanes:
        file.add(small, [big], f"%r = trunc {big} %a to {small}")
        for op in ("zext", "sext"):
            file.add(big, [small], f"%r = {op} {small} %a to {big}")
    for n in [0] + LANES:
        for integer in ("i1", "i8", "i16", "i32", "i64"):
            for real in FLOATS:
                whole, number = (vector(n, integer), vector(n, real)) if n else (integer, real)
                for op in ("sitofp", "uitofp"):
                    file.add(number, [whole], f"%r = {op} {whole} %a to {number}")
                if integer == "i1" or (n and integer != "i32"):
                    continue
                # Only numbers that fit.
                limit = 2 ** (int(integer[1:]) - 2)
                top = f"splat ({real} {limit}.0)" if n else f"{limit}.0"
                low = f"splat ({real} -{limit}.0)" if n else f"-{limit}.0"
                zero = "zeroinitializer" if n else "0.0"
                bit = vector(n, "i1") if n else "i1"
                lines = [f"%u = fcmp olt {number} %a, {top}", f"%o = fcmp ogt {number} %a, {low}", f"%in2 = and {bit} %u, %o",
                         f"%x = select {bit} %in2, {number} %a, {number} {zero}"]
                file.add(whole, [number], lines + [f"%r = fptosi {number} %x to {whole}"])
        small, big = (vector(n, "float"), vector(n, "double")) if n else ("float", "double")
        file.add(big, [small], f"%r = fpext {small} %a to {big}")
        file.add(small, [big], f"%r = fptrunc {big} %a to {small}")
    for a, b in (("float", "i32"), ("double", "i64"), ("<2 x i16>", "i32"), ("i64", "<2 x float>"), ("<4 x float>", "<2 x i64>"),
                 ("<3 x float>", "<3 x i32>"), ("<6 x i16>", "<3 x i32>"), ("half", "i16"), ("<2 x half>", "float")):
        file.add(b, [a], f"%r = bitcast {a} %a to {b}")
        file.add(a, [b], f"%r = bitcast {b} %a to {a}")
    for n in (8, 16, 32, 64):
        mask, number = vector(n, "i1"), f"i{n}"
        file.add(number, [mask], f"%r = bitcast {mask} %a to {number}")
        file.add(mask, [number], f"%r = bitcast {number} %a to {mask}")


def vectors(file):
    for n in LANES:
        for element in ("i8", "i32", "float", "double", "half"):
            kind = vector(n, element)
            for index in sorted({0, n - 1}):
                file.add(element, [kind], f"%r = extractelement {kind} %a, i64 {index}")
                file.add(kind, [kind, element], f"%r = insertelement {kind} %a, {element} %b, i64 {index}")
            file.add(element, [kind, "i8"], [f"%i = urem i8 %b, {n}", f"%r = extractelement {kind} %a, i8 %i"])
            file.add(kind, [kind, element, "i8"], [f"%i = urem i8 %c, {n}", f"%r = insertelement {kind} %a, {element} %b, i8 %i"])
            file.add(kind, [element], [f"%s = insertelement {kind} poison, {element} %a, i64 0",
                                       f"%r = shufflevector {kind} %s, {kind} poison, {vector(n, 'i32')} zeroinitializer"])
            reverse = ", ".join(f"i32 {n - 1 - i}" for i in range(n))
            mix = ", ".join(f"i32 {(3 * i + n) % (2 * n)}" for i in range(n))
            for mask in (reverse, mix):
                file.add(kind, [kind, kind], f"%r = shufflevector {kind} %a, {kind} %b, {vector(n, 'i32')} <{mask}>")
            both = ", ".join(f"i32 {i}" for i in range(2 * n))
            file.add(vector(2 * n, element), [kind, kind],
                     f"%r = shufflevector {kind} %a, {kind} %b, {vector(2 * n, 'i32')} <{both}>")
        mask = vector(n, "i1")
        reverse = ", ".join(f"i32 {n - 1 - i}" for i in range(n))
        file.add(mask, [mask], f"%r = shufflevector {mask} %a, {mask} poison, {vector(n, 'i32')} <{reverse}>")
        file.add("i1", [mask], f"%r = extractelement {mask} %a, i64 {n - 1}")
        file.add(mask, [mask, "i1"], f"%r = insertelement {mask} %a, i1 %b, i64 {n - 1}")


def reductions(file):
    for n in (2, 3, 4, 5, 7, 8, 16, 32):
        for element in ("i8", "i32", "i64"):
            kind = vector(n, element)
            for op in ("add", "mul", "and", "or", "xor", "smax", "smin", "umax", "umin"):
                name = f"@llvm.vector.reduce.{op}.{mangle(kind)}"
                file.add(element, [kind], f"%r = call {element} {name}({kind} %a)", [f"declare {element} {name}({kind})"])
        mask = vector(n, "i1")
        for op in ("and", "or", "xor"):
            name = f"@llvm.vector.reduce.{op}.{mangle(mask)}"
            file.add("i1", [mask], f"%r = call i1 {name}({mask} %a)", [f"declare i1 {name}({mask})"])
        for element in FLOATS:
            kind = vector(n, element)
            for op in ("fadd", "fmul"):
                name = f"@llvm.vector.reduce.{op}.{mangle(kind)}"
                for flag in ("", "reassoc ") if n in (2, 4, 8, 16, 32) else ("",):
                    file.add(element, [element, kind], f"%r = call {flag}{element} {name}({element} %a, {kind} %b)",
                             [f"declare {element} {name}({element}, {kind})"])
            for op in ("fmax", "fmin") if n in (2, 4, 8, 16, 32) else ():
                name = f"@llvm.vector.reduce.{op}.{mangle(kind)}"
                # Which zero comes out is not defined.
                file.add(element, [kind], [f"%m = call {element} {name}({kind} %a)", f"%r = fadd {element} %m, 0.0"],
                         [f"declare {element} {name}({kind})"])


def intrinsics(file):
    kinds = ["i8", "i16", "i32", "i64"] + [vector(n, i) for n in (2, 3, 4, 8, 16) for i in ("i8", "i16", "i32", "i64")]
    for kind in kinds:
        name = mangle(kind)
        for op in ("smin", "smax", "umin", "umax", "sadd.sat", "ssub.sat", "uadd.sat", "usub.sat"):
            file.add(kind, [kind, kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a, {kind} %b)",
                     [f"declare {kind} @llvm.{op}.{name}({kind}, {kind})"])
        for op in ("ctpop", "bitreverse") + (("bswap",) if lane(kind) != "i8" else ()):
            file.add(kind, [kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a)", [f"declare {kind} @llvm.{op}.{name}({kind})"])
        for op in ("ctlz", "cttz", "abs"):
            file.add(kind, [kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a, i1 false)",
                     [f"declare {kind} @llvm.{op}.{name}({kind}, i1)"])
        for op in ("fshl", "fshr"):
            file.add(kind, [kind, kind, kind], f"%r = call {kind} @llvm.{op}.{name}({kind} %a, {kind} %b, {kind} %c)",
                     [f"declare {kind} @llvm.{op}.{name}({kind}, {kind}, {kind})"])


def memory(file):
    for kind in ["i8", "i16", "i24", "i32", "i64", "i128", "float", "double", "half"] + [
            vector(n, e) for n in LANES for e in ("i8", "i16", "i32", "float", "double", "half")]:
        file.add(kind, [], [f"%p = getelementptr i8, ptr %in, i64 5", f"%r = load {kind}, ptr %p, align 1"])
        file.add(kind, [kind], [f"%place = alloca {kind}, align 64", f"store {kind} %a, ptr %place, align 64",
                                f"%r = load {kind}, ptr %place, align 64"])
    for n in LANES:
        for element in ("i8", "i32", "i64", "float", "double"):
            kind, mask = vector(n, element), vector(n, "i1")
            name = f"{mangle(kind)}.p0"
            file.add(kind, [mask, kind], f"%r = call {kind} @llvm.masked.load.{name}(ptr align 1 %in, {mask} %a, {kind} %b)",
                     [f"declare {kind} @llvm.masked.load.{name}(ptr, {mask}, {kind})"])
            file.add(kind, [mask, kind, kind],
                     [f"%place = alloca {kind}, align 64", f"store {kind} %c, ptr %place, align 64",
                      f"call void @llvm.masked.store.{name}({kind} %b, ptr align 64 %place, {mask} %a)",
                      f"%r = load {kind}, ptr %place, align 64"],
                     [f"declare void @llvm.masked.store.{name}({kind}, ptr, {mask})"])
            offsets, pointers = vector(n, "i8"), vector(n, "ptr")
            name = f"{mangle(kind)}.v{n}p0"
            file.add(kind, [mask, offsets, kind],
                     [f"%o = and {offsets} %b, splat (i8 31)", f"%places = getelementptr {element}, ptr %in, {offsets} %o",
                      f"%r = call {kind} @llvm.masked.gather.{name}({pointers} align 1 %places, {mask} %a, {kind} %c)"],
                     [f"declare {kind} @llvm.masked.gather.{name}({pointers}, {mask}, {kind})"])
    for op, rest in (("memcpy", "ptr %q"), ("memmove", "ptr %q"), ("memset", "i8 %a")):
        kind = "ptr" if op != "memset" else "i8"
        name = f"@llvm.{op}.p0.{'p0.' if op != 'memset' else ''}i64"
        for size in ("%n", "0", "13"):
            file.add("i64", ["i8", "i8"],
                     ["%place = alloca [256 x i8], align 16", "call void @llvm.memset.p0.i64(ptr %place, i8 0, i64 256, i1 false)",
                      "%q = getelementptr i8, ptr %in, i64 3", "%n8 = and i8 %b, 127", "%n = zext i8 %n8 to i64",
                      f"call void {name}(ptr %place, {rest}, i64 {size}, i1 false)",
                      "%end = getelementptr i8, ptr %place, i64 9", "%r = load i64, ptr %end, align 1"],
                     [f"declare void {name}(ptr, {kind}, i64, i1)", "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)"])


def main():
    family, path = sys.argv[1:]
    file = File()
    globals()[family](file)
    file.write(path)


if __name__ == "__main__":
    main()
