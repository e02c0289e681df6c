// Weight values as resource blobs.
#include "dialect/WeightBlob.h"
#include "dialect/FasternetOps.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace fasternet::ir {

DenseResourceElementsAttr makeWeight(RankedTensorType type, StringRef name, ArrayRef<float> data,
                                     std::shared_ptr<const void> owner) {
  assert(type.getElementType().isF32() && size_t(type.getNumElements()) == data.size());
  ArrayRef<char> bytes(reinterpret_cast<const char *>(data.data()), data.size() * sizeof(float));
  // The deleter has nothing to do but to go, and the owner with it.
  auto release = [owner = std::move(owner)](void *, size_t, size_t) mutable { owner.reset(); };
  return DenseResourceElementsAttr::get(
      type, name, AsmResourceBlob(bytes, alignof(float), std::move(release), /*dataIsMutable=*/false));
}

DenseResourceElementsAttr makeWeight(RankedTensorType type, StringRef name, std::vector<float> data) {
  auto owner = std::make_shared<std::vector<float>>(std::move(data));
  ArrayRef<float> view = *owner;
  return makeWeight(type, name, view, std::move(owner));
}

static const AsmResourceBlob *blobOf(ElementsAttr value) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  return resource ? resource.getRawHandle().getBlob() : nullptr;
}

bool isReadableWeight(ElementsAttr value) {
  if (!value.getElementType().isF32())
    return false;
  if (isa<DenseFPElementsAttr>(value))
    return true;
  const AsmResourceBlob *blob = blobOf(value);
  return blob && blob->getData().size() == size_t(value.getNumElements()) * sizeof(float) &&
         reinterpret_cast<uintptr_t>(blob->getData().data()) % alignof(float) == 0;
}

WeightValues::WeightValues(ElementsAttr value) {
  assert(isReadableWeight(value));
  if (const AsmResourceBlob *blob = blobOf(value)) {
    values = blob->getDataAs<float>();
    return;
  }
  auto dense = cast<DenseFPElementsAttr>(value);
  expanded.assign(dense.value_begin<float>(), dense.value_end<float>());
  values = expanded;
}

void releaseWeight(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
}

WeightSweep::WeightSweep(ModuleOp module) : module(module) {
  module.walk([&](WeightOp weight) { before.push_back(weight.getValue()); });
}

void WeightSweep::releaseUnused() {
  llvm::DenseSet<Attribute> used;
  module.walk([&](WeightOp weight) { used.insert(weight.getValue()); });
  for (ElementsAttr value : before)
    if (!used.contains(value))
      releaseWeight(value);
  before.clear();
}

} // namespace fasternet::ir
