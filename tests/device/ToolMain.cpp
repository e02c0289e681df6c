// Runs the tests where the tools that the arguments name are there, and says that it skipped them (77)
// elsewhere.
#include "device/DeviceTools.h"

#include <gtest/gtest.h>

#include <cstdio>

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i)
    if (!fasternet::findDeviceTool(argv[i])) {
      std::printf("skipped: %s\n", fasternet::missingDeviceTool(argv[i]).c_str());
      return 77;
    }
  return RUN_ALL_TESTS();
}
