// The manifest: what a model's library holds, for tools and for people who keep records.
#include "emit/Emit.h"

#include <nlohmann/json.hpp>

using namespace fasternet;
using Json = nlohmann::ordered_json;

namespace {

Json tensorsJson(llvm::ArrayRef<InterfaceTensor> tensors) {
  Json list = Json::array();
  for (const InterfaceTensor &tensor : tensors)
    list.push_back({{"name", tensor.name},
                    {"element_type", "f32"},
                    {"layout", tensor.shape.size() == 4 ? "NCHW" : "NC"},
                    {"shape", tensor.shape},
                    {"bytes", tensor.elements() * int64_t(sizeof(float))}});
  return list;
}

Json kernelJson(const ModelInterface::KernelUse &kernel) {
  Json variants = Json::array();
  for (const ModelInterface::KernelUse::Variant &variant : kernel.variants)
    variants.push_back(
        {{"target", variant.target}, {"schedule", variant.schedule}, {"code_bytes", variant.codeBytes}});
  return {{"spec", kernel.spec},
          {"count", kernel.count},
          {"macs", kernel.macs},
          {"bytes", kernel.bytes},
          {"variants", std::move(variants)}};
}

} // namespace

int64_t InterfaceTensor::elements() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

std::string fasternet::manifestText(const ModelInterface &interface) {
  Json kernels = Json::array();
  for (const ModelInterface::KernelUse &kernel : interface.kernels)
    kernels.push_back(kernelJson(kernel));
  Json manifest = {{"name", interface.name},
                   {"compiler", {{"name", "fasternetc"}, {"version", interface.compilerVersion}}},
                   {"precision", interface.precision},
                   {"targets", interface.targets},
                   {"inputs", tensorsJson(interface.inputs)},
                   {"outputs", tensorsJson(interface.outputs)},
                   {"macs", interface.macs},
                   {"memory",
                    {{"instance_bytes", interface.instanceBytes},
                     {"instance_worker_bytes", interface.instanceWorkerBytes},
                     {"arena_bytes", interface.arenaBytes},
                     {"caller_scratch_bytes", interface.callerScratchBytes},
                     {"weight_bytes", interface.weightBytes}}},
                   {"kernels", std::move(kernels)}};
  // A schedule's text comes from records: bytes that are not UTF-8 must not end the compiler.
  return manifest.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}
