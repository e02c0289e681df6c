/* A video that lies on the GPU, as a decoder leaves it: FasterNet-T0 looks at every frame, and only its
 * scores come to the host. Two lanes, each an instance with a stream and buffers of its own, have two frames
 * in flight.
 * Usage: stream [--graph] [FRAMES]      (default: launches one by one, 8 frames) */
#define _POSIX_C_SOURCE 199309L
#include <cuda.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fasternet_t0_cuda.h"

enum { LANES = 2, VIDEO_FRAMES = 4, SIDE = 224, CLASSES = FASTERNET_T0_CUDA_OUTPUT_ELEMENTS };
static const size_t frame_bytes = FASTERNET_T0_CUDA_INPUT_ELEMENTS * sizeof(float);
static const size_t scores_bytes = CLASSES * sizeof(float);

typedef struct lane {
  unsigned char memory[FASTERNET_T0_CUDA_INSTANCE_BYTES];
  fasternet_t0_cuda *model;
  CUstream stream;
  CUdeviceptr frame;  /* with --graph: the model's input, always at this address */
  CUdeviceptr scores; /* the model's output */
  float *result;      /* the scores on the host: only copies to page-locked memory leave the host free */
  int busy;
  long number; /* of the frame in flight */
} lane;

typedef struct player {
  uint64_t flags; /* of fnet_options */
  CUdevice device;
  CUcontext context;
  CUdeviceptr video; /* VIDEO_FRAMES frames, each [3, 224, 224], normalised as in training */
  lane lanes[LANES];
  char message[256]; /* the library's words for an error */
} player;

/* Says which call of the driver failed, and why. */
static int succeeded(CUresult result, const char *call) {
  if (result == CUDA_SUCCESS)
    return 1;
  const char *name = "unknown error";
  (void)cuGetErrorName(result, &name);
  fprintf(stderr, "stream: %s: %s\n", call, name);
  return 0;
}

static int model_succeeded(fnet_status status, const char *message) {
  if (status != FNET_OK)
    fprintf(stderr, "stream: %s %s\n", fnet_status_text(status), message);
  return status == FNET_OK;
}

/* An instance needs nothing of ours, not even a context: here it also finds out whether there is a GPU at
 * all. */
static int open_models(player *player) {
  const fnet_options options = {.struct_size = sizeof options,
                                .flags = player->flags,
                                .message = player->message,
                                .message_bytes = sizeof player->message};
  for (int i = 0; i < LANES; ++i) {
    lane *lane = &player->lanes[i];
    if (!model_succeeded(fasternet_t0_cuda_init(lane->memory, sizeof lane->memory, &options, &lane->model),
                         player->message))
      return 0;
  }
  return 1;
}

/* The device's primary context, in which the instances live: their streams and ours see the same memory. A
 * program that uses the CUDA runtime (cudaMalloc, cudaStreamCreate) is in it already. */
static int enter_context(player *player) {
  return succeeded(cuInit(0), "cuInit") && succeeded(cuDeviceGet(&player->device, 0), "cuDeviceGet") &&
         succeeded(cuDevicePrimaryCtxRetain(&player->context, player->device), "cuDevicePrimaryCtxRetain") &&
         succeeded(cuCtxPushCurrent(player->context), "cuCtxPushCurrent");
}

static int open_lane(lane *lane) {
  return succeeded(cuStreamCreate(&lane->stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate") &&
         succeeded(cuMemAlloc(&lane->frame, frame_bytes), "cuMemAlloc") &&
         succeeded(cuMemAlloc(&lane->scores, scores_bytes), "cuMemAlloc") &&
         succeeded(cuMemAllocHost((void **)&lane->result, scores_bytes), "cuMemAllocHost");
}

/* Stands for a decoder: what it would write on the device comes from the host here, before the clock runs. */
static int make_video(player *player) {
  static float frame[FASTERNET_T0_CUDA_INPUT_ELEMENTS];
  if (!succeeded(cuMemAlloc(&player->video, VIDEO_FRAMES * frame_bytes), "cuMemAlloc"))
    return 0;
  for (int f = 0; f < VIDEO_FRAMES; ++f) {
    for (int i = 0; i < FASTERNET_T0_CUDA_INPUT_ELEMENTS; ++i)
      frame[i] = (float)((i + 56 * f) % SIDE) / 112.0f - 1.0f;
    if (!succeeded(cuMemcpyHtoD(player->video + (size_t)f * frame_bytes, frame, frame_bytes), "cuMemcpyHtoD"))
      return 0;
  }
  return 1;
}

/* Queues all that a frame needs on the lane's stream, and waits for nothing. */
static int begin(player *player, lane *lane, long number) {
  CUdeviceptr frame = player->video + (size_t)(number % VIDEO_FRAMES) * frame_bytes;
  /* A graph has its addresses written into it. At a fixed one it is made once: a copy within the device costs
     less than capturing again. */
  if ((player->flags & FNET_OPTION_GRAPH) != 0) {
    if (!succeeded(cuMemcpyDtoDAsync(lane->frame, frame, frame_bytes, lane->stream), "cuMemcpyDtoDAsync"))
      return 0;
    frame = lane->frame;
  }
  const void *inputs[] = {(const void *)(uintptr_t)frame};
  void *outputs[] = {(void *)(uintptr_t)lane->scores};
  lane->busy = 1;
  lane->number = number;
  return model_succeeded(fasternet_t0_cuda_run_device(lane->model, inputs, outputs, lane->stream),
                         player->message) &&
         succeeded(cuMemcpyDtoHAsync(lane->result, lane->scores, scores_bytes, lane->stream),
                   "cuMemcpyDtoHAsync");
}

/* Waits for the lane's frame, if it has one, and tells of it. */
static int finish(lane *lane) {
  if (!lane->busy)
    return 1;
  if (!succeeded(cuStreamSynchronize(lane->stream), "cuStreamSynchronize"))
    return 0;
  lane->busy = 0;
  int best = 0;
  for (int c = 1; c < CLASSES; ++c)
    if (lane->result[c] > lane->result[best])
      best = c;
  printf("frame %ld: class %d, %.4f\n", lane->number, best, (double)lane->result[best]);
  return 1;
}

/* A lane's next frame goes out as soon as its last one is back; the other lane's is under way meanwhile. */
static int play(player *player, long first, long end) {
  for (long i = first; i < end; ++i) {
    lane *lane = &player->lanes[i % LANES];
    if (!finish(lane) || !begin(player, lane, i))
      return 0;
  }
  for (long i = end; i < end + LANES; ++i)
    if (!finish(&player->lanes[i % LANES]))
      return 0;
  return 1;
}

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

/* Each lane's first frame warms it up: with --graph that is when its graph is made. */
static int measure(player *player, long frames) {
  if (!play(player, 0, LANES))
    return 0;
  const double start = now_ms();
  if (!play(player, LANES, frames))
    return 0;
  printf("%s, %s, %d lanes: %ld frames after the first %d in %.1f ms\n",
         fnet_instance_variant(player->lanes[0].model),
         player->flags == FNET_OPTION_GRAPH ? "one graph a frame" : "launches one by one", LANES,
         frames - LANES, LANES, now_ms() - start);
  return 1;
}

/* Gives everything back, also what a failed start left. Instances end when nothing that they queued is under
 * way. */
static void close_player(player *player) {
  for (int i = 0; i < LANES; ++i) {
    lane *lane = &player->lanes[i];
    if (lane->stream != NULL) {
      (void)cuStreamSynchronize(lane->stream);
      (void)cuStreamDestroy(lane->stream);
    }
    if (lane->frame != 0)
      (void)cuMemFree(lane->frame);
    if (lane->scores != 0)
      (void)cuMemFree(lane->scores);
    if (lane->result != NULL)
      (void)cuMemFreeHost(lane->result);
    fasternet_t0_cuda_done(lane->model);
  }
  if (player->video != 0)
    (void)cuMemFree(player->video);
  if (player->context != NULL) {
    (void)cuCtxPopCurrent(&player->context);
    (void)cuDevicePrimaryCtxRelease(player->device);
  }
}

int main(int argc, char **argv) {
  static player player; /* zero: what is not there */
  const int graph = argc > 1 && strcmp(argv[1], "--graph") == 0;
  const long frames = argc > 1 + graph ? strtol(argv[1 + graph], NULL, 10) : 8;
  if (frames <= LANES || argc > 2 + graph) {
    fprintf(stderr, "usage: stream [--graph] [FRAMES], at least %d\n", LANES + 1);
    return 2;
  }
  player.flags = graph ? FNET_OPTION_GRAPH : 0;
  int good = open_models(&player) && enter_context(&player);
  for (int i = 0; i < LANES && good; ++i)
    good = open_lane(&player.lanes[i]);
  good = good && make_video(&player) && measure(&player, frames);
  close_player(&player);
  return !good;
}
