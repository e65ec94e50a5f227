#include "colt5/Codegen/GPU/Families.h"

#include "MmaSync/MmaSyncFamily.h"
#include "Select/SelectFamily.h"
#include "Simt/SimtFamily.h"
#include "colt5/Codegen/GPU/KernelFamily.h"

using namespace mlir;
using namespace mlir::colt5;

const WholeKernelFamily *colt5::findWholeKernelFamily(PlanAttr plan) {
  const KernelFamily *family = findFamily(plan.getContext(), plan.getFamily());
  return family && family->writesWholeKernels() ? static_cast<const WholeKernelFamily *>(family) : nullptr;
}

void colt5::registerGPUFamilies(DialectRegistry &registry) {
  registerKernelFamily<SimtFamily>(registry);
  registerKernelFamily<SelectFamily>(registry);
  registerKernelFamily<MmaSyncFamily>(registry);
}
