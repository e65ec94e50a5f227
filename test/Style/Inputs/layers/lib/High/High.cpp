#include "Detail.h"
#include "colt5/Low/Low.h"
