// Thousands of damaged copies of good files: each is accepted or refused with a message, and none does harm.
#include "TestFiles.h"

#include "frontend/Safetensors.h"
#include "frontend/TorchArchive.h"
#include "frontend/TorchCheckpoint.h"
#include "support/Files.h"

#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"

#include <random>

using namespace fasternet;
using namespace fasternet::test;

namespace {

using Reader = llvm::Expected<TensorFile> (*)(std::shared_ptr<llvm::MemoryBuffer>, llvm::StringRef);

/// Reads every byte that a tensor claims to have.
void touch(const TensorFile &file) {
  volatile char sum = 0;
  for (const auto &[name, tensor] : file.tensors)
    for (char byte : tensor.bytes)
      sum = char(sum + byte);
}

/// `pick` chooses the positions of damage: a header, where structure is, deserves most of it.
template <typename Pick> void damage(const char *path, Reader reader, size_t rounds, Pick pick) {
  auto original = mapFile(goldenPath(path));
  ASSERT_TRUE(bool(original));
  std::mt19937 random(1);
  size_t refused = 0;
  for (size_t round = 0; round < rounds; ++round) {
    auto copy = llvm::WritableMemoryBuffer::getNewUninitMemBuffer((*original)->getBufferSize());
    llvm::copy((*original)->getBuffer(), copy->getBufferStart());
    for (size_t flips = 1 + random() % 3; flips > 0; --flips)
      copy->getBufferStart()[pick(random, copy->getBufferSize())] ^= char(1u << random() % 8);
    auto file = reader(std::move(copy), path);
    if (file) {
      if (round % 16 == 0)
        touch(*file);
    } else {
      ++refused;
      EXPECT_FALSE(llvm::toString(file.takeError()).empty());
    }
  }
  EXPECT_GT(refused, rounds / 4);
}

} // namespace

TEST(DamagedFiles, SafetensorsHeaders) {
  damage("three-stages/weights.safetensors", readSafetensors, 3000,
         [](std::mt19937 &random, size_t) { return random() % 4952; });
}

TEST(DamagedFiles, TorchPickles) {
  damage("pth-bare/weights.pth", readTorchCheckpoint, 1500,
         [](std::mt19937 &random, size_t) { return random() % 7200; });
}

/// The archive's checksum would stop each of these before the pickle is looked at, so it is made to fit.
TEST(DamagedFiles, PicklesWithTheirChecksum) {
  auto original = mapFile(goldenPath("pth-bare/weights.pth"));
  ASSERT_TRUE(bool(original));
  auto archive = TorchArchive::open(**original, "weights.pth");
  ASSERT_TRUE(bool(archive));
  auto pickle = archive->read("data.pkl");
  ASSERT_TRUE(bool(pickle));
  std::string file = (*original)->getBuffer().str();
  size_t start = file.find(std::string(pickle->data(), pickle->size()));
  auto checksum = [&] {
    llvm::StringRef bytes = llvm::StringRef(file).substr(start, pickle->size());
    char raw[4];
    llvm::support::endian::write32le(raw, llvm::crc32({bytes.bytes_begin(), bytes.size()}));
    return std::string(raw, 4);
  };
  const std::string good = file, oldSum = checksum();

  std::mt19937 random(2);
  size_t accepted = 0;
  for (size_t round = 0; round < 3000; ++round) {
    file = good;
    for (size_t flips = 1 + random() % 2; flips > 0; --flips)
      file[start + random() % pickle->size()] ^= char(1u << random() % 8);
    std::string sum = checksum();
    for (size_t at = 0; (at = file.find(oldSum, at)) != std::string::npos;)
      file.replace(at, 4, sum);
    auto read = readTorchCheckpoint(llvm::MemoryBuffer::getMemBufferCopy(file), "weights.pth");
    if (!read) {
      llvm::consumeError(read.takeError());
      continue;
    }
    ++accepted;
    if (round % 16 == 0)
      touch(*read);
  }
  // Flips inside names of tensors go unnoticed here; those of opcodes and sizes do not.
  EXPECT_GT(accepted, 100u);
  EXPECT_LT(accepted, 2900u);
}

TEST(DamagedFiles, TorchDirectories) {
  // The central directory lies at the end.
  damage("pth-bare/weights.pth", readTorchCheckpoint, 1500,
         [](std::mt19937 &random, size_t size) { return size - 1 - random() % 6000; });
}

TEST(DamagedFiles, TruncatedAnywhere) {
  for (const char *path : {"three-stages/weights.safetensors", "pth-bare/weights.pth"}) {
    auto original = mapFile(goldenPath(path));
    ASSERT_TRUE(bool(original));
    llvm::StringRef bytes = (*original)->getBuffer();
    for (size_t size = 0; size < bytes.size(); size += bytes.size() / 499) {
      auto copy = llvm::MemoryBuffer::getMemBufferCopy(bytes.take_front(size));
      Reader reader = llvm::StringRef(path).ends_with(".pth") ? readTorchCheckpoint : readSafetensors;
      auto file = reader(std::move(copy), path);
      EXPECT_FALSE(bool(file)) << path << " cut at " << size;
      llvm::consumeError(file.takeError());
    }
  }
}

TEST(DamagedFiles, Descriptions) {
  auto original = mapFile(goldenPath("fasternet-t0/model.json"));
  ASSERT_TRUE(bool(original));
  const std::string flat = (*original)->getBuffer().str(),
                    timm = R"({"architecture": "fasternet_t0", "num_classes": 10, "global_pool": "avg",
      "model_args": {"act_layer": "relu", "depths": [1, 2]}, "pretrained_cfg": {"input_size": [3, 224, 224]}})";
  std::mt19937 random(3);
  for (size_t round = 0; round < 4000; ++round) {
    std::string text = round % 2 ? flat : timm;
    for (size_t flips = 1 + random() % 3; flips > 0; --flips)
      text[random() % text.size()] ^= char(1u << random() % 8);
    if (round % 5 == 0)
      text.resize(random() % text.size());
    Parsed parsed(text);
    EXPECT_EQ(parsed.model.has_value(), !parsed.diagnostics.hasErrors()) << text;
  }
}
