/* Checks and times the candidates of one kernel. Each is checked in a process of its own, so that one that
 * crashes or hangs costs itself alone; those that pass take turns with the FMA peak. Prints, in this order:
 *   check <candidate> ok <error> | wrong <error> | written-outside | status <n> | signal <n> | hung
 *   peak <round> <gflops>
 *   time <candidate> <round> <nanoseconds of one call, the window's mean>
 *   done
 */
#define _DEFAULT_SOURCE

#include "fma_peak.h"
#include "tune_case.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One set of tensors; copies share all but the weights. */
typedef struct tensors {
  void *values[most_arguments];
} tensors;

static unsigned char *scratch;
static size_t scratch_top;

/* Blocks of scratch, lowest first, with where each begins. */
enum { most_blocks = 64 };
static struct scratch_block {
  size_t begin;
  int live;
} blocks[most_blocks];
static int block_count;

/* Kernels reach these under the runtime's names, and with its rule: a block's memory becomes available again
   once every block above it is free as well. */
void *halide_malloc(void *context, size_t bytes);
void halide_free(void *context, void *pointer);
int halide_do_par_for(void *context, int (*task)(void *, int, uint8_t *), int min, int size,
                      uint8_t *closure);

void *halide_malloc(void *context, size_t bytes) {
  (void)context;
  size_t rounded = (bytes + 127) / 128 * 128;
  if (block_count == most_blocks || scratch_top + rounded > (size_t)batch.scratch_bytes)
    return NULL;
  blocks[block_count++] = (struct scratch_block){scratch_top, 1};
  void *block = scratch + scratch_top;
  scratch_top += rounded;
  return block;
}

void halide_free(void *context, void *pointer) {
  (void)context;
  for (int i = 0; i < block_count; ++i)
    blocks[i].live &= pointer != scratch + blocks[i].begin;
  while (block_count > 0 && !blocks[block_count - 1].live)
    scratch_top = blocks[--block_count].begin;
}

int halide_do_par_for(void *context, int (*task)(void *, int, uint8_t *), int min, int size,
                      uint8_t *closure) {
  size_t top = scratch_top;
  int count = block_count, status = 0;
  for (int i = 0; i < size && status == 0; ++i) {
    scratch_top = top, block_count = count;
    status = task(context, min + i, closure);
  }
  scratch_top = top, block_count = count;
  return status;
}

static tensors make_tensors(const tensors *shared) {
  tensors t;
  for (uint32_t i = 0; i < batch.argument_count; ++i) {
    const kernel_argument *a = &batch.arguments[i];
    if (shared != NULL && a->role != role_weight) {
      t.values[i] = shared->values[i];
      continue;
    }
    t.values[i] = allocate_aligned(tensor_bytes(a));
    if (shared != NULL) {
      memcpy(t.values[i], shared->values[i], tensor_bytes(a));
      continue;
    }
    fill_tensor(i, t.values[i]);
  }
  return t;
}

/* Kernels take their buffers one by one. */
#define buffer_list_3 void *, kernel_buffer *, kernel_buffer *, kernel_buffer *
#define buffer_list_4 buffer_list_3, kernel_buffer *
#define buffer_list_5 buffer_list_4, kernel_buffer *
#define buffer_list_6 buffer_list_5, kernel_buffer *

static int call(uint32_t candidate, const tensors *t) {
  kernel_buffer buffers[most_arguments], *b[most_arguments];
  for (uint32_t i = 0; i < batch.argument_count; ++i) {
    const kernel_argument *a = &batch.arguments[i];
    buffers[i] = (kernel_buffer){.host = (char *)t->values[i] + a->offset * (a->bits / 8),
                                 .type = {2, (uint8_t)a->bits, 1},
                                 .dimensions = a->dimensions,
                                 .dim = (kernel_dimension *)a->dim};
    b[i] = &buffers[i];
  }
  scratch_top = 0, block_count = 0;
  kernel_function function = candidates[candidate];
  switch (batch.argument_count) {
  case 3:
    return ((int (*)(buffer_list_3))function)(NULL, b[0], b[1], b[2]);
  case 4:
    return ((int (*)(buffer_list_4))function)(NULL, b[0], b[1], b[2], b[3]);
  case 5:
    return ((int (*)(buffer_list_5))function)(NULL, b[0], b[1], b[2], b[3], b[4]);
  case 6:
    return ((int (*)(buffer_list_6))function)(NULL, b[0], b[1], b[2], b[3], b[4], b[5]);
  }
  return -1;
}

/* Prints the verdict; returns whether the candidate may be timed. */
static int check(uint32_t candidate, const tensors *t) {
  int status = call(candidate, t);
  if (status != 0) {
    printf("check %u status %d\n", candidate, status);
    return 0;
  }
  return is_right(candidate, t->values[batch.argument_count - 1]);
}

static int check_apart(uint32_t candidate, const tensors *t) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(batch.limit_seconds);
    int right = check(candidate, t);
    fflush(stdout);
    _exit(right ? 0 : 2);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    printf("cannot start a process\n");
    exit(1);
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    printf("check %u hung\n", candidate);
  else if (WIFSIGNALED(status))
    printf("check %u signal %d\n", candidate, WTERMSIG(status));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What other kernels do to the caches between two calls: they read `other_bytes`, and the last one leaves its
   output, this kernel's input. A model's own input comes from the host, and is as cold as the rest. */
static void run_others(const tensors *t, const volatile float *other) {
  for (int64_t i = 0; i < batch.other_bytes / 4; i += 16)
    (void)other[i];
  const kernel_argument *input = &batch.arguments[0];
  int has_border = input->dim[1].min < 0;
  volatile float *values = t->values[0];
  if (batch.other_bytes > 0 && has_border)
    for (size_t i = 0; i < tensor_bytes(input) / sizeof *values; i += 16)
      values[i] = values[i];
}

static double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Seconds of one call of the candidate, on the next set of weights. */
static double timed_call(uint32_t candidate, const tensors *copies, float *other) {
  static uint64_t turn = 0;
  const tensors *t = &copies[turn++ % (uint64_t)batch.weight_copies];
  run_others(t, other);
  double begin = now_seconds();
  call(candidate, t);
  return now_seconds() - begin;
}

static void measure(const unsigned char *right, const tensors *copies) {
  /* About 0.5 ms: long beside the clock's resolution, short beside a time slice. */
  const uint64_t peak_rounds = 80000;
  float *other = allocate_aligned((size_t)batch.other_bytes);
  memset(other, 0, (size_t)batch.other_bytes);
  for (uint32_t round = 0; round < batch.rounds; ++round) {
    double begin = now_seconds(),
           operations = fnet_harness_fma(batch.features, batch.element_bits, peak_rounds);
    printf("peak %u %.3f\n", round, 1e-9 * operations / (now_seconds() - begin));
    for (uint32_t i = 0; i < batch.candidate_count; ++i) {
      /* Every round begins with another one: no candidate always follows the same. */
      uint32_t candidate = (i + round) % batch.candidate_count;
      if (!right[candidate])
        continue;
      timed_call(candidate, copies, other);
      uint64_t calls = 0;
      double seconds = 0;
      begin = now_seconds();
      do {
        seconds += timed_call(candidate, copies, other);
        ++calls;
      } while (now_seconds() - begin < batch.window_seconds);
      printf("time %u %u %.1f\n", candidate, round, 1e9 * seconds / (double)calls);
    }
  }
}

int main(void) {
  scratch = allocate_aligned((size_t)batch.scratch_bytes);
  tensors *copies = allocate_aligned((size_t)batch.weight_copies * sizeof *copies);
  copies[0] = make_tensors(NULL);
  for (int64_t i = 1; i < batch.weight_copies; ++i)
    copies[i] = make_tensors(&copies[0]);
  unsigned char *right = allocate_aligned(batch.candidate_count);
  for (uint32_t i = 0; i < batch.candidate_count; ++i)
    right[i] = (unsigned char)check_apart(i, &copies[0]);
  measure(right, copies);
  printf("done\n");
  return 0;
}
