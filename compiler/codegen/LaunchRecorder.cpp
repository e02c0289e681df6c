#include "codegen/LaunchRecorder.h"
#include "support/Diagnostics.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

#include <HalideRuntime.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>

using namespace fasternet;

namespace {

/// Addresses that stand for device memory: buffer i begins at (i + 1) times this, so that an address names
/// both buffer and offset.
constexpr uint64_t bufferDistance = uint64_t(1) << 40;

/// The runtime that takes notes; generated code gets it as its user context.
class Recorder {
public:
  explicit Recorder(llvm::ArrayRef<KernelArgument> arguments) : argumentCount(arguments.size()) {}

  static uint64_t address(size_t buffer) { return (buffer + 1) * bufferDistance; }

  int allocate(halide_buffer_t *buffer) {
    if (buffer->device != 0)
      return 0;
    buffer->device = address(argumentCount + notes.intermediateBytes.size());
    notes.intermediateBytes.push_back(int64_t(buffer->size_in_bytes()));
    return 0;
  }

  /// Leaves the generated code, which looks at no status and would go on with memory that is not there. It
  /// has no unwind tables, and nothing to undo.
  [[noreturn]] void refuse(const char *why) {
    failure = why;
    std::longjmp(beforeCall, 1);
  }

  int copyToDevice(halide_buffer_t *buffer) {
    if (buffer->host_dirty())
      refuse("the host computes what a launch reads");
    return allocate(buffer);
  }

  void setSource(const char *source, int bytes) {
    llvm::StringRef text(source, size_t(bytes));
    notes.ptx = text.take_until([](char c) { return c == 0; }).str();
  }

  int launch(const char *function, std::array<int, 6> extents, int sharedBytes, const size_t *sizes,
             void *const *values, const int8_t *isBuffer) {
    DeviceLaunch launch{.function = function, .sharedBytes = uint32_t(sharedBytes)};
    for (size_t i = 0; i < 3; ++i) {
      launch.grid[i] = uint32_t(extents[i]);
      launch.threads[i] = uint32_t(extents[3 + i]);
    }
    for (size_t i = 0; sizes[i] != 0; ++i) {
      LaunchArgument argument;
      if (isBuffer[i]) {
        const uint64_t device = static_cast<const halide_buffer_t *>(values[i])->device;
        argument.buffer = int32_t(device / bufferDistance) - 1;
        argument.byteOffset = int64_t(device % bufferDistance);
      } else {
        argument.scalarBytes = uint32_t(sizes[i]);
        std::memcpy(&argument.scalar, values[i], std::min(sizes[i], sizeof argument.scalar));
      }
      launch.arguments.push_back(argument);
    }
    notes.launches.push_back(std::move(launch));
    return 0;
  }

  llvm::Expected<RecordedLaunches> take() {
    if (!failure.empty())
      return inputError(failure);
    if (notes.launches.empty())
      return inputError("the schedule launches nothing on the device");
    return std::move(notes);
  }

  std::jmp_buf beforeCall;

private:
  size_t argumentCount;
  RecordedLaunches notes;
  std::string failure;
};

Recorder &notesOf(void *context) {
  return *static_cast<Recorder *>(context);
}

const halide_device_interface_t *deviceInterface() {
  static const halide_device_interface_t interface = {};
  return &interface;
}

int initializeKernels(void *context, void **state, const char *source, int bytes) {
  *state = context;
  notesOf(context).setSource(source, bytes);
  return 0;
}

int runKernel(void *context, void *, const char *name, int gridX, int gridY, int gridZ, int threadsX,
              int threadsY, int threadsZ, int sharedBytes, size_t *sizes, void **values, int8_t *isBuffer) {
  return notesOf(context).launch(name, {gridX, gridY, gridZ, threadsX, threadsY, threadsZ}, sharedBytes,
                                 sizes, values, isBuffer);
}

void finalizeKernels(void *, void *) {}

int deviceMalloc(void *context, halide_buffer_t *buffer, const halide_device_interface_t *) {
  return notesOf(context).allocate(buffer);
}

int copyToDevice(void *context, halide_buffer_t *buffer, const halide_device_interface_t *) {
  return notesOf(context).copyToDevice(buffer);
}

int copyToHost(void *context, halide_buffer_t *) {
  notesOf(context).refuse("the host reads what a launch computes");
}

int deviceAndHostMalloc(void *context, halide_buffer_t *, const halide_device_interface_t *) {
  notesOf(context).refuse("the host and a launch share an intermediate");
}

/// Addresses only stand for memory: there is nothing to free.
int deviceFree(void *, halide_buffer_t *) {
  return 0;
}

void deviceFreeAsDestructor(void *, void *) {}

void *hostMalloc(void *, size_t bytes) {
  return std::malloc(bytes);
}

void hostFree(void *, void *pointer) {
  std::free(pointer);
}

llvm::Error defineRuntime(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](llvm::StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                                          llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  define("halide_cuda_device_interface", deviceInterface);
  define("halide_cuda_initialize_kernels", initializeKernels);
  define("halide_cuda_run", runKernel);
  define("halide_cuda_finalize_kernels", finalizeKernels);
  define("halide_device_malloc", deviceMalloc);
  define("halide_device_free", deviceFree);
  define("halide_device_free_as_destructor", deviceFreeAsDestructor);
  define("halide_device_and_host_malloc", deviceAndHostMalloc);
  define("halide_device_and_host_free", deviceFree);
  define("halide_device_and_host_free_as_destructor", deviceFreeAsDestructor);
  define("halide_device_host_nop_free", deviceFreeAsDestructor);
  define("halide_copy_to_device", copyToDevice);
  define("halide_copy_to_host", copyToHost);
  define("halide_malloc", hostMalloc);
  define("halide_free", hostFree);
  return jit.getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols)));
}

/// A buffer of the argument's shape on the device, with what its fields point at.
struct DeviceBuffer {
  halide_buffer_t buffer = {};
  std::vector<halide_dimension_t> dimensions;

  DeviceBuffer(const KernelArgument &argument, size_t index) {
    for (const BufferDimension &dimension : argument.dimensions)
      dimensions.emplace_back(dimension.min, dimension.extent, dimension.stride);
    const int64_t bytes = elementBytes(argument.type);
    buffer.device = Recorder::address(index) + uint64_t(argument.elementOffset * bytes);
    buffer.device_interface = deviceInterface();
    buffer.type = halide_type_t(argument.type == ElementType::BF16 ? halide_type_bfloat : halide_type_float,
                                uint8_t(8 * bytes));
    buffer.dimensions = int32_t(dimensions.size());
    buffer.dim = dimensions.data();
  }
  DeviceBuffer(const DeviceBuffer &) = delete;
};

} // namespace

llvm::Expected<RecordedLaunches> fasternet::recordLaunches(llvm::StringRef object, llvm::StringRef symbol,
                                                           llvm::ArrayRef<KernelArgument> arguments) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  if (llvm::Error error = defineRuntime(**jit))
    return error;
  if (llvm::Error error = (*jit)->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(object, symbol)))
    return error;
  // The form that takes an array of pointers to arguments, the user context first.
  auto function = (*jit)->lookup((symbol + "_argv").str());
  if (!function)
    return function.takeError();

  Recorder recorder(arguments);
  void *context = &recorder;
  std::vector<std::unique_ptr<DeviceBuffer>> buffers;
  std::vector<void *> pointers = {&context};
  for (const KernelArgument &argument : arguments) {
    buffers.push_back(std::make_unique<DeviceBuffer>(argument, buffers.size()));
    pointers.push_back(&buffers.back()->buffer);
  }
  auto *run = function->toPtr<int (*)(void **)>();
  if (setjmp(recorder.beforeCall) == 0)
    run(pointers.data());
  return recorder.take();
}
