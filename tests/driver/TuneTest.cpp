// The --budget option.
#include "driver/Tune.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(Tune, ReadsDurations) {
  for (auto [text, seconds] : {std::pair("90", 90), std::pair("90s", 90), std::pair("10m", 600),
                               std::pair("2h", 7200), std::pair("168h", 7 * 24 * 3600)})
    EXPECT_EQ(llvm::cantFail(parseDuration(text)).count(), seconds) << text;
}

TEST(Tune, RefusesWhatIsNoDuration) {
  for (const char *text : {"", "0", "-1", "m", "10 m", "10d", "1.5h", "169h", "99999999999999999999h"}) {
    auto duration = parseDuration(text);
    ASSERT_FALSE(bool(duration)) << text;
    EXPECT_NE(llvm::toString(duration.takeError()).find("--budget: found '" + std::string(text) + "'"),
              std::string::npos);
  }
}
