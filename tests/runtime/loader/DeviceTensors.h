// Inputs and outputs in device memory that belongs to the host, for run_device.
#pragma once

#include "FakeCudaModel.h"
#include "FakeDriver.h"

/// Freed with the scope.
class DeviceTensors {
public:
  explicit DeviceTensors(float start, int device = 0) : start(start) {
    for (int i = 0; i < 4; ++i)
      addresses[i] = fake_driver::allocate(FakeCudaModel::tensorBytes, device);
    for (int i = 0; i < 2; ++i)
      fake_driver::write(addresses[i], fakeInput(i, start).data(), FakeCudaModel::tensorBytes);
  }
  ~DeviceTensors() {
    for (uint64_t address : addresses)
      fake_driver::release(address);
  }

  fnet_status run(const FakeCudaInstance &instance, void *stream) const {
    const void *in[] = {pointer(0), pointer(1)};
    void *out[] = {pointer(2), pointer(3)};
    return fnet_internal_cuda_run_device(instance.instance, in, out, stream);
  }

  void *pointer(int tensor, size_t offset = 0) const {
    return reinterpret_cast<void *>(addresses[tensor] + offset);
  }

  std::vector<float> output(int index) const {
    std::vector<float> values(FakeCudaModel::values);
    fake_driver::read(addresses[2 + index], values.data(), FakeCudaModel::tensorBytes);
    return values;
  }
  void forgetOutputs() const {
    const std::vector<float> nothing(FakeCudaModel::values);
    for (int i = 2; i < 4; ++i)
      fake_driver::write(addresses[i], nothing.data(), FakeCudaModel::tensorBytes);
  }
  bool outputsAreRight() const {
    return output(0) == fakeOutput(0, start) && output(1) == fakeOutput(1, start);
  }

private:
  float start;
  uint64_t addresses[4];
};
