// The public C header of a compiled model: names, sizes as constant expressions, and what each function
// promises.
#include "emit/Emit.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

namespace {

std::string upper(llvm::StringRef text) {
  return llvm::StringRef(text).upper();
}

/// "[1, 3, 224, 224] float, NCHW (batch, channels, height, width), 602112 bytes"
std::string tensorText(const InterfaceTensor &tensor) {
  std::string text = "[";
  for (int64_t size : tensor.shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "] float, " +
         (tensor.shape.size() == 4 ? "NCHW (batch, channels, height, width)" : "(batch, values)") + ", " +
         std::to_string(tensor.elements() * 4) + " bytes";
}

/// "libfasternet_runtime.a -lm -lpthread"
std::string linkLine(bool onDevice) {
  const RuntimeLibrary &runtime = runtimeLibrary(onDevice);
  std::string line = ("lib" + runtime.name + ".a").str();
  for (llvm::StringRef library : runtime.systemLibraries)
    line += (" -l" + library).str();
  return line;
}

int64_t deviceBytes(const ModelInterface &interface) {
  int64_t bytes = interface.weightBytes + interface.arenaBytes + interface.callerScratchBytes;
  for (const auto *tensors : {&interface.inputs, &interface.outputs})
    for (const InterfaceTensor &tensor : *tensors)
      bytes += tensor.elements() * int64_t(sizeof(float));
  return bytes;
}

/// Parameters of run: one pointer for each input and output.
std::string runParameters(const ModelInterface &interface) {
  std::string text = interface.name + " *instance";
  for (const InterfaceTensor &tensor : interface.inputs)
    text += ", const float *" + tensor.name;
  for (const InterfaceTensor &tensor : interface.outputs)
    text += ", float *" + tensor.name;
  return text;
}

// {0}: name, {1}: NAME, {2}: version, {3}: targets, {4}: precision, {5}: million MACs, {6}: weight bytes,
// {7}: libraries to link with, {8}: the runtime's header
constexpr const char *opening = R"(/* {0}.h - the model {0}, compiled by fasternetc {2} for {3}; {4}.
 * {5} million multiply-accumulates per run; {6} bytes of weights in the library, read-only, shared by all instances.
 *
 * Link with lib{0}.a {7}. C11, usable from C++.
 */
#ifndef FASTERNET_MODEL_{1}_H
#define FASTERNET_MODEL_{1}_H

#include <stddef.h>

#include "fasternet/{8}"

#ifdef __cplusplus
extern "C" {{
#endif

)";

// {0}: name, {1}: NAME, {2}: instance bytes, {3}: bytes per worker, {4}: arena bytes
constexpr const char *memory = R"(
/* Memory of one instance, {4} bytes of it for activations. _FOR(n): with n workers, where options.parallel has n. */
#define {1}_INSTANCE_BYTES {1}_INSTANCE_BYTES_FOR(1)
#define {1}_INSTANCE_BYTES_FOR(workers) ((size_t){2} + (size_t){3} * (size_t)(workers))

/* One instance runs once at a time; different instances may run at once, from different threads. */
typedef struct {0} {0};

/* Makes an instance in `memory`: any alignment, at least {1}_INSTANCE_BYTES_FOR(workers) bytes, owned by the
 * caller and in use until {0}_done. `options` may be null: calling thread only, best variant for this CPU.
 * FNET_ERROR_ARGUMENT: `memory` or `instance` is null, or an option is impossible. FNET_ERROR_MEMORY: `bytes` is too
 * small. FNET_ERROR_CPU: no variant in this library runs on this CPU. FNET_ERROR_VERSION: library, runtime and
 * options do not belong together. On an error *instance is null and nothing needs to be undone. */
fnet_status {0}_init(void *memory, size_t bytes, const fnet_options *options, {0} **instance);

)";

// {0}: name, {1}: NAME, {2}: instance bytes, {3}: bytes on the device
constexpr const char *deviceMemory = R"(
/* Memory of one instance on the host. On the device it takes {3} bytes for weights, activations,
 * and run's inputs and outputs; code comes on top. */
#define {1}_INSTANCE_BYTES ((size_t){2})

/* One instance runs once at a time; different instances may run at once, from different threads. */
typedef struct {0} {0};

/* Makes an instance in `memory` (any alignment, at least {1}_INSTANCE_BYTES bytes,
 * owned by the caller and in use until {0}_done)
 * and on the device that `options` names; null: the first one. Loads code and weights, so that runs allocate nothing.
 * FNET_ERROR_ARGUMENT: `memory` or `instance` is null, or an option is impossible. FNET_ERROR_MEMORY: `bytes` is too
 * small. FNET_ERROR_DEVICE: no driver, no such device, none that this library has code for, or the driver failed:
 * options->message says what. FNET_ERROR_VERSION: library, loader and options do not belong together. On an error
 * *instance is null and nothing needs to be undone. */
fnet_status {0}_init(void *memory, size_t bytes, const fnet_options *options,
    {0} **instance);

)";

// {0}: name, {1}: run's parameters
constexpr const char *deviceFunctions =
    R"(/* Runs the model once: copies the inputs to the device, launches, copies the outputs back and waits. All of them
 * lie on the host, dense, of the shapes above. FNET_ERROR_ARGUMENT: a pointer is null. FNET_ERROR_DEVICE: the driver
 * failed, and the outputs are not valid. */
fnet_status {0}_run({1});

/* The same on the device, without a copy and without waiting: inputs and outputs are arrays of device pointers, of 16
 * bytes' alignment, in the order above; `stream` is a CUstream or cudaStream_t, null for the default one. Only
 * launches, so that it may be captured into a CUDA graph. */
fnet_status {0}_run_device({0} *instance, const void *const *inputs,
    void *const *outputs, void *stream);

/* Ends the instance: its memory on the device is freed, and that on the host is the caller's again. No run of it may
 * be under way. Null is allowed. */
void {0}_done({0} *instance);

/* The same, described as data: shapes, bytes, steps, and functions over arrays of inputs and outputs. */
extern const fnet_model {0}_model;

#ifdef __cplusplus
}
#endif
#endif
)";

// {0}: name, {1}: run's parameters
constexpr const char *functions =
    R"(/* Runs the model once. Inputs and outputs are dense, of the shapes above, aligned as float is, and must not overlap.
 * Allocates nothing, prints nothing. FNET_ERROR_ARGUMENT: a pointer is null. FNET_ERROR_KERNEL: the outputs are not
 * valid. */
fnet_status {0}_run({1});

/* Ends the instance; the memory is the caller's again. Null is allowed. */
void {0}_done({0} *instance);

/* The same, described as data: shapes, bytes, steps, and functions over arrays of inputs and outputs. */
extern const fnet_model {0}_model;

#ifdef __cplusplus
}
#endif
#endif
)";

} // namespace

std::string fasternet::headerText(const ModelInterface &interface) {
  const std::string name = interface.name, macro = upper(name);
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::formatv(opening, name, macro, interface.compilerVersion, llvm::join(interface.targets, ", "),
                      interface.precision, (interface.macs + 500000) / 1000000, interface.weightBytes,
                      linkLine(interface.onDevice), interface.onDevice ? "cuda.h" : "model.h");
  for (const auto *tensors : {&interface.inputs, &interface.outputs})
    for (const InterfaceTensor &tensor : *tensors)
      os << "/* " << tensor.name << ": " << tensorText(tensor) << ". */\n#define " << macro << '_'
         << upper(tensor.name) << "_ELEMENTS " << tensor.elements() << '\n';
  if (interface.onDevice) {
    os << llvm::formatv(deviceMemory, name, macro, interface.instanceBytes, deviceBytes(interface));
    os << llvm::formatv(deviceFunctions, name, runParameters(interface));
    return text;
  }
  os << llvm::formatv(memory, name, macro, interface.instanceBytes, interface.instanceWorkerBytes,
                      interface.arenaBytes);
  os << llvm::formatv(functions, name, runParameters(interface));
  return text;
}
