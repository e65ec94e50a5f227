#include "../High/Detail.h"
#include "colt5/High/High.h"
