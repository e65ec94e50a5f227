"""Writes names.mlir, whose functions have arguments with every name that may break a header, and includes.c, which includes
the headers of the standard library before and after those of the artefact.

header_names.py FOLDER
"""
import pathlib
import sys

KEYWORDS = """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t class co_await compl
concept const const_cast constexpr continue decltype default delete do double dynamic_cast else enum explicit export
extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq
private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert
static_cast struct switch template this thread_local throw true try typedef typeid typename typeof union unsigned using
virtual void volatile wchar_t while xor xor_eq _Bool _Atomic __func__ __LINE__""".split()
MACROS = """EOF NULL errno assert stdin stdout stderr linux unix i386 complex I INFINITY NAN HUGE_VAL M_PI INT8_MAX SIZE_MAX
BUFSIZ RAND_MAX SEEK_SET SIGINT ENOMEM LC_ALL CHAR_BIT FLT_MAX DBL_EPSILON PRId64 si_pid sa_handler st_atime noreturn
offsetof va_arg isnan INT64_C INT64_MIN UINT16_MAX PTRDIFF_MAX WCHAR_MAX COLT5_OK COLT5_F32""".split()
OWN = """size_t struct_size colt5_tensor names_many0_arguments names_arguments int64_t uint8_t int32_t colt5_cpu_tensor
colt5_parallel colt5_type tensors workspace pool sizes computed num_threads status context stream arguments many0_run
many0_result_sizes many0_workspace_size many0_call_sizes many0_call many0_call_workspace memcpy main""".split()
OTHERS = ["Q", "K", "q", "x", "x_sizes", "a b", "a-b", "a_b_1", "3d", "é", "", "_", "_x", "_X", "a__b", "x", "x"]
HEADERS = """assert complex ctype errno fenv float inttypes limits locale math setjmp signal stdarg stddef stdint stdio
stdlib string time wchar wctype""".split()
PER_FUNCTION = 24


def write_function(number, names):
    arguments = ", ".join(f'%a{i}: tensor<4xf32> {{colt5.name = "{name}"}}' for i, name in enumerate(names))
    # One scalar and one dynamic size, which headers treat in their own ways.
    arguments += ', %s: f32 {colt5.name = "signed"}, %d: tensor<?xf32> {colt5.name = "x"}'
    return (f"func.func @many{number}({arguments}) -> (tensor<4xf32> {{colt5.name = \"{names[0]}\"}}, tensor<?xf32>) {{\n"
            "  return %a0, %d : tensor<4xf32>, tensor<?xf32>\n}\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    names = MACROS + KEYWORDS + OWN + OTHERS
    groups = [names[i:i + PER_FUNCTION] for i in range(0, len(names), PER_FUNCTION)]
    # Names that collide need to stand together.
    groups[0] += OWN[:6] + OTHERS
    text = "".join(write_function(i, group) for i, group in enumerate(groups))
    (folder / "names.mlir").write_text(text, encoding="utf-8")
    standard = "".join(f"#if !defined(__cplusplus) || !{int(name == 'complex')}\n#include <{name}.h>\n#endif\n" for name in HEADERS)
    own = '#include "names.h"\n#include "names.cpu.h"\n'
    (folder / "includes.c").write_text(standard + own + standard + "int use(void);\nint use(void) { return EOF; }\n")


if __name__ == "__main__":
    main()
