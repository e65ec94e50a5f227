// Any name of an output gives a prefix for public symbols; where it is not that name, a note says so.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-compile %s -o %t/colt5_base 2>&1 | FileCheck %s --check-prefix=OURS
// OURS: colt5-compile: note: public symbols begin with 'my_colt5_base': names that begin with 'colt5_' are the interface's own
// RUN: grep -c "^int32_t my_colt5_base_run(my_colt5_base_context" %t/colt5_base.h
// RUN: llvm-nm --defined-only --extern-only %t/colt5_base.o > %t/symbols.txt && not grep -v " T my_colt5_base_" %t/symbols.txt
// RUN: colt5-compile %s --emit=shared -o %t/libcolt5.so 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: note: public symbols begin with 'my_colt5': names that begin
// RUN: colt5-compile %s -o %t/3x.d 2>&1 | FileCheck %s --check-prefix=DIGIT
// DIGIT: note: public symbols begin with 'my_3x': '3x' is no name for a C program
// RUN: colt5-compile %s -o %t/é 2>&1 | FileCheck %s --check-prefix=LETTER
// LETTER: note: public symbols begin with 'my___': '__' is no name for a C program
// RUN: colt5-compile %s --emit=header -o %t/.h 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: note: public symbols begin with 'my_': '' is no name for a C program
// RUN: colt5-compile %s --emit=header -o - < /dev/null | grep -c "compile_prefix_run"

// What is asked for is taken, and other names stay as they are, without a word.
// RUN: colt5-compile %s -o %t/colt5_base --prefix=base 2>&1 | count 0
// RUN: colt5-compile %s -o %t/colt5x 2>&1 | count 0
// RUN: colt5-compile %s -o %t/colt5_base --quiet 2>&1 | count 0
// RUN: colt5-compile %s --target=sm_80 --emit=ptx -o %t/colt5_base.ptx 2>&1 | count 0
// RUN: colt5-compile %s --emit=cpu-header -o %t/colt5_base.h 2>&1 | count 0
// RUN: grep -c base_run %t/colt5_base.o && grep -c colt5x_run %t/colt5x.h

// A prefix for files without public symbols would say nothing.
// RUN: not colt5-compile %s --target=sm_80 --emit=ptx -o %t/unused.ptx --prefix=base 2>&1 | FileCheck %s --check-prefix=UNUSED
// RUN: not colt5-compile %s --stop-stage=input --prefix=base 2>&1 | FileCheck %s --check-prefix=UNUSED
// UNUSED: error: --prefix: nothing that is written has public symbols of the artefact; expected obj, c, header, archive or shared among --emit

// Two such artefacts link into one program, in C and in C++.
// RUN: colt5-compile %s -o %t/colt5_other --quiet && colt5-compile %s -o %t/3x --quiet
// RUN: echo '#include "colt5_base.h"' > %t/main.c && echo '#include "colt5_other.h"' >> %t/main.c && echo '#include "3x.h"' >> %t/main.c
// RUN: echo 'int main(void) { return !*my_colt5_base_describe() + !*my_colt5_other_describe() + !*my_3x_describe(); }' >> %t/main.c
// RUN: colt5-compile %s -o %t/colt5_base --quiet
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -I%t %t/main.c %t/colt5_base.o %t/colt5_other.o %t/3x.o -lpthread -ldl -o %t/program && %t/program
// RUN: %cxx -std=c++17 -Wall -Wextra -Werror -I%t -x c++ %t/main.c -fsyntax-only

func.func @twice(%x: tensor<6xf32>) -> tensor<6xf32> {
  %e = tensor.empty() : tensor<6xf32>
  %r = linalg.add ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
