// A comment beside the code is not public.
const char *message() { return "expected gate beside gate_bias, found none"; }
