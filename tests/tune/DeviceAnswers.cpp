// Usage: device-answers FOLDER KERNEL ...    writes for each kernel what it has to leave on the fake driver.
#include "DeviceAnswer.h"

#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

int main(int count, char **arguments) {
  for (int i = 2; i < count; ++i) {
    auto spec = KernelSpec::parse(arguments[i]);
    llvm::Error error = spec ? writeDeviceAnswer(arguments[1], *spec) : spec.takeError();
    if (error) {
      llvm::errs() << llvm::toString(std::move(error)) << '\n';
      return 1;
    }
  }
  return 0;
}
