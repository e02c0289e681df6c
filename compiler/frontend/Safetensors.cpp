#include "frontend/Safetensors.h"
#include "frontend/FieldReader.h"
#include "frontend/FloatTensors.h"
#include "frontend/StrictJson.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/MathExtras.h"

using namespace fasternet;
using Json = nlohmann::ordered_json;
using DType = StoredTensor::DType;

static constexpr DType dtypes[] = {DType::F64, DType::F32, DType::F16, DType::BF16, DType::I64,
                                   DType::I32, DType::I16, DType::I8,  DType::U8,   DType::Bool};
/// The header of the largest published model has 60 KB; the format itself allows 100 MB.
static constexpr uint64_t maximumHeader = 16 << 20;
static constexpr size_t maximumRank = 8;

namespace {

/// Checks and collects the entries of a header.
class HeaderReader {
public:
  HeaderReader(llvm::StringRef data, llvm::StringRef path, Diagnostics &diagnostics)
      : data(data), path(path), diagnostics(diagnostics) {}

  void read(const Json &header, TensorFile &file) {
    for (const auto &[name, entry] : header.items()) {
      StoredTensor tensor;
      if (name != "__metadata__" && readEntry(name, entry, tensor))
        file.tensors.emplace(name, std::move(tensor));
    }
    checkOverlaps(file);
  }

private:
  bool error(const std::string &name, const llvm::Twine &message) {
    diagnostics.error(path + ": tensor " + printable(name), message);
    return false;
  }

  bool readEntry(const std::string &name, const Json &entry, StoredTensor &tensor) {
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets"))
      return error(name, "found " + describeJson(entry) + ", expected dtype, shape and data_offsets");
    return readType(name, entry["dtype"], tensor) && readShape(name, entry["shape"], tensor) &&
           readOffsets(name, entry["data_offsets"], tensor);
  }

  bool readType(const std::string &name, const Json &type, StoredTensor &tensor) {
    for (DType dtype : dtypes)
      if (type == dtypeName(dtype).str()) {
        tensor.dtype = dtype;
        return true;
      }
    return error(name, "dtype: found " + describeJson(type) +
                           ", expected F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL");
  }

  bool readShape(const std::string &name, const Json &shape, StoredTensor &tensor) {
    if (!shape.is_array() || shape.size() > maximumRank ||
        !llvm::all_of(shape, [](const Json &v) { return v.is_number_unsigned() && v <= INT32_MAX; }))
      return error(name, "shape: found " + describeJson(shape) + ", expected at most " +
                             llvm::Twine(maximumRank) + " integers from 0 to " + llvm::Twine(INT32_MAX));
    tensor.shape = shape.get<std::vector<int64_t>>();
    return true;
  }

  bool readOffsets(const std::string &name, const Json &offsets, StoredTensor &tensor) {
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned() || offsets[0] > offsets[1])
      return error(name, "data_offsets: found " + describeJson(offsets) + ", expected [begin, end]");
    uint64_t begin = offsets[0].get<uint64_t>(), end = offsets[1].get<uint64_t>();
    if (end > data.size())
      return error(name, "data_offsets: found " + describeJson(offsets) + ", expected an end of at most " +
                             llvm::Twine(data.size()) + ", the bytes of data in the file");
    uint64_t bytes = uint64_t(dtypeBytes(tensor.dtype));
    tensor.strides.resize(tensor.shape.size());
    for (size_t d = tensor.shape.size(); d-- > 0;) {
      // Saturated strides only occur with sizes that the comparison below refuses.
      tensor.strides[d] = int64_t(std::min<uint64_t>(bytes / dtypeBytes(tensor.dtype), INT64_MAX));
      bytes = llvm::SaturatingMultiply(bytes, uint64_t(tensor.shape[d]));
    }
    if (end - begin != bytes)
      return error(name, "data_offsets: found " + llvm::Twine(end - begin) + " bytes, expected " +
                             llvm::Twine(bytes) + " for " + dtypeName(tensor.dtype) + " " +
                             shapeText(tensor.shape));
    tensor.bytes = {data.data() + begin, size_t(bytes)};
    return true;
  }

  void checkOverlaps(const TensorFile &file) {
    std::vector<std::pair<const char *, const std::string *>> order;
    for (const auto &[name, tensor] : file.tensors)
      if (!tensor.bytes.empty())
        order.push_back({tensor.bytes.data(), &name});
    llvm::sort(order);
    for (size_t i = 1; i < order.size(); ++i)
      if (file.tensors.at(*order[i - 1].second).bytes.end() > order[i].first)
        error(*order[i].second, "data_offsets: overlap with tensor " + printable(*order[i - 1].second));
  }

  llvm::StringRef data, path;
  Diagnostics &diagnostics;
};

} // namespace

static llvm::Error joinErrors(const Diagnostics &diagnostics) {
  std::string text;
  for (const Diagnostic &d : diagnostics.all())
    text += (text.empty() ? "" : "\n") + d.place + ": " + d.message;
  return inputError(text);
}

llvm::Expected<TensorFile> fasternet::readSafetensors(std::shared_ptr<llvm::MemoryBuffer> buffer,
                                                      llvm::StringRef path) {
  llvm::StringRef bytes = buffer->getBuffer();
  if (bytes.size() < 8)
    return inputError(path + ": has " + llvm::Twine(bytes.size()) +
                      " bytes, expected a safetensors file of at least 8");
  uint64_t headerBytes = llvm::support::endian::read64le(bytes.data());
  uint64_t limit = std::min<uint64_t>(maximumHeader, bytes.size() - 8);
  if (headerBytes > limit)
    return inputError(path + ": not a whole safetensors file: found a header of " + llvm::Twine(headerBytes) +
                      " bytes, expected at most " + llvm::Twine(limit));

  Diagnostics diagnostics;
  auto header = parseStrictJson(bytes.substr(8, headerBytes), (path + ": header").str(),
                                JsonLimits{size_t(maximumHeader), 4}, diagnostics);
  if (!header)
    return joinErrors(diagnostics);
  if (!header->is_object())
    return inputError(path + ": header: found " + describeJson(*header) + ", expected a JSON object");
  TensorFile file;
  HeaderReader(bytes.drop_front(8 + headerBytes), path, diagnostics).read(*header, file);
  if (diagnostics.hasErrors())
    return joinErrors(diagnostics);
  file.owner = std::move(buffer);
  return file;
}

llvm::Error fasternet::writeSafetensors(llvm::StringRef path, llvm::ArrayRef<NamedTensor> tensors) {
  std::string header = "{";
  uint64_t offset = 0;
  for (const NamedTensor &tensor : tensors) {
    uint64_t end = offset + tensor.data.size() * sizeof(float);
    header += header.size() > 1 ? "," : "";
    header += Json(tensor.name).dump() + ":{\"dtype\":\"F32\",\"shape\":" + Json(tensor.shape).dump() +
              ",\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
    offset = end;
  }
  header += '}';
  header.resize(llvm::alignTo(header.size(), 8), ' ');

  // Not through writeFile: that would hold the weights of a model a second time.
  auto output = llvm::FileOutputBuffer::create(path, 8 + header.size() + offset);
  if (!output)
    return inputError(path + ": " + llvm::toString(output.takeError()));
  uint8_t *to = (*output)->getBufferStart();
  llvm::support::endian::write64le(to, header.size());
  to = std::copy(header.begin(), header.end(), to + 8);
  for (const NamedTensor &tensor : tensors)
    to = std::copy_n(reinterpret_cast<const uint8_t *>(tensor.data.data()),
                     tensor.data.size() * sizeof(float), to);
  if (llvm::Error error = (*output)->commit())
    return inputError(path + ": " + llvm::toString(std::move(error)));
  return llvm::Error::success();
}
