#include "frontend/TorchCheckpoint.h"
#include "frontend/FloatTensors.h"
#include "frontend/PickleReader.h"
#include "frontend/StrictJson.h"
#include "frontend/TorchArchive.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace fasternet;
using DType = StoredTensor::DType;
using Kind = PickleValue::Kind;

/// Deeper or larger nests than any checkpoint has: the pickle may share one object in many places, so that a
/// short file can describe an endless tree.
static constexpr size_t maximumDepth = 32, maximumVisits = 1'000'000, maximumKey = 512, maximumRank = 8;

/// Top-level state that training resumes from.
static constexpr llvm::StringLiteral trainingState[] = {
    "optimizer",   "optimizer_states", "lr_scheduler", "lr_schedulers",    "scheduler", "scaler",
    "amp_scaler",  "callbacks",        "loops",        "hyper_parameters", "args",      "meta",
    "message_hub",
};

static constexpr std::pair<llvm::StringLiteral, DType> storageTypes[] = {
    {"torch.DoubleStorage", DType::F64}, {"torch.FloatStorage", DType::F32},
    {"torch.HalfStorage", DType::F16},   {"torch.BFloat16Storage", DType::BF16},
    {"torch.LongStorage", DType::I64},   {"torch.IntStorage", DType::I32},
    {"torch.ShortStorage", DType::I16},  {"torch.CharStorage", DType::I8},
    {"torch.ByteStorage", DType::U8},    {"torch.BoolStorage", DType::Bool},
};

namespace {

class CheckpointReader {
public:
  CheckpointReader(TorchArchive &archive, const Pickle &pickle, llvm::StringRef path)
      : archive(archive), pickle(pickle), path(path) {}

  llvm::Expected<TensorFile> read() {
    if (llvm::Error error = visit(pickle.root, "", 0))
      return error;
    if (file.tensors.empty())
      return inputError(path + ": has no tensors");
    file.owner = storages;
    return std::move(file);
  }

private:
  struct Storages {
    std::map<std::string, std::vector<char>> byKey;
  };

  static std::string join(const std::string &prefix, llvm::StringRef key) {
    return prefix.empty() ? key.str() : prefix + "." + key.str();
  }

  llvm::Error visit(uint32_t index, const std::string &key, size_t depth) {
    if (++visits > maximumVisits)
      return inputError(path + ": has more than " + llvm::Twine(maximumVisits) + " nested objects");
    const PickleValue *value = &pickle[index];
    // A parameter wraps its tensor. Arguments are made before their call, so the chain ends.
    while (value->kind == Kind::Call && value->text == "torch._utils._rebuild_parameter" &&
           !value->items.empty())
      value = &pickle[value->items[0]];
    if (value->kind == Kind::Call && value->text == "torch._utils._rebuild_tensor_v2")
      return addTensor(*value, key);
    if (value->kind != Kind::Dict && value->kind != Kind::List && value->kind != Kind::Tuple)
      return llvm::Error::success();
    if (depth == maximumDepth)
      return inputError(path + ": " + printable(key) + " is nested deeper than " + llvm::Twine(maximumDepth) +
                        " levels");
    return value->kind == Kind::Dict ? visitDict(*value, key, depth) : visitList(*value, key, depth);
  }

  llvm::Error visitDict(const PickleValue &dict, const std::string &prefix, size_t depth) {
    for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
      const PickleValue &name = pickle[dict.items[i]];
      if (name.kind != Kind::String || (depth == 0 && llvm::is_contained(trainingState, name.text)))
        continue;
      if (prefix.size() + name.text.size() >= maximumKey)
        return inputError(path + ": key " + printable(name.text, 60) + " is too long, expected at most " +
                          llvm::Twine(maximumKey) + " bytes");
      if (llvm::Error error = visit(dict.items[i + 1], join(prefix, name.text), depth + 1))
        return error;
    }
    return llvm::Error::success();
  }

  llvm::Error visitList(const PickleValue &list, const std::string &prefix, size_t depth) {
    for (size_t i = 0; i < list.items.size(); ++i)
      if (llvm::Error error = visit(list.items[i], join(prefix, std::to_string(i)), depth + 1))
        return error;
    return llvm::Error::success();
  }

  llvm::Error refuse(const std::string &key, const llvm::Twine &message) {
    return inputError(path + ": tensor " + printable(key) + ": " + message);
  }

  bool integers(uint32_t index, std::vector<int64_t> &result) {
    const PickleValue *value = &pickle[index];
    if (value->kind == Kind::Call && value->text == "torch.Size" && value->items.size() == 1)
      value = &pickle[value->items[0]];
    if (value->kind != Kind::Tuple && value->kind != Kind::List)
      return false;
    for (uint32_t item : value->items) {
      if (pickle[item].kind != Kind::Integer || pickle[item].integer < 0 || pickle[item].integer > INT32_MAX)
        return false;
      result.push_back(pickle[item].integer);
    }
    return true;
  }

  /// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
  llvm::Error addTensor(const PickleValue &call, const std::string &key) {
    StoredTensor tensor;
    if (call.items.size() < 4 || pickle[call.items[0]].kind != Kind::Persistent ||
        pickle[call.items[1]].kind != Kind::Integer || pickle[call.items[1]].integer < 0 ||
        !integers(call.items[2], tensor.shape) || !integers(call.items[3], tensor.strides) ||
        tensor.shape.size() != tensor.strides.size() || tensor.shape.size() > maximumRank)
      return refuse(key, "has no valid storage, offset, size and stride");
    auto storage = findStorage(pickle[pickle[call.items[0]].items[0]], key, tensor.dtype);
    if (!storage)
      return storage.takeError();

    // One past the last element that the strides reach.
    uint64_t elements = storage->size() / uint64_t(dtypeBytes(tensor.dtype)), count = 1, reach = 1;
    for (size_t d = 0; d < tensor.shape.size(); ++d) {
      count = llvm::SaturatingMultiply(count, uint64_t(tensor.shape[d]));
      reach = llvm::SaturatingAdd(
          reach, llvm::SaturatingMultiply(uint64_t(std::max<int64_t>(tensor.shape[d] - 1, 0)),
                                          uint64_t(tensor.strides[d])));
    }
    uint64_t offset = uint64_t(pickle[call.items[1]].integer);
    uint64_t needed = count == 0 ? 0 : llvm::SaturatingAdd(offset, reach);
    if (needed > elements)
      return refuse(key, "reaches element " + llvm::Twine(needed - 1) + " of a storage of " +
                             llvm::Twine(elements));
    if (count > INT32_MAX)
      return refuse(key, "shape " + shapeText(tensor.shape) + " has more than " + llvm::Twine(INT32_MAX) +
                             " elements");
    uint64_t size = uint64_t(dtypeBytes(tensor.dtype));
    tensor.bytes = count == 0 ? llvm::ArrayRef<char>() : storage->slice(offset * size, reach * size);
    if (!file.tensors.emplace(key, std::move(tensor)).second)
      return refuse(key, "is given more than once, expected once");
    return llvm::Error::success();
  }

  /// The tuple ('storage', type, key, location, elements).
  llvm::Expected<llvm::ArrayRef<char>> findStorage(const PickleValue &id, const std::string &tensor,
                                                   DType &dtype) {
    if (id.kind != Kind::Tuple || id.items.size() < 5 || pickle[id.items[0]].text != "storage" ||
        pickle[id.items[1]].kind != Kind::Global || pickle[id.items[2]].kind != Kind::String ||
        pickle[id.items[4]].kind != Kind::Integer)
      return refuse(tensor, "has no valid storage");
    llvm::StringRef type = pickle[id.items[1]].text;
    const auto *found = llvm::find_if(storageTypes, [&](const auto &entry) { return entry.first == type; });
    if (found == std::end(storageTypes))
      return refuse(tensor, "has a storage of type " + printable(type) + ", expected one of torch's");
    dtype = found->second;

    std::string key = pickle[id.items[2]].text.str();
    auto stored = storages->byKey.find(key);
    if (stored == storages->byKey.end()) {
      auto bytes = archive.read("data/" + key);
      if (!bytes)
        return refuse(tensor, llvm::toString(bytes.takeError()));
      stored = storages->byKey.emplace(key, std::move(*bytes)).first;
    }
    int64_t elements = pickle[id.items[4]].integer;
    uint64_t bytes =
        llvm::SaturatingMultiply(uint64_t(std::max<int64_t>(elements, 0)), uint64_t(dtypeBytes(dtype)));
    if (elements < 0 || bytes != stored->second.size())
      return refuse(tensor, "storage " + printable(key) + " has " + llvm::Twine(stored->second.size()) +
                                " bytes, expected " + llvm::Twine(elements) + " elements of " +
                                dtypeName(dtype));
    return llvm::ArrayRef<char>(stored->second);
  }

  TorchArchive &archive;
  const Pickle &pickle;
  llvm::StringRef path;
  std::shared_ptr<Storages> storages = std::make_shared<Storages>();
  TensorFile file;
  size_t visits = 0;
};

} // namespace

llvm::Expected<TensorFile> fasternet::readTorchCheckpoint(std::shared_ptr<llvm::MemoryBuffer> buffer,
                                                          llvm::StringRef path) {
  auto archive = TorchArchive::open(*buffer, path);
  if (!archive)
    return archive.takeError();
  if (archive->contains("constants.pkl") || archive->contains("code/"))
    return inputError(path + ": is a TorchScript archive, expected a state_dict written by torch.save");
  if (archive->contains("byteorder")) {
    auto order = archive->read("byteorder");
    if (!order)
      return order.takeError();
    if (llvm::StringRef(order->data(), order->size()) != "little")
      return inputError(path + ": has byte order " + printable({order->data(), order->size()}) +
                        ", expected little");
  }
  auto bytes = archive->read("data.pkl");
  if (!bytes)
    return bytes.takeError();
  auto pickle = readPickle({bytes->data(), bytes->size()}, (path + ": data.pkl").str());
  if (!pickle)
    return pickle.takeError();
  return CheckpointReader(*archive, *pickle, path).read();
}
