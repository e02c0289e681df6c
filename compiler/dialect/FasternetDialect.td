// The fasternet dialect: a FasterNet model from its published layers to fused kernels and packed weights.
#ifndef FASTERNET_DIALECT
#define FASTERNET_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/TensorEncoding.td"

def Fasternet_Dialect : Dialect {
  let name = "fasternet";
  let cppNamespace = "::fasternet::ir";
  let summary = "A FasterNet model: imported layers, fused kernels, packed weights";
  let description = [{
    Two levels. *Imported* ops are the layers of the published model, one op each. *Fused* ops are what one generated
    kernel computes: `patch_conv`, `block`, `head`, `affine`. Outlining turns fused ops into `call`s of `kernel`
    symbols, one per distinct shape.

    Tensors are `tensor<NxHxWxC>` (NHWC) between ops; `to_nhwc` and `to_nchw` stand at the border of the model, whose
    inputs and feature outputs are NCHW. A tensor that a kernel reads or writes may carry `#fasternet.border<1>` as
    its encoding: one pixel of zeros around each image, in memory but not in the shape.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = "void registerAttributes();";
}

def Fasternet_Activation : I32EnumAttr<"ActivationKind", "activation function", [
    I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Relu", 1, "relu">, I32EnumAttrCase<"Gelu", 2, "gelu">]> {
  let cppNamespace = "::fasternet::ir";
  let genSpecializedAttr = 0;
}
def Fasternet_ActivationAttr : EnumAttr<Fasternet_Dialect, Fasternet_Activation, "activation_kind"> {
  let assemblyFormat = "$value";
}

def Fasternet_ArgumentRole : I32EnumAttr<"ArgumentRole", "role of a kernel argument", [
    I32EnumAttrCase<"Input", 0, "input">, I32EnumAttrCase<"Weight", 1, "weight">,
    I32EnumAttrCase<"Output", 2, "output">]> {
  let cppNamespace = "::fasternet::ir";
  let genSpecializedAttr = 0;
}

class Fasternet_Attr<string name, string mnem, list<Trait> traits = []> : AttrDef<Fasternet_Dialect, name, traits> {
  let mnemonic = mnem;
}

def Fasternet_BorderAttr
    : Fasternet_Attr<"Border", "border", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "zero pixels around each image of an NHWC tensor, as its encoding";
  let description = [{
    - (border.pixels) `pixels` >= 1
    - (border.rank) encodes tensors of rank 4
  }];
  let parameters = (ins "int64_t":$pixels);
  let assemblyFormat = "`<` $pixels `>`";
  let genVerifyDecl = 1;
}

def Fasternet_PackedAttr : Fasternet_Attr<"Packed", "packed"> {
  let summary = "layout of a packed weight: fasternet::PackedLayout";
  let parameters = (ins "int64_t":$outputs, "int64_t":$inputs, "int64_t":$kernelHeight, "int64_t":$kernelWidth,
                        "int64_t":$panel, DefaultValuedParameter<"int64_t", "1">:$inputPanel);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Fasternet_ArgumentAttr : Fasternet_Attr<"Argument", "argument"> {
  let summary = "one buffer argument of a compiled kernel: fasternet::KernelArgument";
  let description = [{
    Minima, extents and strides of the buffer's dimensions, innermost first, in elements; `offset` elements from the
    tensor's address to the element at the minima. Weights name their packed layout. Elements are f32 unless `of` says
    otherwise.
    - (argument.same-rank) as many minima as extents and strides
    - (argument.element) `of` names a float of 16 bits, or tf32
  }];
  let parameters = (ins EnumParameter<Fasternet_ArgumentRole>:$role, OptionalParameter<"::mlir::Type">:$element,
                        ArrayRefParameter<"int32_t">:$minima,
                        ArrayRefParameter<"int32_t">:$extents, ArrayRefParameter<"int32_t">:$strides,
                        "int64_t":$offset, OptionalParameter<"PackedAttr">:$layout);
  let assemblyFormat = [{
    `<` $role (`of` $element^)? `,` `min` `=` `[` $minima `]` `,` `extent` `=` `[` $extents `]` `,` `stride` `=` `[` $strides `]` `,`
    `offset` `=` $offset (`,` `layout` `=` $layout^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Fasternet_VariantAttr : Fasternet_Attr<"Variant", "variant"> {
  let summary = "one compiled form of a kernel";
  let parameters = (ins StringRefParameter<"target name">:$target, StringRefParameter<"linker symbol">:$symbol,
                        "int64_t":$callerScratch, "int64_t":$workerScratch);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Fasternet_LaunchArgumentAttr : Fasternet_Attr<"LaunchArgument", "launch_argument"> {
  let summary = "one parameter of a launch: fasternet::LaunchArgument";
  let description = [{
    `buffer` counts the kernel's arguments, then its intermediates; `value` is a byte offset then. A scalar has buffer
    -1 and `bytes` bytes, of `value`.
    - (launch_argument.scalar) a scalar has 1, 2, 4 or 8 bytes, a buffer 8
  }];
  let parameters = (ins "int32_t":$buffer, "uint32_t":$bytes, "uint64_t":$value);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Fasternet_LaunchAttr : Fasternet_Attr<"Launch", "launch"> {
  let summary = "one launch of a kernel on a GPU: fasternet::DeviceLaunch";
  let description = [{
    - (launch.extents) `grid` and `threads` have three extents, each at least 1
  }];
  let parameters = (ins StringRefParameter<"entry of the PTX">:$function, ArrayRefParameter<"uint32_t">:$grid,
                        ArrayRefParameter<"uint32_t">:$threads, "uint32_t":$shared,
                        OptionalArrayRefParameter<"LaunchArgumentAttr">:$arguments);
  let assemblyFormat = [{
    `<` $function `,` `grid` `=` `[` $grid `]` `,` `threads` `=` `[` $threads `]` `,` `shared` `=` $shared `,`
    `arguments` `=` `[` (`]`) : ($arguments^ `]`)? `>`
  }];
  let genVerifyDecl = 1;
}

def Fasternet_DeviceVariantAttr : Fasternet_Attr<"DeviceVariant", "device_variant"> {
  let summary = "one form of a kernel compiled for a GPU: fasternet::DeviceKernel";
  let description = [{
    The object file holds PTX as `symbol`_ptx and, where `cubinBytes` is not 0, machine code as `symbol`_cubin.
    `intermediates` are the bytes of the buffers between its launches.
  }];
  let parameters = (ins StringRefParameter<"target name">:$target, StringRefParameter<"linker symbol">:$symbol,
                        "int64_t":$cubinBytes, OptionalArrayRefParameter<"int64_t">:$intermediates,
                        ArrayRefParameter<"LaunchAttr">:$launches);
  let assemblyFormat = [{
    `<` `target` `=` $target `,` `symbol` `=` $symbol `,` `cubinBytes` `=` $cubinBytes `,`
    `intermediates` `=` `[` (`]`) : ($intermediates^ `]`)? `,` `launches` `=` `[` $launches `]` `>`
  }];
}

#endif
