#include "colt5/Target/CPU/CNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

/// Keywords of C up to C23 and of C++ up to C++23, and macros of the standard library and of compilers that
/// have small letters. Macros with parameters are harmless: no name of a header stands before a parenthesis.
static constexpr llvm::StringLiteral kUnsafe =
    "L_ctermid L_tmpnam P_tmpdir alignas alignof and and_eq asm auto bitand bitor bool break case "
    "catch char char16_t char32_t char8_t class co_await co_return co_yield compl complex concept "
    "const const_cast consteval constexpr constinit continue decltype default delete do double "
    "dynamic_cast else enum errno explicit export extern false float for friend goto i386 if "
    "imaginary inline int linux long math_errhandling mutable namespace new noexcept noreturn not "
    "not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires "
    "restrict return sa_handler sa_sigaction short si_addr si_addr_lsb si_arch si_band si_call_addr "
    "si_fd si_int si_lower si_overrun si_pid si_pkey si_ptr si_status si_stime si_syscall si_timerid "
    "si_uid si_upper si_utime si_value sigev_notify_attributes sigev_notify_function signed sizeof "
    "st_atime st_ctime st_mtime static static_assert static_cast stderr stdin stdout struct switch "
    "template this thread_local throw true try typedef typeid typename typeof typeof_unqual union "
    "unix unsigned using virtual void volatile wchar_t while xor xor_eq";

bool colt5::isCIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// Whether some header may make `name` something else.
static bool isUnsafe(StringRef name) {
  if (!isCIdentifier(name) || llvm::is_contained(llvm::split(kUnsafe, ' '), name))
    return true;
  // The implementation's own.
  if (name.starts_with("__") || (name.size() > 1 && name.front() == '_' && llvm::isUpper(name[1])))
    return true;
  // The formats of inttypes.h, such as PRId64.
  if (name.starts_with("PRI") || name.starts_with("SCN"))
    return true;
  // Macros are in capitals, such as EOF; of those of one letter complex.h has I.
  bool hasSmall = llvm::any_of(name, llvm::isLower);
  return name == "I" || (name.size() > 1 && !hasSmall && llvm::isAlpha(name.front()));
}

CNames::CNames(ArrayRef<StringRef> names) {
  for (StringRef name : names)
    own.insert(name);
}

bool CNames::isTaken(StringRef name, ArrayRef<StringRef> suffixes) const {
  auto isKnown = [&](const std::string &text) { return own.contains(text) || used.contains(text); };
  return isKnown(name.str()) ||
         llvm::any_of(suffixes, [&](StringRef suffix) { return isKnown((name + suffix).str()); });
}

std::string CNames::make(StringRef wanted, ArrayRef<StringRef> suffixes) {
  std::string name;
  for (char c : wanted)
    name += llvm::isAlnum(c) ? c : '_';
  if (isUnsafe(name) || own.contains(name))
    name = "arg_" + name;
  std::string unique = name;
  for (unsigned i = 1; isTaken(unique, suffixes); ++i)
    unique = name + "_" + std::to_string(i);
  used.insert(unique);
  for (StringRef suffix : suffixes)
    used.insert((unique + suffix).str());
  return unique;
}
