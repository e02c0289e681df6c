// Prefetches one round ahead: run the loops of lowered kernels, and look which cache lines are asked for and
// which are read.
#include "codegen/PipelineCompiler.h"
#include "targets/Cpus.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace fasternet;
using namespace Halide::Internal;

namespace {

constexpr int lineFloats = 16;

struct Lines {
  std::set<int64_t> asked, read;
};

/// Runs all loops; `lines[buffer][round]` is what a round of the loop over tiles asks for and reads.
class LoopRunner : public IRVisitor {
public:
  explicit LoopRunner(std::string over) : over("." + std::move(over)) {}

  std::map<std::string, std::map<int64_t, Lines>> lines;

private:
  using IRVisitor::visit;

  std::optional<int64_t> value(const Halide::Expr &expression) const {
    if (auto constant = as_const_int(simplify(substitute(values, expression))))
      return *constant;
    return std::nullopt;
  }

  void visit(const For *loop) override {
    const auto min = value(loop->min), extent = value(loop->extent);
    ASSERT_TRUE(min && extent) << loop->name;
    const int64_t before = round;
    for (int64_t i = *min; i < *min + *extent; ++i) {
      values[loop->name] = int(i);
      if (ends_with(loop->name, over))
        round = i;
      loop->body.accept(this);
    }
    values.erase(loop->name);
    round = before;
  }

  void visit(const LetStmt *let) override {
    if (auto constant = value(let->value))
      values[let->name] = int(*constant);
    IRVisitor::visit(let);
    values.erase(let->name);
  }

  void visit(const IfThenElse *branch) override {
    const auto condition = value(select(branch->condition, 1, 0));
    ASSERT_TRUE(condition);
    if (*condition)
      branch->then_case.accept(this);
    else if (branch->else_case.defined())
      branch->else_case.accept(this);
  }

  void visit(const Call *call) override {
    if (call->is_intrinsic(Call::prefetch))
      lines[call->args[0].as<Variable>()->name][round].asked.insert(*value(call->args[1]) / lineFloats);
    IRVisitor::visit(call);
  }

  void visit(const Load *load) override {
    IRVisitor::visit(load);
    if (round < 0 || !watched(load->name))
      return;
    const Ramp *ramp = load->index.as<Ramp>();
    const auto first = value(ramp ? ramp->base : load->index);
    ASSERT_TRUE(first) << load->name;
    for (int64_t i = 0; i < (ramp ? ramp->lanes : 1); i += lineFloats)
      lines[load->name][round].read.insert((*first + i) / lineFloats);
  }

  /// What is not kept in scratch, and of that no biases: the arguments that a test may ask for.
  bool watched(const std::string &buffer) const {
    return ends_with(buffer, "weight") || (over == ".task" && buffer == "input");
  }

  std::map<std::string, Halide::Expr> values;
  int64_t round = -1;
  std::string over;
};

LoopRunner run(const char *text, const std::string &overrides, const char *over) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
  const Target &target = *findTarget("x86-64-v4");
  const std::string parameters = llvm::cantFail(scheduleParameters(spec, target, overrides));
  const Halide::Module module =
      lowerPipeline([&] { return buildPipeline(spec, target, parameters); }, halideTarget(target), "kernel");
  LoopRunner runner(over);
  module.get_conceptual_stmt().accept(&runner);
  return runner;
}

/// Every round of a loop finds its lines of `buffer` asked for, or read, by earlier ones, and not many others
/// are; but for the first round, of each image where it has `imageRounds`, and for `mayMiss` lines.
void expectNextRoundsAsked(const LoopRunner &runner, const std::string &buffer, size_t count,
                           size_t mayMiss = 0, int64_t imageRounds = 1000) {
  ASSERT_TRUE(runner.lines.count(buffer)) << buffer;
  const auto &rounds = runner.lines.at(buffer);
  EXPECT_EQ(rounds.size(), count) << buffer;
  std::set<int64_t> known;
  for (const auto &[round, now] : rounds) {
    size_t missing = 0;
    for (int64_t line : now.read)
      missing += !known.count(line);
    EXPECT_LE(missing, round % imageRounds == 0 ? now.read.size() : mayMiss) << buffer << " round " << round;
    known.insert(now.asked.begin(), now.asked.end());
    known.insert(now.read.begin(), now.read.end());
    EXPECT_FALSE(now.asked.empty()) << buffer << " round " << round;
    EXPECT_LE(now.asked.size(), now.read.size() * 3 / 2) << buffer << " round " << round;
  }
}

const char *small = "block-n1-7x7-c96-p24-h192-relu-f32-w32";
const std::string one =
    "partial=1x7x1,first=2x7x1,second=2x7x1,pixels=7,rows=7,share=1,winograd=0,ahead=1,vector=";

TEST(ReadAhead, TilesOfOneStrip) {
  const LoopRunner runner = run(small, one + "16", "tile");
  expectNextRoundsAsked(runner, "first_weight", 6);
  expectNextRoundsAsked(runner, "second_weight", 3);
}

TEST(ReadAhead, TilesThatSharePanels) {
  const LoopRunner runner = run(small, one + "8,first=3x4x1,second=1x7x1", "tile");
  expectNextRoundsAsked(runner, "first_weight", 8);
  expectNextRoundsAsked(runner, "second_weight", 12);
}

TEST(ReadAhead, TilesOfManyStrips) {
  const char *overrides =
      "vector=16,partial=1x7x1,first=4x7x1,second=2x14x1,pixels=14,rows=2,share=0,winograd=0,ahead=1";
  const LoopRunner runner = run("block-n1-14x14-c192-p48-h192-gelu-f32-w32", overrides, "tile");
  expectNextRoundsAsked(runner, "first_weight", 3);
  expectNextRoundsAsked(runner, "second_weight", 6);
  expectNextRoundsAsked(runner, "partial_weight", 3);
}

TEST(ReadAhead, StepsOfAnIterationShareIt) {
  const LoopRunner runner = run(small, one + "16,unroll=4,first=4x7x1,second=3x7x1", "tile");
  expectNextRoundsAsked(runner, "first_weight", 3);
  expectNextRoundsAsked(runner, "second_weight", 2);
}

TEST(ReadAhead, Merging) {
  const LoopRunner runner = run("patch_conv-n1-14x14-c32-o96-k2-s2-nhwc-f32-w32",
                                "vector=16,tile=2x7x1,strip=7,share=1,ahead=1", "tile");
  expectNextRoundsAsked(runner, "weight", 3);
}

TEST(ReadAhead, RowsOfMerging) {
  const LoopRunner runner = run("patch_conv-n1-14x14-c32-o32-k2-s2-nhwc-f32-w32",
                                "vector=16,tile=2x7x1,strip=1,share=0,ahead=1", "task");
  expectNextRoundsAsked(runner, "input", 7);
}

TEST(ReadAhead, RowsOfABlock) {
  const char *overrides =
      "vector=16,partial=1x7x1,first=2x7x1,second=2x7x1,pixels=14,rows=2,share=0,winograd=0,ahead=1";
  const LoopRunner runner = run("block-n1-14x14-c32-p8-h32-relu-f32-w32", overrides, "task");
  // The convolution reads one row more than was asked for, of each pixel a line.
  expectNextRoundsAsked(runner, "input", 7, 16);
}

TEST(ReadAhead, PlanesOfAnImage) {
  for (const char *stage : {"0", "1"}) {
    const LoopRunner runner =
        run("patch_conv-n1-32x32-c3-o32-k4-s4-nchw-f32-w32",
            std::string("vector=16,tile=2x4x1,strip=1,share=0,ahead=1,stage=") + stage, "task");
    expectNextRoundsAsked(runner, "input", 8);
  }
}

TEST(ReadAhead, RowsOfTheNextImages) {
  const LoopRunner merging = run("patch_conv-n3-14x14-c32-o32-k2-s2-nhwc-f32-w32",
                                 "vector=16,tile=2x7x1,strip=1,share=0,ahead=1", "task");
  expectNextRoundsAsked(merging, "input", 21, 0, 7);
  const LoopRunner embedding = run("patch_conv-n3-32x32-c3-o32-k4-s4-nchw-f32-w32",
                                   "vector=16,tile=2x4x1,strip=1,share=0,ahead=1,stage=1", "task");
  expectNextRoundsAsked(embedding, "input", 24, 0, 8);
}

TEST(ReadAhead, PiecesOfAConvolution) {
  // Seven rows are the rounds of a tile: together they ask for the next one's weights.
  const LoopRunner runner = run("block-n1-7x7-c192-p48-h96-relu-f32-w32", one + "16", "piece");
  const auto &rounds = runner.lines.at("partial_weight");
  ASSERT_EQ(rounds.size(), 21u);
  std::set<int64_t> asked;
  for (int64_t round = 0; round < 7; ++round)
    asked.insert(rounds.at(round).asked.begin(), rounds.at(round).asked.end());
  for (int64_t line : rounds.at(7).read)
    EXPECT_TRUE(asked.count(line)) << line;
  EXPECT_LE(asked.size(), 3 * rounds.at(7).read.size() / 2);
}

TEST(ReadAhead, PanelsThatAreMixed) {
  for (const char *form : {"1", "2"}) {
    const LoopRunner runner = run(
        "block-n1-14x14-c256-p64-h64-relu-f32-w32",
        std::string(
            "vector=16,partial=2x7x1,first=2x7x1,second=2x7x1,pixels=14,rows=14,share=1,ahead=1,winograd=") +
            form,
        "panel");
    expectNextRoundsAsked(runner, "partial_weight", 4);
  }
}

TEST(ReadAhead, DefaultOfTheCpuItWasMeasuredOn) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(small));
  for (auto [cpu, ahead] : {std::pair("zen5", "ahead=1"), std::pair("zen4", "ahead=0")}) {
    const Target target = tunedFor(*findTarget("x86-64-zen4"), *findCpu(cpu));
    EXPECT_NE(llvm::cantFail(scheduleParameters(spec, target, "")).find(ahead), std::string::npos) << cpu;
  }
}

TEST(ReadAhead, NoneWhereNotWanted) {
  const LoopRunner runner = run(small, one + "16,ahead=0", "tile");
  for (const auto &[buffer, rounds] : runner.lines)
    for (const auto &[round, now] : rounds)
      EXPECT_TRUE(now.asked.empty()) << buffer;
}

} // namespace
