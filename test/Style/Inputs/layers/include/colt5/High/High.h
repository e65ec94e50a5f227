#include "colt5/Low/Low.h"
