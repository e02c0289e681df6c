/* Status codes of generated libraries and of the runtime. */
#ifndef FASTERNET_STATUS_H
#define FASTERNET_STATUS_H

/* Names that a host may use: visible also where the runtime is compiled or linked with everything else
 * hidden. */
#if defined(__GNUC__)
#define FNET_PUBLIC __attribute__((visibility("default")))
#else
#define FNET_PUBLIC
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fnet_status {
  FNET_OK = 0,
  FNET_ERROR_ARGUMENT = 1, /* a required pointer is null, or an option has an impossible value */
  FNET_ERROR_MEMORY = 2,   /* the memory given is smaller than needed for this number of workers */
  FNET_ERROR_CPU = 3,      /* no variant in the library runs on this CPU, or the one asked for does not */
  FNET_ERROR_VERSION = 4,  /* library, runtime and options do not belong to the same interface version */
  FNET_ERROR_KERNEL = 5,   /* a kernel reported a failure; the output is not valid */
  FNET_ERROR_SYSTEM = 6,   /* the operating system refused a thread or a lock */
  FNET_ERROR_DEVICE = 7    /* the accelerator or its driver failed or is absent */
} fnet_status;

/* One English sentence for each status, also for a number that is none; never null, static storage. */
FNET_PUBLIC const char *fnet_status_text(fnet_status status);

#ifdef __cplusplus
}
#endif
#endif
