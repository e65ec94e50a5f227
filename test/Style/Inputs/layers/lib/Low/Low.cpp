#include "colt5/High/High.h"
