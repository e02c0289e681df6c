#include "frontend/PickleGlobals.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

static constexpr llvm::StringLiteral dictionaries[] = {
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.Counter",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "lightning.fabric.utilities.data.AttributeDict",
};

static constexpr llvm::StringLiteral constructors[] = {
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_parameter",
    "torch.Size",
    "torch.DoubleStorage",
    "torch.FloatStorage",
    "torch.HalfStorage",
    "torch.BFloat16Storage",
    "torch.LongStorage",
    "torch.IntStorage",
    "torch.ShortStorage",
    "torch.CharStorage",
    "torch.ByteStorage",
    "torch.BoolStorage",
};

/// What training scripts store beside the weights.
static constexpr llvm::StringLiteral opaques[] = {
    "argparse.Namespace",
    "collections.deque",
    "numpy.core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy._core.multiarray._reconstruct",
    "numpy.dtype",
    "numpy.ndarray",
    "_codecs.encode",
    "pathlib.Path",
    "pathlib.PosixPath",
    "pathlib.WindowsPath",
    "pathlib.PurePath",
    "pathlib.PurePosixPath",
    "pathlib.PureWindowsPath",
    "torch.device",
    "torch.float64",
    "torch.float32",
    "torch.float16",
    "torch.bfloat16",
    "torch.int64",
    "torch.int32",
    "torch.int16",
    "torch.int8",
    "torch.uint8",
    "torch.bool",
};

/// Types of the language itself, as factories and in sets. Functions such as eval are not among them.
static constexpr llvm::StringLiteral builtinTypes[] = {"set",   "frozenset", "bytearray", "complex",
                                                       "dict",  "list",      "tuple",     "int",
                                                       "float", "str",       "bool",      "object"};

PickleGlobal fasternet::classifyPickleGlobal(llvm::StringRef name) {
  if (llvm::is_contained(dictionaries, name))
    return PickleGlobal::Dictionary;
  if (llvm::is_contained(constructors, name))
    return PickleGlobal::Constructor;
  auto [module, last] = name.rsplit('.');
  bool builtin = (module == "builtins" || module == "__builtin__") && llvm::is_contained(builtinTypes, last);
  return builtin || llvm::is_contained(opaques, name) ? PickleGlobal::Opaque : PickleGlobal::Refused;
}
