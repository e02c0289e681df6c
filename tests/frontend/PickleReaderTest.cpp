#include "frontend/PickleReader.h"

#include <gtest/gtest.h>

using namespace fasternet;
using Kind = PickleValue::Kind;

namespace {

Pickle read(llvm::StringRef bytes) {
  auto pickle = readPickle(bytes, "test");
  if (!pickle) {
    ADD_FAILURE() << llvm::toString(pickle.takeError());
    return {{PickleValue()}, {}, 0};
  }
  return std::move(*pickle);
}

std::string refusal(llvm::StringRef bytes) {
  auto pickle = readPickle(bytes, "test");
  return pickle ? "accepted" : llvm::toString(pickle.takeError());
}

} // namespace

// Literals hold zero bytes, hence their explicit sizes.
#define BYTES(text) llvm::StringRef(text, sizeof(text) - 1)

TEST(PickleReader, NumbersHaveTheirSigns) {
  Pickle pickle =
      read(BYTES("\x80\x02(K\xffM\xff\xffJ\xff\xff\xff\xff\x8a\x01\x80\x8a\x00G\xbf\xf8\0\0\0\0\0\0t."));
  const auto &items = pickle[pickle.root].items;
  ASSERT_EQ(items.size(), 6u);
  EXPECT_EQ(pickle[items[0]].integer, 255);
  EXPECT_EQ(pickle[items[1]].integer, 65535);
  EXPECT_EQ(pickle[items[2]].integer, -1);
  EXPECT_EQ(pickle[items[3]].integer, -128);
  EXPECT_EQ(pickle[items[4]].integer, 0);
  EXPECT_EQ(pickle[items[5]].number, -1.5);
}

TEST(PickleReader, ProtocolFourWithFramesAndMemo) {
  // {"a": ["a", "a"]}
  Pickle pickle = read(BYTES("\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94\x8c\x01"
                             "a\x94](h\x01h\x01"
                             "es."));
  const auto &dict = pickle[pickle.root];
  ASSERT_EQ(dict.kind, Kind::Dict);
  ASSERT_EQ(dict.items.size(), 2u);
  EXPECT_EQ(pickle[dict.items[0]].text, "a");
  EXPECT_EQ(pickle[dict.items[1]].items.size(), 2u);
  EXPECT_EQ(pickle[dict.items[1]].items[0], dict.items[0]);
}

TEST(PickleReader, OrderedDictionariesArePlainOnes) {
  Pickle pickle = read(BYTES("\x80\x02"
                             "ccollections\nOrderedDict\n)R}b."));
  EXPECT_EQ(pickle[pickle.root].kind, Kind::Dict);
}

TEST(PickleReader, HarmlessObjectsAreNotBuilt) {
  Pickle pickle = read(BYTES("\x80\x02"
                             "cargparse\nNamespace\n)\x81}b."));
  EXPECT_EQ(pickle[pickle.root].kind, Kind::Opaque);
}

TEST(PickleReader, OtherGlobalsAreRefusedByName) {
  EXPECT_EQ(
      refusal(BYTES("\x80\x02"
                    "cos\nsystem\n)R.")),
      "test: byte 2: refers to os.system, which is not read: expected tensors and plain containers only");
}

TEST(PickleReader, AMarkProtectsWhatIsBelowIt) {
  EXPECT_EQ(refusal(BYTES("\x80\x02]K\x01(a.")), "test: byte 6: takes an object from an empty stack");
}
