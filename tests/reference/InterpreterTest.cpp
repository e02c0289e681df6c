// The interpreter against values computed by hand, and against published outputs before and after fusing.
#include "reference/Interpreter.h"

#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"
#include "frontend/Importer.h"
#include "transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace fasternet;
using Tensors = std::vector<std::vector<double>>;

namespace {

class Interpreter : public testing::Test {
protected:
  Interpreter() { context.loadDialect<ir::FasternetDialect, mlir::func::FuncDialect>(); }

  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    return module;
  }

  mlir::MLIRContext context;
};

Tensors results(mlir::ModuleOp module, llvm::ArrayRef<std::vector<double>> inputs) {
  auto outputs = interpret(module, inputs);
  EXPECT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
  return outputs ? *outputs : Tensors();
}

/// Each element within 1e-6 of the largest expected value.
template <typename Values> void expectClose(const std::vector<double> &found, const Values &expected) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0, worst = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    largest = std::max(largest, std::abs(double(expected[i])));
    worst = std::max(worst, std::abs(found[i] - double(expected[i])));
  }
  EXPECT_GT(largest, 0);
  EXPECT_LE(worst, 1e-6 * largest);
}

TEST_F(Interpreter, ComputesImportedLayers) {
  // Pixels (1, -2), (3, 4) as NCHW: channel 0 is 1 3, channel 1 is -2 4. The product with rows (1, 1), (2,
  // -1) and bias (1, 0) makes (0, 4), (8, 2); relu keeps them; the shortcut adds the input: (1, 2), (11, 6).
  auto module = parse(R"(
    func.func @tiny(%x: tensor<1x2x1x2xf32>) -> tensor<1x2x1x2xf32> {
      %w = "fasternet.weight"() {name = "w", value = dense<[[1.0, 1.0], [2.0, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
      %b = "fasternet.weight"() {name = "b", value = dense<[1.0, 0.0]> : tensor<2xf32>} : () -> tensor<2xf32>
      %i = fasternet.to_nhwc %x : tensor<1x2x1x2xf32> -> tensor<1x1x2x2xf32>
      %p = fasternet.pointwise %i, %w bias %b : (tensor<1x1x2x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x1x2x2xf32>
      %a = fasternet.activation relu %p : tensor<1x1x2x2xf32>
      %s = fasternet.add %i, %a : tensor<1x1x2x2xf32>
      %r = fasternet.to_nchw %s : tensor<1x1x2x2xf32> -> tensor<1x2x1x2xf32>
      return %r : tensor<1x2x1x2xf32>
    })");
  ASSERT_TRUE(module);
  EXPECT_EQ(results(*module, {{1, 3, -2, 4}}), (Tensors{{1, 11, 2, 6}}));
}

TEST_F(Interpreter, ComputesPoolNormAndPartialConvolution) {
  // The 3x3 sum over channel 0 of a 1x2 image is 1 + 3 = 4 in both pixels, channel 1 passes through: (4, -2),
  // (4, 4). Mean (4, 1); norm (x - 1) / sqrt(3 + 1) * 2 + 1: (4, 1).
  auto module = parse(R"(
    func.func @tiny(%x: tensor<1x1x2x2xf32>) -> tensor<1x2xf32> {
      %w = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
      %one = "fasternet.weight"() {name = "one", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
      %two = "fasternet.weight"() {name = "two", value = dense<2.0> : tensor<2xf32>} : () -> tensor<2xf32>
      %three = "fasternet.weight"() {name = "three", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
      %c = fasternet.partial_conv %x, %w : (tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
      %p = fasternet.global_pool %c : tensor<1x1x2x2xf32> -> tensor<1x2xf32>
      %r = fasternet.batch_norm %p, %two, %one, %one, %three epsilon 1.0 : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
      return %r : tensor<1x2xf32>
    })");
  ASSERT_TRUE(module);
  EXPECT_EQ(results(*module, {{1, -2, 3, 4}}), (Tensors{{4, 1}}));
}

TEST_F(Interpreter, ComputesFusedLayers) {
  // patch_conv sums 2x2 pixels and adds 1: 1+2+3+4+1 = 11. head: mean 11, product 2 -> 22, classifier -1,
  // bias 2: -20.
  auto module = parse(R"(
    func.func @tiny(%x: tensor<1x1x2x2xf32>) -> tensor<1x1xf32> {
      %w = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<1x1x2x2xf32>} : () -> tensor<1x1x2x2xf32>
      %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
      %m = "fasternet.weight"() {name = "m", value = dense<2.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
      %cw = "fasternet.weight"() {name = "cw", value = dense<-1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
      %cb = "fasternet.weight"() {name = "cb", value = dense<2.0> : tensor<1xf32>} : () -> tensor<1xf32>
      %p = fasternet.patch_conv %x, %w, %b stride 2 nchw : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
      %r = fasternet.head relu %p, %m classifier %cw, %cb : (tensor<1x1x1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      return %r : tensor<1x1xf32>
    })");
  ASSERT_TRUE(module);
  EXPECT_EQ(results(*module, {{1, 2, 3, 4}}), (Tensors{{-20}}));
}

TEST_F(Interpreter, RefusesInputsThatDoNotFit) {
  auto module =
      parse("func.func @tiny(%x: tensor<1x2xf32>) -> tensor<1x2xf32> { return %x : tensor<1x2xf32> }");
  ASSERT_TRUE(module);
  for (const Tensors &inputs : {Tensors{}, Tensors{{1}}, Tensors{{1, 2, 3}}, Tensors{{1, 2}, {1, 2}}}) {
    auto outputs = interpret(*module, inputs);
    EXPECT_FALSE(bool(outputs));
    EXPECT_NE(llvm::toString(outputs.takeError()), "");
  }
}

TEST_F(Interpreter, NamesAnOpThatItDoesNotKnow) {
  context.allowUnregisteredDialects();
  auto module = parse("func.func @tiny(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {\n"
                      "  %y = \"other.op\"(%x) : (tensor<1x2xf32>) -> tensor<1x2xf32>\n"
                      "  return %y : tensor<1x2xf32>\n}");
  ASSERT_TRUE(module);
  auto outputs = interpret(*module, Tensors{{1, 2}});
  ASSERT_FALSE(bool(outputs));
  EXPECT_NE(llvm::toString(outputs.takeError()).find("other.op"), std::string::npos);
}

TEST_F(Interpreter, NamesAWeightWithoutData) {
  auto module = parse(R"(
    func.func @tiny(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
      %s = "fasternet.weight"() {name = "freed", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
      %r = fasternet.layer_scale %x, %s : (tensor<1x1x1x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
      return %r : tensor<1x1x1x2xf32>
    })");
  ASSERT_TRUE(module);
  module->walk([&](ir::WeightOp weight) {
    auto type = mlir::cast<mlir::RankedTensorType>(weight.getType());
    auto value = ir::makeWeight(type, "freed", std::vector<float>{1, 1});
    weight.setValueAttr(value);
    ir::releaseWeight(value);
  });
  auto outputs = interpret(*module, Tensors{{1, 2}});
  ASSERT_FALSE(bool(outputs));
  EXPECT_NE(llvm::toString(outputs.takeError()).find("'freed'"), std::string::npos);
}

/// Folders of tests/data/golden whose weights are seeded:7.
class Golden : public Interpreter, public testing::WithParamInterface<const char *> {};

TEST_P(Golden, HoldsBeforeAndAfterFusing) {
  const std::string folder = std::string(FASTERNET_TEST_DATA) + "/golden/" + GetParam();
  Diagnostics diagnostics;
  auto model = loadModelDescription(folder + "/model.json", diagnostics);
  ASSERT_TRUE(model);
  auto weights = loadWeights(*model, "seeded:7", diagnostics);
  ASSERT_TRUE(weights);
  auto golden = loadTensors(folder + "/io.safetensors");
  ASSERT_TRUE(bool(golden)) << llvm::toString(golden.takeError());
  const auto input = golden->at("input").data;
  const Tensors inputs = {std::vector<double>(input.begin(), input.end())};

  auto module = importModel(context, *model, *weights);
  ASSERT_TRUE(module);
  const Tensors imported = results(*module, inputs);
  ASSERT_EQ(imported.size(), golden->size() - 1);
  for (auto [i, output] : llvm::enumerate(imported))
    expectClose(output, golden->at(imported.size() == 1 ? "output" : "output" + std::to_string(i)).data);

  mlir::PassManager passes(&context);
  buildFoldAndFusePipeline(passes);
  ASSERT_TRUE(mlir::succeeded(passes.run(*module)));
  const Tensors fused = results(*module, inputs);
  ASSERT_EQ(fused.size(), imported.size());
  for (auto [after, before] : llvm::zip(fused, imported))
    expectClose(after, before);
}

INSTANTIATE_TEST_SUITE_P(Models, Golden,
                         testing::Values("batch-3-gray", "features", "layer-scale", "mlp-ratio-2.5",
                                         "n-div-2", "n-div-3-odd-split", "n-div-8", "no-classes",
                                         "no-patch-norm", "odd-image-97x130", "overlapping-patches",
                                         "three-stages", "tiny-gelu", "tiny-relu", "wide-36-ch"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

} // namespace
