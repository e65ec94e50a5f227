#include "colt5/Machine/Chip.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

ArrayRef<Chip> colt5::getChips() {
  static const Chip chips[] = {
      {"sm_80", /*capability=*/80, /*archSpecific=*/false, /*minPtx=*/70, /*ptx=*/70,
       /*maxSharedBytes=*/163 << 10, /*maxRegisters=*/255, /*processors=*/108},
      {"sm_90a", /*capability=*/90, /*archSpecific=*/true, /*minPtx=*/80, /*ptx=*/80,
       /*maxSharedBytes=*/227 << 10, /*maxRegisters=*/255, /*processors=*/132},
  };
  return chips;
}

const Chip *colt5::findChip(StringRef name) {
  const auto *found = llvm::find_if(getChips(), [&](const Chip &chip) { return chip.name == name; });
  return found == getChips().end() ? nullptr : found;
}

std::string colt5::listChips() {
  return llvm::join(llvm::map_range(getChips(), [](const Chip &chip) { return chip.name.str(); }), ", ");
}

std::string colt5::formatPtxVersion(int version) {
  return std::to_string(version / 10) + "." + std::to_string(version % 10);
}
