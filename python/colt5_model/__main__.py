"""Command line: python3 -m colt5_model generate | layer | op | compare | list."""
import argparse
import inspect
import json
import os
import sys

from .needs import need

need("numpy")
import numpy as np  # noqa: E402

from . import bf16, compare, document, registry  # noqa: E402


def read(spec):
    """An operand from FILE or bf16:FILE (uint16 bits)."""
    return bf16.load(spec[5:]) if spec.startswith("bf16:") else np.load(spec)


def run_op(args):
    named = {}
    for item in args.arg:
        name, equals, path = item.partition("=")
        if not equals:
            raise ValueError(f"--arg: expected NAME=FILE, got '{item}'")
        named[name] = read(path)
    if args.extra:
        named["extra"] = [read(path) for path in args.extra]
    results = registry.call(args.name, [read(path) for path in args.inputs], named, json.loads(args.params))
    os.makedirs(args.out, exist_ok=True)
    for n, result in enumerate(results):
        np.save(os.path.join(args.out, f"{n}.npy"), result)
        print(f"{n}.npy {result.dtype} {list(result.shape)}")


def run_generate(args):
    config = {"layers": args.layers, "n": args.n, "seed": args.seed}
    config.update(json.loads(args.config))
    names = document.generate(args.text, args.out, document.Config(**config))
    print(f"{len(names)} files in {args.out}")


def run_layer(args):
    document.run_layers(args.dir, args.out, args.routing, args.round, args.replay)


def run_compare(args):
    reasons = compare.differences(read(args.actual), read(args.expected), rtol=args.rtol, atol=args.atol,
                                  norm=args.norm)
    if reasons:
        raise ValueError(f"{args.actual} against {args.expected}: {'; '.join(reasons)}")
    print("equal within tolerance")


def run_list(_):
    for name, function in registry.OPS.items():
        print(f"{name}{inspect.signature(function)}")


def parser():
    top = argparse.ArgumentParser(prog="colt5_model", description="Float64 model of the colt5 operations.")
    commands = top.add_subparsers(required=True)

    op = commands.add_parser("op", help="run one op or layer on .npy operands")
    op.add_argument("name")
    op.add_argument("--params", default="{}", help="attributes as JSON")
    op.add_argument("--in", dest="inputs", nargs="*", default=[], metavar="FILE", help="operands in order")
    op.add_argument("--arg", action="append", default=[], metavar="NAME=FILE", help="an operand by name")
    op.add_argument("--extra", nargs="*", default=[], metavar="FILE", help="the extra operands of attention")
    op.add_argument("--out", required=True, metavar="DIR", help="receives 0.npy, 1.npy, ...")
    op.set_defaults(run=run_op)

    generate = commands.add_parser("generate", help="write the example's inputs and weights")
    generate.add_argument("--text", required=True)
    generate.add_argument("--layers", type=int, default=2)
    generate.add_argument("--n", type=int, default=4096)
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--config", default="{}", help="other sizes as JSON, for example '{\"d\": 64}'")
    generate.add_argument("--out", required=True, metavar="DIR")
    generate.set_defaults(run=run_generate)

    layer = commands.add_parser("layer", help="run the generated layers and write every part")
    layer.add_argument("--dir", required=True, help="a folder written by generate")
    layer.add_argument("--routing", default=None, help="for example '#colt5.routing<softmax_topk>'")
    layer.add_argument("--round", choices=("none", "bf16"), default="none", help="round x and weights first")
    layer.add_argument("--replay", default=None, metavar="DIR", help="take selections from layerL_*idx*.npy there")
    layer.add_argument("--out", required=True, metavar="DIR")
    layer.set_defaults(run=run_layer)

    both = commands.add_parser("compare", help="exit 1 unless two .npy files agree")
    both.add_argument("actual")
    both.add_argument("expected")
    both.add_argument("--rtol", type=float, default=0.0)
    both.add_argument("--atol", type=float, default=0.0)
    both.add_argument("--norm", type=float, default=None, help="bound on the normalised error of the whole")
    both.set_defaults(run=run_compare)

    commands.add_parser("list", help="print every op with its operands and attributes").set_defaults(run=run_list)
    return top


def main():
    args = parser().parse_args()
    try:
        args.run(args)
    except (ValueError, TypeError, LookupError, ArithmeticError, NameError, SyntaxError, EOFError, OSError) as error:
        print(f"colt5_model: error: {error or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
