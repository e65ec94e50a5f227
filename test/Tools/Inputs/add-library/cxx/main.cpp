#include "functions.h"
#include "shared.h"
#include <iostream>

int main() { std::cout << functions_describe() << "\n" << shared_describe() << "\n"; }
