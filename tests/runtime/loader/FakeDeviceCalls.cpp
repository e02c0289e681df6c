// Entry points of the fake driver: errors, devices, contexts, code.
#include "FakeCall.h"

#include <cstring>

using namespace fake_driver;

namespace {

/// The only attribute besides the capability: as many multiprocessors as an A100 has.
constexpr int multiprocessorCount = 16, multiprocessors = 108;

const char *const errors[][2] = {{"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
                                 {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
                                 {"CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image for this device"},
                                 {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
                                 {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}};

const char *const *errorTexts(CUresult error) {
  switch (error) {
  case 2:
    return errors[0];
  case CUDA_ERROR_INVALID_IMAGE:
    return errors[1];
  case CUDA_ERROR_NO_BINARY_FOR_GPU:
    return errors[2];
  case invalidDevice:
    return errors[3];
  case illegalAddress:
    return errors[4];
  default:
    return nullptr;
  }
}

/// Shared memory that a block may have at most: technical specifications in the CUDA programming guide.
int mostSharedBytes(int capability) {
  switch (capability) {
  case 75:
    return 64 * 1024;
  case 80:
  case 87:
    return 163 * 1024;
  case 86:
  case 89:
  case 120:
    return 99 * 1024;
  default:
    return 227 * 1024;
  }
}

} // namespace

CUresult cuGetErrorName(CUresult error, const char **text) {
  *text = errorTexts(error) ? errorTexts(error)[0] : nullptr;
  return *text ? CUDA_SUCCESS : invalidValue;
}

CUresult cuGetErrorString(CUresult error, const char **text) {
  *text = errorTexts(error) ? errorTexts(error)[1] : nullptr;
  return *text ? CUDA_SUCCESS : invalidValue;
}

CUresult cuInit(unsigned) {
  CALL(cuInit);
  state().initialisedBy = getpid();
  return CUDA_SUCCESS;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  CALL(cuDeviceGet);
  if (state().initialisedBy == 0)
    state().misuse("a call before cuInit");
  if (ordinal < 0 || size_t(ordinal) >= state().devices.size())
    return invalidDevice;
  *device = ordinal;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
  CALL(cuDeviceGetAttribute);
  const int capability = state().devices.at(size_t(device)).capability;
  if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
    *value = capability / 10;
  else if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
    *value = capability % 10;
  else if (attribute == multiprocessorCount)
    *value = multiprocessors;
  else
    return invalidValue;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetName(char *name, int bytes, CUdevice) {
  CALL(cuDeviceGetName);
  std::strncpy(name, "Fake GPU", size_t(bytes));
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
  CALL(cuDevicePrimaryCtxRetain);
  ++state().devices.at(size_t(device)).retained;
  *context = handle<CUcontext>(uintptr_t(device) + 1);
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  Call call("cuDevicePrimaryCtxRelease");
  if (state().devices.at(size_t(device)).retained-- <= 0)
    state().misuse("a context released more often than retained");
  return call.failure;
}

CUresult cuCtxPushCurrent_v2(CUcontext context) {
  CALL(cuCtxPushCurrent);
  const size_t device = reinterpret_cast<uintptr_t>(context) - 1;
  if (device >= state().devices.size() || state().devices[device].retained <= 0)
    return invalidContext;
  contextStack().push_back(int(device));
  return CUDA_SUCCESS;
}

CUresult cuCtxPopCurrent_v2(CUcontext *context) {
  Call call("cuCtxPopCurrent");
  *context = handle<CUcontext>(uintptr_t(call.device()) + 1);
  if (!contextStack().empty())
    contextStack().pop_back();
  return call.failure;
}

CUresult cuModuleLoadData(CUmodule *module, const void *code) {
  CALL(cuModuleLoadData);
  const int device = call.device(), capability = state().devices.at(size_t(device)).capability;
  const Image image = parseImage(code);
  if (image.capability > capability || (image.machineCode && image.capability / 10 != capability / 10))
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  const uintptr_t number = state().newHandle();
  state().modules[number] = device;
  state().images.push_back(image.head);
  for (const Kernel &kernel : image.kernels)
    state().functions[state().newHandle()] = {number, kernel};
  *module = handle<CUmodule>(number);
  return CUDA_SUCCESS;
}

CUresult cuModuleUnload(CUmodule module) {
  Call call("cuModuleUnload");
  call.device();
  call.take(state().modules, module);
  std::erase_if(state().functions,
                [&](auto &entry) { return entry.second.module == reinterpret_cast<uintptr_t>(module); });
  return call.failure;
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
  CALL(cuModuleGetFunction);
  call.device();
  for (auto &[number, candidate] : state().functions)
    if (candidate.module == reinterpret_cast<uintptr_t>(module) && candidate.kernel.name == name) {
      *function = handle<CUfunction>(number);
      return CUDA_SUCCESS;
    }
  return notFound;
}

CUresult cuFuncSetAttribute(CUfunction handle, int attribute, int value) {
  CALL(cuFuncSetAttribute);
  Function &function = state().functions.at(reinterpret_cast<uintptr_t>(handle));
  const int capability = state().devices.at(size_t(state().modules.at(function.module))).capability;
  if (attribute != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES || value > mostSharedBytes(capability))
    return invalidValue;
  function.sharedBytes = value;
  state().sharedBytesSet.push_back(function.kernel.name + "=" + std::to_string(value));
  return CUDA_SUCCESS;
}
