/* What the header of an artefact needs of OpenMP, for compilers whose OpenMP is not installed. */
#ifdef __cplusplus
extern "C" {
#endif
extern int omp_get_max_threads(void);
extern int omp_get_thread_num(void);
#ifdef __cplusplus
}
#endif
