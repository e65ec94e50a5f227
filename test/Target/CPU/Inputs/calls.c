void *memcpy(void *, const void *, unsigned long);
int puts(const char *);
extern int another;
int f(void *a, void *b, unsigned long n) {
  memcpy(a, b, n);
#ifdef GOOD
  return 0;
#else
  return puts("x") + another;
#endif
}
