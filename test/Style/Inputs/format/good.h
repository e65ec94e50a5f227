/* Formatted. */
int formatted(void);
