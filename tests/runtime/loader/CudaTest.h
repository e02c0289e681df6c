// What the loader's tests share: a fresh machine before each, and nothing left behind after it.
#pragma once

#include "FakeCudaModel.h"
#include "FakeDriver.h"

#include <gtest/gtest.h>

class CudaTest : public testing::Test {
protected:
  /// One device of capability 8.0, and a host that has a context of its own.
  CudaTest() { startWith({80}); }

  static void startWith(const std::vector<int> &capabilities) {
    fake_driver::reset(capabilities);
    fake_driver::pushHostContext();
  }

  /// Instances are gone: so is everything of theirs.
  static void expectNothingLeft() {
    EXPECT_EQ(fake_driver::living(), std::vector<std::string>());
    EXPECT_EQ(fake_driver::misuses(), std::vector<std::string>());
    EXPECT_EQ(fake_driver::contexts(), std::vector<int>{fake_driver::hostContext});
  }

  void TearDown() override { expectNothingLeft(); }
};
