#include "tensorcore/EmitActivation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/ErrorHandling.h"

using namespace fasternet;
using namespace mlir;

static Value constant(ImplicitLocOpBuilder &b, Type type, double value) {
  TypedAttr attribute = b.getF32FloatAttr(float(value));
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, attribute);
  return arith::ConstantOp::create(b, attribute);
}

/// max(v, 0) - a p(a)^16 with a = |v| up to 5.4: the form of compiler/kernels/Activations.cpp, whose comment
/// tells where it comes from. The intrinsics are LLVM's: those of math and arith, and LLVM's own fabs, would
/// be lowered to calls of libdevice, which is not linked.
static Value emitGelu(ImplicitLocOpBuilder &b, Value value) {
  constexpr double limit = 5.4;
  constexpr double coefficients[] = {0.9576056908276322,     -0.04777984799647658,  -0.017767151395861807,
                                     -0.0013962486894270028, 0.0006922381648573141, -4.5520552757280504e-05};
  const Type type = value.getType();
  const Value a = LLVM::MinNumOp::create(b, LLVM::MaxNumOp::create(b, value, arith::NegFOp::create(b, value)),
                                         constant(b, type, limit));
  Value power = constant(b, type, coefficients[5]);
  for (int i = 4; i >= 0; --i)
    power = LLVM::FMAOp::create(b, power, a, constant(b, type, coefficients[i]));
  for (int i = 0; i < 4; ++i)
    power = arith::MulFOp::create(b, power, power);
  const Value positive = LLVM::MaxNumOp::create(b, value, constant(b, type, 0));
  return arith::SubFOp::create(b, positive, arith::MulFOp::create(b, a, power));
}

Value tensorcore::emitActivation(ImplicitLocOpBuilder &b, Activation activation, Value value) {
  switch (activation) {
  case Activation::None:
    return value;
  case Activation::Relu:
    return LLVM::MaxNumOp::create(b, value, constant(b, value.getType(), 0));
  case Activation::Gelu:
    return emitGelu(b, value);
  }
  llvm_unreachable("covered switch");
}
