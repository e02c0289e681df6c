/* A libcuda.so.1 of long ago: it has one of the functions that the loader needs. */
int cuGetErrorName(int error, const char **text);
int cuGetErrorName(int error, const char **text) {
  (void)error;
  *text = "CUDA_ERROR_UNKNOWN";
  return 0;
}
