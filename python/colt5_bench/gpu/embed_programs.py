"""MLIR text of functions that only the measurements of artefacts need."""

WIDE_TENSORS = 20


def make_gather(n, rows, width, data="f32"):
    """The text of a function that gathers rows of x by the caller's indices."""
    source, index, result = f"tensor<1x{n}x{width}x{data}>", f"tensor<1x{rows}xi32>", f"tensor<1x{rows}x{width}x{data}>"
    return (f'func.func @f(%x: {source} {{colt5.name = "x"}}, %idx: {index} {{colt5.name = "idx"}})\n'
            f'    -> ({result} {{colt5.name = "rows"}}) {{\n  %e = tensor.empty() : {result}\n'
            f"  %r = colt5.gather ins(%x, %idx : {source}, {index}) outs(%e : {result}) -> {result}\n"
            f"  return %r : {result}\n}}\n")


def make_wide_function(named):
    """The text of a function with 20 tensors and one kernel; sizes are static, or batch and n, which all share."""
    shape, suffix = ("?x?x8", ' {colt5.sizes = ["batch", "n", 8]}') if named else ("1x4x8", "")
    kind = f"tensor<{shape}xf32>"
    arguments = ", ".join(f"%x{i}: {kind}{suffix}" for i in range(WIDE_TENSORS - 1))
    sizes = ("  %c0 = arith.constant 0 : index\n  %c1 = arith.constant 1 : index\n"
             f"  %b = tensor.dim %x0, %c0 : {kind}\n  %n = tensor.dim %x0, %c1 : {kind}\n") if named else ""
    return (f"func.func @f({arguments}) -> ({kind}{suffix}) {{\n{sizes}"
            f"  %e = tensor.empty({'%b, %n' if named else ''}) : {kind}\n"
            f"  %y = linalg.add ins(%x0, %x1 : {kind}, {kind}) outs(%e : {kind}) -> {kind}\n"
            f"  return %y : {kind}\n}}\n")
