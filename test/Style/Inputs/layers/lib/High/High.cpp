#include "colt5/Group/Second.h"
