/* The first result of more processes of the same program. One start alone is whatever else the machine did at
 * that moment, and the pages of a program that was just linked are not yet as they will be.
 */
#ifndef FASTERNET_HARNESS_STARTS_H
#define FASTERNET_HARNESS_STARTS_H

#include "samples.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { more_starts = 4 };

/* The argument of a process that prints its first result's time and ends. */
static char only_start[] = "start";

static int is_only_start(int argc, char **argv) {
  return argc == 2 && strcmp(argv[1], only_start) == 0;
}

/* What one process more prints, or 0: where an emulator runs this program, the system may not be able to
 * start it. */
static double start_once(void) {
  char *argv[] = {"harness", only_start, NULL};
  int ends[2];
  double ms = 0;
  if (pipe(ends) != 0)
    return 0;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child;
  int failure = posix_spawn(&child, "/proc/self/exe", &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  FILE *output = fdopen(ends[0], "r");
  if (failure == 0 && output != NULL && fscanf(output, "%lf", &ms) != 1)
    ms = 0;
  if (output != NULL)
    fclose(output);
  if (failure == 0)
    waitpid(child, NULL, 0);
  return ms;
}

/* Prints how many starts were timed, this process's and those of others, and first_ms, their median. */
static void print_starts(double own_ms) {
  samples starts = {0};
  append(&starts, own_ms);
  for (int i = 0; i < more_starts; ++i) {
    double ms = start_once();
    if (ms > 0)
      append(&starts, ms);
  }
  printf("starts %zu\n", starts.count);
  printf("first_ms %.6f\n", quantile(&starts, 0.5));
  free(starts.values);
}

#endif
