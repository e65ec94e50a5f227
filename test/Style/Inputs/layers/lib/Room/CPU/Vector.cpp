#include "colt5/Room/GPU/Warp.h"
