#include "colt5/Codegen/GPU/Families.h"

#include "Select/SelectFamily.h"
#include "Simt/SimtFamily.h"

using namespace mlir;
using namespace mlir::colt5;

void colt5::registerGPUFamilies(DialectRegistry &registry) {
  registerKernelFamily<SimtFamily>(registry);
  registerKernelFamily<SelectFamily>(registry);
}
