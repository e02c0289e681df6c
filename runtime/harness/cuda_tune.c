/* Checks and times the candidates of one kernel on a GPU. Checks run in processes of their own, before this
 * one touches the device. One goes on as long as candidates are right; any other verdict ends it, with what
 * the candidate has spoiled, left behind or still running, and the next one goes on with the next candidate.
 * Those that pass take turns with the FMA peak. With an argument the program only lists them. Prints
 *   kernel <its key>
 *   candidate <number> <schedule>      of each
 *   check <candidate> refused <why> | faulted <why>
 * and what tune.c prints.
 */
#define _DEFAULT_SOURCE

#include "gpu_candidate.h"
#include "gpu_graph.h"
#include "gpu_peak.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a checking process tells the one that started it, in memory that both see. */
typedef struct progress {
  uint32_t current;      /* candidate that is being checked */
  int opened;            /* whether the device answered at all */
  unsigned char right[]; /* of each candidate */
} progress;

/* Exit status of a process whose last candidate was not right, as it has said. */
enum { last_was_not_right = 3 };

static fnet_status run_and_fetch(loaded_candidate *l) {
  TRY_GPU_CALL(l->g, driver, cuStreamSynchronize, l->g->stream);
  TRY_GPU_CALL(l->g, driver, cuMemcpyDtoHAsync, l->data->output, l->data->sets[0][output_index()],
               l->data->output_bytes, l->g->stream);
  TRY_GPU_CALL(l->g, driver, cuStreamSynchronize, l->g->stream);
  return FNET_OK;
}

/* Prints the verdict. Unless the candidate is right, the device may not be used any more. */
static int check(gpu *g, const gpu_case *data, uint32_t index) {
  loaded_candidate l;
  fill_tensor(output_index(), data->output);
  copy_to_gpu(g, data->sets[0][output_index()], data->output, data->output_bytes);
  if (load_candidate(&l, g, data, index) != FNET_OK || queue_candidate(&l, 0) != FNET_OK) {
    printf("check %u refused %s\n", index, reason);
    return 0;
  }
  if (run_and_fetch(&l) != FNET_OK || unload_candidate(&l) != FNET_OK) {
    printf("check %u faulted %s\n", index, reason);
    return 0;
  }
  return is_right(index, data->output);
}

/* A process that checks the candidates from `first` on. */
static void check_from(uint32_t first, progress *p) {
  gpu g;
  open_gpu(&g);
  const gpu_case data = make_gpu_case(&g, 1);
  p->opened = 1;
  for (uint32_t i = first; i < batch.candidate_count; ++i) {
    p->current = i;
    alarm(batch.limit_seconds);
    const int right = check(&g, &data, i);
    alarm(0);
    fflush(stdout); /* the next one may take the process along */
    if (!right)
      _exit(last_was_not_right);
    p->right[i] = 1;
  }
}

/* Runs one such process; returns the candidate that the next one begins with. */
static uint32_t check_apart(uint32_t first, progress *p) {
  p->current = first;
  p->opened = 0;
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    check_from(first, p);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || (!p->opened && !WIFEXITED(status))) {
    printf("the checking process ended before it had the device\n");
    exit(1);
  }
  if (!p->opened)
    exit(1); /* it has said why */
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    printf("check %u hung\n", p->current);
  else if (WIFSIGNALED(status))
    printf("check %u signal %d\n", p->current, WTERMSIG(status));
  else if (WEXITSTATUS(status) == 0)
    return batch.candidate_count;
  else if (WEXITSTATUS(status) != last_was_not_right)
    printf("check %u status %d\n", p->current, WEXITSTATUS(status));
  return p->current + 1;
}

/* One candidate's calls as a graph. */
typedef struct timed_candidate {
  loaded_candidate loaded;
  CUgraphExec graph;
  uint64_t calls;
} timed_candidate;

static void queue_timed(void *self, uint64_t call) {
  const timed_candidate *t = self;
  require(queue_candidate(&t->loaded, call % (uint64_t)batch.weight_copies), "launch");
}

static void measure(const unsigned char *right) {
  gpu g;
  open_gpu(&g);
  const gpu_case data = make_gpu_case(&g, batch.weight_copies);
  const peak_kernel peak = load_multiply_peak(&g, NULL);
  timed_candidate *timed = allocate(batch.candidate_count * sizeof *timed);
  for (uint32_t i = 0; i < batch.candidate_count; ++i)
    if (right[i]) {
      require(load_candidate(&timed[i].loaded, &g, &data, i), "load");
      timed[i].graph = capture_window(&g, queue_timed, &timed[i], batch.window_seconds, &timed[i].calls);
    }
  for (uint32_t round = 0; round < batch.rounds; ++round) {
    printf("peak %u %.3f\n", round, 1e-9 * run_peak(&g, &peak));
    for (uint32_t i = 0; i < batch.candidate_count; ++i) {
      /* Every round begins with another one: no candidate always follows the same. */
      const uint32_t candidate = (i + round) % batch.candidate_count;
      if (right[candidate])
        printf("time %u %u %.1f\n", candidate, round,
               1e9 * graph_seconds(&g, timed[candidate].graph) / (double)timed[candidate].calls);
    }
  }
}

int main(int argument_count, char **arguments) {
  (void)arguments;
  printf("kernel %s\n", gpu_kernel);
  for (uint32_t i = 0; i < batch.candidate_count; ++i)
    printf("candidate %u %s\n", i, gpu_candidates[i].name);
  if (argument_count > 1)
    return 0;
  progress *p = mmap(NULL, sizeof *p + batch.candidate_count, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(p == MAP_FAILED ? FNET_ERROR_MEMORY : FNET_OK, "mmap");
  for (uint32_t next = 0; next < batch.candidate_count;)
    next = check_apart(next, p);
  measure(p->right);
  printf("done\n");
  return 0; /* the driver takes back what the process had */
}
