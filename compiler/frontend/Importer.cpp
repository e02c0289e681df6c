// The published layers of a model as imported ops, in the order of execution.
#include "frontend/Importer.h"
#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace fasternet;

namespace {

class Importer {
public:
  Importer(MLIRContext &context, const ModelDescription &model, const Weights &weights)
      : model(model), weights(weights), builder(&context), location(builder.getUnknownLoc()) {}

  OwningOpRef<ModuleOp> run();

private:
  RankedTensorType tensor(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, builder.getF32Type());
  }
  RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
  /// The tensor of this key in its own shape, or with trailing dimensions of 1 dropped down to `rank`.
  Value weight(const std::string &name, size_t rank = 0);
  Value conv2d(Value input, const std::string &name, int64_t stride);
  Value batchNorm(Value input, const std::string &name);
  Value pointwise(Value input, const std::string &name);
  Value linear(Value input, const std::string &name, Value bias);
  Value activation(Value input);
  Value block(Value input, const std::string &name);
  Value toNchw(Value input);
  Value head(Value input);

  const ModelDescription &model;
  const Weights &weights;
  OpBuilder builder;
  Location location;
};

Value Importer::weight(const std::string &name, size_t rank) {
  const WeightTensor &stored = weights.at(name);
  std::vector<int64_t> shape = stored.shape;
  while (rank != 0 && shape.size() > rank && shape.back() == 1)
    shape.pop_back();
  const auto type = tensor(shape);
  return ir::WeightOp::create(builder, location, type, builder.getStringAttr(name),
                              ir::makeWeight(type, name, stored.data, stored.owner));
}

Value Importer::conv2d(Value input, const std::string &name, int64_t stride) {
  Value kernel = weight(name);
  const auto from = typeOf(input).getShape(), window = typeOf(kernel).getShape();
  const auto type =
      tensor({from[0], (from[1] - window[2]) / stride + 1, (from[2] - window[3]) / stride + 1, window[0]});
  return ir::Conv2dOp::create(builder, location, type, input, kernel, /*bias=*/Value(),
                              builder.getI64IntegerAttr(stride));
}

Value Importer::batchNorm(Value input, const std::string &name) {
  // 1e-5 is torch's default, which the published model keeps.
  return ir::BatchNormOp::create(builder, location, input.getType(), input, weight(name + ".weight"),
                                 weight(name + ".bias"), weight(name + ".running_mean"),
                                 weight(name + ".running_var"), llvm::APFloat(1e-5));
}

Value Importer::pointwise(Value input, const std::string &name) {
  Value matrix = weight(name, 2);
  auto shape = llvm::to_vector(typeOf(input).getShape());
  shape.back() = typeOf(matrix).getDimSize(0);
  return ir::PointwiseOp::create(builder, location, tensor(shape), input, matrix, Value());
}

Value Importer::linear(Value input, const std::string &name, Value bias) {
  Value matrix = weight(name, 2);
  const auto type = tensor({typeOf(input).getDimSize(0), typeOf(matrix).getDimSize(0)});
  return ir::LinearOp::create(builder, location, type, input, matrix, bias);
}

Value Importer::activation(Value input) {
  return ir::ActivationOp::create(builder, location, input.getType(), input,
                                  ir::fromSupport(model.activation));
}

Value Importer::block(Value input, const std::string &name) {
  Value mixed = ir::PartialConvOp::create(builder, location, input.getType(), input,
                                          weight(name + ".spatial_mixing.partial_conv3.weight"));
  Value hidden = activation(batchNorm(pointwise(mixed, name + ".mlp.0.weight"), name + ".mlp.1"));
  Value output = pointwise(hidden, name + ".mlp.3.weight");
  if (model.layerScaleInitValue > 0)
    output =
        ir::LayerScaleOp::create(builder, location, output.getType(), output, weight(name + ".layer_scale"));
  return ir::AddOp::create(builder, location, input.getType(), input, output);
}

Value Importer::toNchw(Value input) {
  const auto shape = typeOf(input).getShape();
  return ir::ToNchwOp::create(builder, location, tensor({shape[0], shape[3], shape[1], shape[2]}), input);
}

Value Importer::head(Value input) {
  const auto shape = typeOf(input).getShape();
  Value pooled = ir::GlobalPoolOp::create(builder, location, tensor({shape[0], shape[3]}), input);
  Value features = activation(linear(pooled, "avgpool_pre_head.1.weight", Value()));
  return model.numClasses > 0 ? linear(features, "head.weight", weight("head.bias")) : features;
}

OwningOpRef<ModuleOp> Importer::run() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  builder.setInsertionPointToStart(module->getBody());
  const auto input = tensor({model.batchSize, model.inChans, model.imageHeight, model.imageWidth});
  auto function = func::FuncOp::create(builder, location, model.name, builder.getFunctionType({input}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());

  Value value = ir::ToNhwcOp::create(
      builder, location, tensor({model.batchSize, model.imageHeight, model.imageWidth, model.inChans}),
      function.getArgument(0));
  value = conv2d(value, "patch_embed.proj.weight", model.patchStride);
  if (model.patchNorm)
    value = batchNorm(value, "patch_embed.norm");
  SmallVector<Value> results;
  for (int64_t stage = 0; stage < model.stages(); ++stage) {
    // The published model numbers stages and mergings in one sequence: 0, 2, 4, 6 and 1, 3, 5.
    if (stage > 0) {
      const std::string merging = "stages." + std::to_string(2 * stage - 1);
      value = batchNorm(conv2d(value, merging + ".reduction.weight", model.patchStride2), merging + ".norm");
    }
    const std::string name = std::to_string(2 * stage);
    for (int64_t j = 0; j < model.depths[stage]; ++j)
      value = block(value, "stages." + name + ".blocks." + std::to_string(j));
    if (model.forkFeat)
      results.push_back(toNchw(batchNorm(value, "norm" + name)));
  }
  if (!model.forkFeat)
    results.push_back(head(value));
  func::ReturnOp::create(builder, location, results);
  function.setType(builder.getFunctionType({input}, ValueRange(results).getTypes()));
  return module;
}

} // namespace

OwningOpRef<ModuleOp> fasternet::importModel(MLIRContext &context, const ModelDescription &model,
                                             const Weights &weights) {
  return Importer(context, model, weights).run();
}
