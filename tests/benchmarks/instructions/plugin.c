/* Counts the AArch64 instructions that a program executes in QEMU's user-mode emulation.
 * Loaded by qemu-aarch64 -plugin counter.so,out=FILE; when the program ends, FILE gets one line:
 * `<all> <vector multiply-adds> <loads and stores> <vector registers loaded and stored>`.
 *
 * QEMU calls back once for each block of translated code that it enters, so the counts are exact unless an
 * exception leaves a block in the middle. Debian packages no header for plugins; the declarations below are
 * version 1 of the documented interface (QEMU's manual, "QEMU TCG Plugins"), that of Debian 12's QEMU 7.2; a
 * QEMU that wants another version says so and runs nothing.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*call)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, void (*call)(unsigned int, void *),
                                          enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*call)(qemu_plugin_id_t, void *), void *data);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

enum { ALL, MULTIPLY_ADDS, MEMORY, REGISTERS, KINDS, BITS = 16 };

static _Atomic uint64_t totals[KINDS];
static char path[4096];

/* fmla and fmls of vectors, single and double precision, by vector and by element (Arm ARM, C4.1). */
static int is_multiply_add(uint32_t word) {
  return (word & 0xbf20fc00) == 0x0e20cc00 || (word & 0xbf80b400) == 0x0f801000;
}

static int is_memory(uint32_t word) {
  return (word & 0x0a000000) == 0x08000000;
}

/* Registers of ld1 to ld4 and st1 to st4 of whole vectors. */
static unsigned structure_registers(uint32_t word) {
  switch (word >> 12 & 0xf) {
  case 0x0: /* ld4 */
  case 0x2: /* ld1 of four */
    return 4;
  case 0x4:
  case 0x6:
    return 3;
  case 0x8:
  case 0xa:
    return 2;
  default:
    return 1;
  }
}

/* Vector registers that a load or store moves, as a whole or a lane of them. */
static unsigned moved_registers(uint32_t word) {
  if ((word & 0xbf200000) == 0x0c000000)
    return structure_registers(word);
  if ((word & 0x3e000000) == 0x2c000000) /* pairs */
    return 2;
  const int single = (word & 0x3e000000) == 0x3c000000, literal = (word & 0x3f000000) == 0x1c000000,
            lane = (word & 0xbf000000) == 0x0d000000;
  return single || literal || lane;
}

/* The block's counts travel in the pointer that QEMU hands back: a block has at most 512 instructions.
 */
static void enter(unsigned int processor, void *data) {
  (void)processor;
  for (unsigned kind = 0; kind < KINDS; ++kind)
    atomic_fetch_add_explicit(&totals[kind], (uintptr_t)data >> kind * BITS & ((1u << BITS) - 1),
                              memory_order_relaxed);
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  const size_t count = qemu_plugin_tb_n_insns(block);
  uintptr_t counts = (uintptr_t)count << ALL * BITS;
  for (size_t i = 0; i < count; ++i) {
    uint32_t word;
    memcpy(&word, qemu_plugin_insn_data(qemu_plugin_tb_get_insn(block, i)), sizeof word);
    counts += (uintptr_t)is_multiply_add(word) << MULTIPLY_ADDS * BITS;
    counts += (uintptr_t)is_memory(word) << MEMORY * BITS;
    counts += (uintptr_t)moved_registers(word) << REGISTERS * BITS;
  }
  qemu_plugin_register_vcpu_tb_exec_cb(block, enter, QEMU_PLUGIN_CB_NO_REGS, (void *)counts);
}

static void finish(qemu_plugin_id_t id, void *data) {
  (void)id, (void)data;
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    perror(path);
    return;
  }
  for (unsigned kind = 0; kind < KINDS; ++kind)
    fprintf(file, "%" PRIu64 "%c", totals[kind], kind + 1 < KINDS ? ' ' : '\n');
  if (fclose(file) != 0)
    perror(path);
}

/* `info`, which tells about QEMU, is not used. */
EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int count, char **arguments) {
  (void)info;
  for (int i = 0; i < count; ++i)
    if (strncmp(arguments[i], "out=", 4) == 0)
      snprintf(path, sizeof path, "%s", arguments[i] + 4);
  if (path[0] == '\0') {
    fprintf(stderr, "counter: expected the argument out=FILE\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  qemu_plugin_register_atexit_cb(id, finish, NULL);
  return 0;
}
