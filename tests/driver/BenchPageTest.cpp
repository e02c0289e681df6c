// The page of `bench --html`: whole, self-contained, with nothing of the model's or machine's text as markup.
#include "driver/BenchPage.h"

#include "llvm/ADT/StringRef.h"

#include <gtest/gtest.h>

using namespace fasternet;

static BenchReport report() {
  BenchReport report;
  report.model = "tiny";
  report.target = "x86-64-v3";
  report.cpu = "Fast & <b>Wide</b> \"9\"";
  report.peakGflops = 100;
  report.bandwidthGbps = 20;
  report.medianMs = 10;
  report.peakMemoryBytes = 3 << 19;
  report.kernels = {{"patch_conv-n1-8x8-c3-o4-k4-s4-nchw-f32-w32", 1, 1, 10'000'000, 1'000'000},
                    {"block-n1-8x8-c4-p1-h8-relu-f32-w32", 2, 2.5, 100'000'000, 4'000'000},
                    {"affine-n1-8x8-c4-f32-w32", 1, 0.5, 0, 5'000'000}};
  report.steps = {{0, 1}, {1, 2}, {2, 0.5}, {1, 3}};
  report.macs = 210'000'000;
  return report;
}

static size_t count(llvm::StringRef page, llvm::StringRef text) {
  return page.count(text);
}

TEST(BenchPage, EscapesText) {
  const std::string page = benchPage(report());
  EXPECT_EQ(count(page, "<b>"), 0u);
  EXPECT_EQ(count(page, "Fast &amp; &lt;b&gt;Wide&lt;/b&gt; &quot;9&quot;"), 2u) << "title and machine";
}

TEST(BenchPage, NeedsNothingElse) {
  const std::string page = benchPage(report());
  for (const char *mark : {"<script", "http", "src=", "href=", "url(", "@import"})
    EXPECT_EQ(count(page, mark), 0u) << mark;
  EXPECT_TRUE(llvm::StringRef(page).starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(llvm::StringRef(page).ends_with("</html>\n"));
}

TEST(BenchPage, ElementsAreClosed) {
  const std::string page = benchPage(report());
  for (const std::string element :
       {"svg", "g", "text", "title", "table", "tr", "td", "th", "dl", "p", "h2", "code"})
    EXPECT_EQ(count(page, "<" + element + ">") + count(page, "<" + element + " "),
              count(page, "</" + element + ">"))
        << element;
}

TEST(BenchPage, HasARowAPointAndBarsForTheKernels) {
  const std::string page = benchPage(report());
  EXPECT_EQ(count(page, "<code>"), 3u);
  EXPECT_EQ(count(page, "r=\"5\""), 2u) << "points of kernels with multiply-accumulates";
  EXPECT_EQ(count(page, "rx=\"2\""), 4u) << "a bar for each call";
  for (const char *kind : {"patch_conv", "block", "affine"})
    EXPECT_NE(count(page, "var(--" + std::string(kind) + ")"), 0u) << kind;
  EXPECT_EQ(count(page, "1.5 MiB"), 1u);
}

TEST(BenchPage, StepsStandInTheirOrder) {
  const std::string page = benchPage(report());
  const size_t bars = page.find("Time of each kernel call");
  size_t at = bars;
  for (const char *time : {"1.000 ms, 10.0 %", "2.000 ms, 20.0 %", "0.500 ms, 5.0 %", "3.000 ms, 30.0 %"}) {
    at = page.find(time, at);
    EXPECT_NE(at, std::string::npos) << time;
  }
}
