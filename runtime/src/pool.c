/* The runtime's thread pool: one job at a time, all state in the caller's memory, nothing allocated after
 * init.
 *
 * Each worker has a share of a job's indices, one after the other, because kernels prefetch what the next
 * index will read; it takes from others' shares when its own is done. A share's `ticket` holds the number of
 * the job in its upper half and the indices left to claim in its lower half. A worker reads the job and then
 * claims an index by compare-and-swap: if that succeeds, the job it read is the ticket's, for a job is
 * rewritten only after all its indices have been claimed and their tasks have returned (`unfinished`).
 * Sleepers announce themselves before they look a last time, wakers look for sleepers after they have
 * published, both sequentially consistent: one of the two sees the other. What is published so is exchanged,
 * not stored: the same instruction on x86, and in order in QEMU as well, which on x86 lets a load pass the
 * ARM store before it (measured).
 */
#define _POSIX_C_SOURCE 200809L

#include "fasternet/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

enum { cache_line = 64 };

/* Rounds of spinning before sleep: 100 microseconds on Zen 4 (measured), about twice that where a pause is
   longer. A thread that sleeps costs the next loop some 25 microseconds (measured); the serial stretches of a
   run and the ends of its loops are shorter than the spinning, the time between runs of an idle host is not.
 */
enum { spin_rounds = 4000 };

struct fnet_pool {
  fnet_parallel parallel;
  size_t started; /* threads besides the calling one */
  int spins;
  pthread_mutex_t mutex;
  pthread_cond_t work, finished;
  atomic_int busy; /* a caller owns the job */
  atomic_int stop;
  _Alignas(cache_line) _Atomic(fnet_task) task;
  _Atomic(void *) argument;
  atomic_size_t count;
  _Alignas(cache_line) atomic_size_t unfinished;
  atomic_int sleepers;
  atomic_int caller_sleeps;
};

typedef struct pool_share {
  _Alignas(cache_line) atomic_uint_least64_t ticket;
} pool_share;

typedef struct pool_thread {
  fnet_pool *pool;
  size_t worker;
  pthread_t thread;
} pool_thread;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static uint32_t left(uint64_t ticket) {
  return (uint32_t)ticket;
}

static pool_share *shares_of(fnet_pool *pool) {
  return (pool_share *)(void *)(pool + 1);
}

static pool_thread *threads_of(fnet_pool *pool) {
  return (pool_thread *)(void *)(shares_of(pool) + pool->parallel.workers);
}

/* Where the share of a worker begins, and that of the one before it ends. */
static size_t share_begin(const fnet_pool *pool, size_t count, size_t worker) {
  return (size_t)((uint64_t)count * worker / pool->parallel.workers);
}

/* Claims and runs indices of one share of the current job until none is left. */
static void work_on_share(fnet_pool *pool, size_t share, size_t worker) {
  atomic_uint_least64_t *place = &shares_of(pool)[share].ticket;
  uint64_t ticket = atomic_load_explicit(place, memory_order_acquire);
  while (left(ticket) > 0) {
    fnet_task task = atomic_load_explicit(&pool->task, memory_order_relaxed);
    void *argument = atomic_load_explicit(&pool->argument, memory_order_relaxed);
    size_t count = atomic_load_explicit(&pool->count, memory_order_relaxed);
    size_t index = share_begin(pool, count, share + 1) - left(ticket);
    if (!atomic_compare_exchange_weak_explicit(place, &ticket, ticket - 1, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    task(argument, index, worker);
    if (atomic_fetch_sub(&pool->unfinished, 1) == 1 && atomic_load(&pool->caller_sleeps)) {
      pthread_mutex_lock(&pool->mutex);
      pthread_cond_signal(&pool->finished);
      pthread_mutex_unlock(&pool->mutex);
    }
    ticket = atomic_load_explicit(place, memory_order_acquire);
  }
}

/* The worker's own share first. */
static void work_on_job(fnet_pool *pool, size_t worker) {
  const size_t workers = pool->parallel.workers;
  for (size_t i = 0; i < workers; ++i)
    work_on_share(pool, (worker + i) % workers, worker);
}

static int has_work(fnet_pool *pool) {
  for (size_t share = 0; share < pool->parallel.workers; ++share)
    if (left(atomic_load(&shares_of(pool)[share].ticket)) > 0)
      return 1;
  return atomic_load(&pool->stop);
}

static void wait_for_work(fnet_pool *pool) {
  for (int i = 0; i < pool->spins; ++i) {
    if (has_work(pool))
      return;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_work(pool))
    pthread_cond_wait(&pool->work, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void wait_until_finished(fnet_pool *pool) {
  for (int i = 0; i < pool->spins; ++i) {
    if (atomic_load(&pool->unfinished) == 0)
      return;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_exchange(&pool->caller_sleeps, 1);
  while (atomic_load(&pool->unfinished) != 0)
    pthread_cond_wait(&pool->finished, &pool->mutex);
  atomic_store(&pool->caller_sleeps, 0);
  pthread_mutex_unlock(&pool->mutex);
}

static void wake_sleepers(fnet_pool *pool) {
  if (atomic_load(&pool->sleepers) == 0)
    return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->mutex);
}

static void *thread_main(void *opaque) {
  pool_thread *thread = opaque;
  fnet_pool *pool = thread->pool;
  while (!atomic_load(&pool->stop)) {
    work_on_job(pool, thread->worker);
    wait_for_work(pool);
  }
  return NULL;
}

static void run_inline(fnet_task task, void *argument, size_t count) {
  for (size_t i = 0; i < count; ++i)
    task(argument, i, 0);
}

static void run_on_pool(void *self, fnet_task task, void *argument, size_t count) {
  fnet_pool *pool = self;
  int idle = 0;
  if (count <= 1 || count > UINT32_MAX || pool->started == 0 ||
      !atomic_compare_exchange_strong(&pool->busy, &idle, 1)) {
    run_inline(task, argument, count);
    return;
  }
  atomic_store_explicit(&pool->task, task, memory_order_relaxed);
  atomic_store_explicit(&pool->argument, argument, memory_order_relaxed);
  atomic_store_explicit(&pool->count, count, memory_order_relaxed);
  atomic_store_explicit(&pool->unfinished, count, memory_order_relaxed);
  uint64_t job = (atomic_load_explicit(&shares_of(pool)->ticket, memory_order_relaxed) >> 32) + 1;
  for (size_t share = 0; share < pool->parallel.workers; ++share)
    atomic_exchange(&shares_of(pool)[share].ticket,
                    job << 32 | (share_begin(pool, count, share + 1) - share_begin(pool, count, share)));
  wake_sleepers(pool);
  work_on_job(pool, 0);
  wait_until_finished(pool);
  atomic_store(&pool->busy, 0);
}

static void stop_threads(fnet_pool *pool) {
  atomic_exchange(&pool->stop, 1);
  wake_sleepers(pool);
  for (size_t i = 0; i < pool->started; ++i)
    pthread_join(threads_of(pool)[i].thread, NULL);
}

static fnet_status start_threads(fnet_pool *pool, size_t threads) {
  /* Signals are for the host's own threads. */
  sigset_t all, before;
  sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
    return FNET_ERROR_SYSTEM;
  fnet_status status = FNET_OK;
  while (pool->started + 1 < threads && status == FNET_OK) {
    pool_thread *thread = &threads_of(pool)[pool->started];
    thread->pool = pool;
    thread->worker = pool->started + 1;
    if (pthread_create(&thread->thread, NULL, thread_main, thread) == 0)
      ++pool->started;
    else
      status = FNET_ERROR_SYSTEM;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status;
}

static fnet_status init_locks(fnet_pool *pool) {
  if (pthread_mutex_init(&pool->mutex, NULL) != 0)
    return FNET_ERROR_SYSTEM;
  if (pthread_cond_init(&pool->work, NULL) == 0) {
    if (pthread_cond_init(&pool->finished, NULL) == 0)
      return FNET_OK;
    pthread_cond_destroy(&pool->work);
  }
  pthread_mutex_destroy(&pool->mutex);
  return FNET_ERROR_SYSTEM;
}

size_t fnet_pool_bytes(size_t threads) {
  if (threads == 0 || threads > FNET_POOL_MAX_THREADS)
    return 0;
  return cache_line - 1 + sizeof(fnet_pool) + threads * sizeof(pool_share) +
         (threads - 1) * sizeof(pool_thread);
}

fnet_status fnet_pool_init(void *memory, size_t bytes, size_t threads, fnet_pool **result) {
  if (result == NULL)
    return FNET_ERROR_ARGUMENT;
  *result = NULL;
  if (memory == NULL || threads == 0 || threads > FNET_POOL_MAX_THREADS)
    return FNET_ERROR_ARGUMENT;
  if (bytes < fnet_pool_bytes(threads))
    return FNET_ERROR_MEMORY;
  size_t slack = (size_t)(-(uintptr_t)memory % cache_line);
  fnet_pool *pool = (fnet_pool *)(void *)((unsigned char *)memory + slack);
  pool->parallel = (fnet_parallel){.self = pool, .workers = threads, .run = run_on_pool};
  pool->started = 0;
  /* Spinning threads would only hold up the others where there are more of them than processors. */
  pool->spins = sysconf(_SC_NPROCESSORS_ONLN) >= (long)threads ? spin_rounds : 0;
  atomic_init(&pool->busy, 0);
  atomic_init(&pool->stop, 0);
  for (size_t share = 0; share < threads; ++share)
    atomic_init(&shares_of(pool)[share].ticket, 0);
  atomic_init(&pool->task, (fnet_task)NULL);
  atomic_init(&pool->argument, NULL);
  atomic_init(&pool->count, 0);
  atomic_init(&pool->unfinished, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->caller_sleeps, 0);
  fnet_status status = init_locks(pool);
  if (status != FNET_OK)
    return status;
  status = start_threads(pool, threads);
  if (status != FNET_OK) {
    fnet_pool_done(pool);
    return status;
  }
  *result = pool;
  return FNET_OK;
}

const fnet_parallel *fnet_pool_parallel(fnet_pool *pool) {
  return pool == NULL ? NULL : &pool->parallel;
}

void fnet_pool_done(fnet_pool *pool) {
  if (pool == NULL)
    return;
  stop_threads(pool);
  pthread_cond_destroy(&pool->finished);
  pthread_cond_destroy(&pool->work);
  pthread_mutex_destroy(&pool->mutex);
}
