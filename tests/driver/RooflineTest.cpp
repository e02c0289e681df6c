// The roofline as axes and points, and as text.
#include "driver/Roofline.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <gtest/gtest.h>

using namespace fasternet;

static BenchReport reportOf(std::vector<BenchReport::Kernel> kernels) {
  BenchReport report;
  report.peakGflops = 100;
  report.bandwidthGbps = 20;
  report.medianMs = 1;
  report.kernels = std::move(kernels);
  return report;
}

/// One call: 80 GFLOP/s at 40 FLOP/byte.
static const BenchReport::Kernel fast = {"block-n1-8x8-c4-p1-h8-relu-f32-w32", 1, 1, 40'000'000, 2'000'000};
static const BenchReport::Kernel affine = {"affine-n1-8x8-c4-f32-w32", 1, 1, 0, 1'000'000};

TEST(LogAxis, IsLogarithmic) {
  const LogAxis axis{1, 100};
  EXPECT_DOUBLE_EQ(axis.position(1), 0);
  EXPECT_DOUBLE_EQ(axis.position(10), 0.5);
  EXPECT_DOUBLE_EQ(axis.position(100), 1);
  EXPECT_LT(axis.position(0.5), 0);
  EXPECT_DOUBLE_EQ(axis.value(0.5), 10);
}

TEST(LogAxis, TicksAreOneTwoFive) {
  EXPECT_EQ((LogAxis{3, 60}.ticks()), (std::vector<double>{5, 10, 20, 50}));
  EXPECT_EQ((LogAxis{0.3, 2}.ticks()), (std::vector<double>{0.5, 1, 2}));
}

TEST(Roofline, HasTheRidgeInSight) {
  const RooflinePlot plot = rooflinePlot(reportOf({fast, affine}));
  EXPECT_DOUBLE_EQ(plot.ridge(), 5);
  EXPECT_DOUBLE_EQ(plot.roof(1), 20);
  EXPECT_DOUBLE_EQ(plot.roof(5), 100);
  EXPECT_DOUBLE_EQ(plot.roof(50), 100);
  // From half of the ridge to twice the kernel, from a decade below the peak to above it.
  EXPECT_DOUBLE_EQ(plot.intensity.low, 2.5);
  EXPECT_DOUBLE_EQ(plot.intensity.high, 80);
  EXPECT_DOUBLE_EQ(plot.gflops.low, 10 / 1.5);
  EXPECT_DOUBLE_EQ(plot.gflops.high, 150);
  ASSERT_EQ(plot.points.size(), 1u) << "without operations there is no place on the axis";
  EXPECT_DOUBLE_EQ(plot.points[0].intensity, 40);
  EXPECT_DOUBLE_EQ(plot.points[0].gflops, 80);
}

TEST(Roofline, OfNoKernelsIsTheRoofAlone) {
  for (const auto &kernels : {std::vector<BenchReport::Kernel>{}, {affine}})
    EXPECT_NE(rooflineText(rooflinePlot(reportOf(kernels))).find("----"), std::string::npos);
}

TEST(Roofline, TextHasEveryKernelOnce) {
  // Three at one place stand side by side; the others are elsewhere.
  BenchReport::Kernel slow = fast, cached = fast;
  slow.medianMs = 50;
  cached = {"head-n1-1x1-c10-f10-o0-relu-f32-w32", 1, 1, 1'000'000, 1'000'000};
  cached.medianMs = 0.02; // 100 GFLOP/s at 2 FLOP/byte: above the roof
  const std::string text = rooflineText(rooflinePlot(reportOf({fast, fast, fast, slow, cached})));
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
  ASSERT_EQ(lines.size(), 17u) << text; // the roof in numbers, 14 rows, the axis, its numbers
  std::string plot;
  for (llvm::StringRef line : llvm::ArrayRef(lines).slice(1, 14)) {
    EXPECT_LE(line.size(), 11u + 60u);
    plot += line.split('|').second.str() + '\n';
  }
  for (char letter : {'A', 'B', 'C', 'D', 'E'})
    EXPECT_EQ(llvm::StringRef(plot).count(letter), 1u) << letter << '\n' << text;
  EXPECT_NE(plot.find("CAB"), std::string::npos) << text;
  EXPECT_NE(lines.back().find("FLOP/byte"), llvm::StringRef::npos);
}

TEST(Roofline, TextHasAStarWhereThereIsNoRoom) {
  const std::string text = rooflineText(rooflinePlot(reportOf(std::vector<BenchReport::Kernel>(60, fast))));
  EXPECT_NE(text.find('*'), std::string::npos) << text;
}
