#include "reference/Interpreter.h"
#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"
#include "reference/primitives/Convolution.h"
#include "reference/primitives/Elementwise.h"
#include "reference/primitives/Layout.h"
#include "reference/primitives/Pointwise.h"
#include "reference/primitives/Pool.h"
#include "support/Diagnostics.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace fasternet;
using reference::Tensor;

namespace {

/// Values of tensors in the row-major order of their types: an NHWC image as it is, an NCHW one with its
/// sizes in that order, a matrix [n, c] as [n, 1, 1, c].
class Interpreter {
public:
  llvm::Expected<std::vector<std::vector<double>>> run(mlir::func::FuncOp function,
                                                       llvm::ArrayRef<std::vector<double>> inputs);

private:
  llvm::Expected<Tensor> evaluate(mlir::Operation &op);
  const Tensor &image(mlir::Value value) const { return tensors.find(value)->second; }
  /// The floats of a weight operand; empty for an absent one.
  std::span<const float> weight(mlir::Value value);
  void forgetAfter(mlir::Operation &op);

  llvm::DenseMap<mlir::Value, Tensor> tensors;
  /// Held while an op reads them.
  std::vector<std::unique_ptr<ir::WeightValues>> held;
};

Tensor withShape(mlir::Type type, std::vector<double> values) {
  auto shape = mlir::cast<mlir::RankedTensorType>(type).getShape();
  Tensor tensor;
  tensor.batch = shape[0];
  tensor.height = shape.size() == 4 ? shape[1] : 1;
  tensor.width = shape.size() == 4 ? shape[2] : 1;
  tensor.channels = shape.back();
  tensor.values = std::move(values);
  return tensor;
}

Tensor activate(Tensor tensor, ir::ActivationKind kind) {
  switch (kind) {
  case ir::ActivationKind::None:
    return tensor;
  case ir::ActivationKind::Relu:
    return reference::relu(std::move(tensor));
  case ir::ActivationKind::Gelu:
    return reference::gelu(std::move(tensor));
  }
  llvm_unreachable("covered switch");
}

/// NCHW, its sizes in that order, to NHWC.
Tensor toNhwc(const Tensor &nchw) {
  const std::vector<float> values(nchw.values.begin(), nchw.values.end());
  return reference::fromNchw(values, nchw.batch, nchw.height, nchw.width, nchw.channels);
}

/// Rows of a matrix operand.
int64_t rows(mlir::Value matrix) {
  return mlir::cast<mlir::RankedTensorType>(matrix.getType()).getDimSize(0);
}
int64_t lastDimension(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape().back();
}

std::span<const float> Interpreter::weight(mlir::Value value) {
  if (!value)
    return {};
  held.push_back(std::make_unique<ir::WeightValues>(value.getDefiningOp<ir::WeightOp>().getValue()));
  llvm::ArrayRef<float> values = held.back()->get();
  return {values.data(), values.size()};
}

llvm::Expected<Tensor> Interpreter::evaluate(mlir::Operation &operation) {
  using Result = llvm::Expected<Tensor>;
  return llvm::TypeSwitch<mlir::Operation *, Result>(&operation)
      .Case([&](ir::ToNhwcOp op) -> Result { return toNhwc(image(op.getInput())); })
      .Case([&](ir::ToNchwOp op) -> Result {
        return withShape(op.getResult().getType(), reference::toNchw(image(op.getInput())));
      })
      .Case([&](ir::Conv2dOp op) -> Result {
        return reference::conv2d(image(op.getInput()), weight(op.getWeight()), weight(op.getBias()),
                                 {lastDimension(op.getWeight()), int64_t(op.getStride()), 0});
      })
      .Case([&](ir::BatchNormOp op) -> Result {
        return reference::batchNorm(image(op.getInput()), weight(op.getScale()), weight(op.getBias()),
                                    weight(op.getMean()), weight(op.getVariance()),
                                    op.getEpsilon().convertToDouble());
      })
      .Case([&](ir::PartialConvOp op) -> Result {
        return reference::partialConv(image(op.getInput()), weight(op.getWeight()), rows(op.getWeight()));
      })
      .Case([&](ir::PointwiseOp op) -> Result {
        return reference::pointwise(image(op.getInput()), weight(op.getWeight()), weight(op.getBias()),
                                    rows(op.getWeight()));
      })
      .Case([&](ir::ActivationOp op) -> Result { return activate(image(op.getInput()), op.getKind()); })
      .Case([&](ir::LayerScaleOp op) -> Result {
        return reference::layerScale(image(op.getInput()), weight(op.getScale()));
      })
      .Case([&](ir::AddOp op) -> Result { return reference::add(image(op.getLhs()), image(op.getRhs())); })
      .Case([&](ir::GlobalPoolOp op) -> Result { return reference::globalPool(image(op.getInput())); })
      .Case([&](ir::LinearOp op) -> Result {
        return reference::linear(image(op.getInput()), weight(op.getWeight()), weight(op.getBias()),
                                 rows(op.getWeight()));
      })
      .Case([&](ir::PatchConvOp op) -> Result {
        const reference::ConvGeometry geometry{lastDimension(op.getWeight()), int64_t(op.getStride()), 0};
        const Tensor &input = image(op.getInput());
        return reference::conv2d(op.getNchw() ? toNhwc(input) : input, weight(op.getWeight()),
                                 weight(op.getBias()), geometry);
      })
      .Case([&](ir::BlockOp op) -> Result {
        const Tensor &input = image(op.getInput());
        Tensor mixed =
            reference::partialConv(input, weight(op.getPartialWeight()), rows(op.getPartialWeight()));
        Tensor hidden = activate(reference::pointwise(mixed, weight(op.getFirstWeight()),
                                                      weight(op.getFirstBias()), rows(op.getFirstWeight())),
                                 op.getActivation());
        return reference::add(
            reference::pointwise(hidden, weight(op.getSecondWeight()), {}, rows(op.getSecondWeight())),
            input);
      })
      .Case([&](ir::HeadOp op) -> Result {
        Tensor features = activate(reference::linear(reference::globalPool(image(op.getInput())),
                                                     weight(op.getWeight()), {}, rows(op.getWeight())),
                                   op.getActivation());
        if (!op.getClassifierWeight())
          return features;
        return reference::linear(features, weight(op.getClassifierWeight()), weight(op.getClassifierBias()),
                                 rows(op.getClassifierWeight()));
      })
      .Case([&](ir::AffineOp op) -> Result {
        Tensor scaled = reference::affine(image(op.getInput()), weight(op.getScale()), weight(op.getBias()));
        return withShape(op.getResult().getType(), reference::toNchw(scaled));
      })
      .Default([](mlir::Operation *op) -> Result {
        return inputError("the reference does not interpret '" + op->getName().getStringRef() + "'");
      });
}

void Interpreter::forgetAfter(mlir::Operation &op) {
  held.clear();
  for (mlir::Value operand : op.getOperands()) {
    auto isLater = [&](mlir::Operation *user) { return op.isBeforeInBlock(user); };
    if (llvm::none_of(operand.getUsers(), isLater))
      tensors.erase(operand);
  }
}

llvm::Expected<std::vector<std::vector<double>>>
Interpreter::run(mlir::func::FuncOp function, llvm::ArrayRef<std::vector<double>> inputs) {
  if (inputs.size() != function.getNumArguments())
    return inputError("the reference got " + llvm::Twine(inputs.size()) + " inputs, the model has " +
                      llvm::Twine(function.getNumArguments()));
  for (auto [argument, values] : llvm::zip(function.getArguments(), inputs)) {
    const int64_t elements = mlir::cast<mlir::RankedTensorType>(argument.getType()).getNumElements();
    if (int64_t(values.size()) != elements)
      return inputError("the reference got an input of " + llvm::Twine(values.size()) + " values, expected " +
                        llvm::Twine(elements));
    tensors[argument] = withShape(argument.getType(), values);
  }
  std::vector<std::vector<double>> results;
  for (mlir::Operation &op : function.front()) {
    if (auto weight = mlir::dyn_cast<ir::WeightOp>(op)) {
      // Passes free the values of weights that they replace.
      if (!ir::isReadableWeight(weight.getValue()))
        return inputError("the reference finds no data in weight '" + weight.getName() + "'");
      continue;
    }
    if (mlir::isa<mlir::func::ReturnOp>(op)) {
      for (mlir::Value value : op.getOperands())
        results.push_back(image(value).values);
      break;
    }
    llvm::Expected<Tensor> result = evaluate(op);
    if (!result)
      return result.takeError();
    tensors[op.getResult(0)] = std::move(*result);
    forgetAfter(op);
  }
  return results;
}

} // namespace

llvm::Expected<std::vector<std::vector<double>>>
fasternet::interpret(mlir::func::FuncOp function, llvm::ArrayRef<std::vector<double>> inputs) {
  return Interpreter().run(function, inputs);
}

llvm::Expected<std::vector<std::vector<double>>>
fasternet::interpret(mlir::ModuleOp module, llvm::ArrayRef<std::vector<double>> inputs) {
  auto functions = llvm::to_vector(module.getOps<mlir::func::FuncOp>());
  if (functions.size() != 1)
    return inputError("the reference expects a module of one function, found " +
                      llvm::Twine(functions.size()));
  return interpret(functions.front(), inputs);
}
