// Every pass of the compiler, in the order of its pipeline: options, statistics and documentation stand here once.
#ifndef FASTERNET_PASSES
#define FASTERNET_PASSES

include "mlir/Pass/PassBase.td"

def FoldBatchNorm : Pass<"fold-batch-norm", "::mlir::ModuleOp"> {
  let summary = "fold batch norms into the convolution or product before them";
  let description = [{
    `batch_norm` after a `conv2d` or `pointwise` with no other use becomes part of its weight and bias:
    factor = scale / sqrt(variance + epsilon); weight rows times factor; bias = (old bias - mean) * factor + bias.
    Computed in double and rounded once. The norm of a feature output stays: it becomes an `affine` kernel.
  }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"folded", "folded", "batch norms folded">];
}

def FoldLayerScale : Pass<"fold-layer-scale", "::mlir::ModuleOp"> {
  let summary = "fold layer scales into the product before them";
  let description = [{ `layer_scale` after a `pointwise` with no other use multiplies the rows of its weight. }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"folded", "folded", "layer scales folded">];
}

def FusePatchConv : Pass<"fuse-patch-conv", "::mlir::ModuleOp"> {
  let summary = "turn conv2d into patch_conv";
  let description = [{
    A `to_nhwc` before it is absorbed (`nchw`); a convolution without bias (`patch_norm` false) gets a zero bias.
  }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"fused", "fused", "patch convolutions made">];
}

def FuseBlock : Pass<"fuse-block", "::mlir::ModuleOp"> {
  let summary = "turn partial_conv, pointwise, activation, pointwise, add into block";
  let description = [{
    The shortcut of the `add` must be the input of the `partial_conv`, every value in between has one use, the first
    product has a bias and the second has none.
  }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"fused", "fused", "blocks made">];
}

def FuseHead : Pass<"fuse-head", "::mlir::ModuleOp"> {
  let summary = "turn global_pool, linear, activation and the classifier into head";
  let description = [{ Without a following `linear` the head ends at the activation. }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"fused", "fused", "heads made">];
}

def FuseAffine : Pass<"fuse-affine", "::mlir::ModuleOp"> {
  let summary = "turn a batch_norm and the to_nchw after it into affine";
  let description = [{
    scale' = scale / sqrt(variance + epsilon), bias' = bias - mean * scale', in double and rounded once.
  }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"fused", "fused", "feature norms made affine">];
}

def CheckFused : Pass<"check-fused", "::mlir::ModuleOp"> {
  let summary = "refuse a layer that no kernel computes";
  let description = [{ Every op that is left must be a fused op, a weight, or a call made by outlining. }];
}

def MaterializeBorders : Pass<"materialize-borders", "::mlir::ModuleOp"> {
  let summary = "give every NHWC tensor between kernels its border";
  let description = [{
    The result of each `patch_conv` and `block` gets the encoding `#fasternet.border<1>` (KernelSpec::borderPixels).
    Only an `nchw` patch convolution may read a tensor from outside the model.
  }];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"bordered", "bordered", "tensors given a border">];
}

def OutlineKernels : Pass<"outline-kernels", "::mlir::ModuleOp"> {
  let summary = "turn fused ops into calls of one kernel symbol per distinct shape";
  let description = [{
    The symbol is the text of the KernelSpec with '-' replaced by '_'. Kernels stand before the functions, in the
    order of first use. Operands keep their order, which is the argument order of CompiledKernel.h. Here the model
    gets its precision: specs and the results of calls take the element type that `precision` names, but for what
    leaves the model. With tf32 the weights of blocks and merging alone take it.
  }];
  let options = [Option<"precision", "precision", "std::string", /*default=*/"\"f32\"",
                        "element type of weights and of tensors between kernels: f32, f16, or tf32, which is f32's tensors">];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"kernels", "kernels", "distinct kernels">, Statistic<"calls", "calls", "calls made">];
}

def PlanMemory : Pass<"plan-memory", "::mlir::ModuleOp"> {
  let summary = "give the result of each call its slot in the arena";
  let description = [{
    A result lives from its call to the last call that reads it; results of the function are the user's buffers and
    get no slot. A tensor with a border that takes over memory from one of another shape has its border cleared by
    the entry, or, with clear-borders=false, shares its slot only with tensors of its shape (ArenaPlanner.h). Sets
    `slot` and `clears_border` on calls and `fasternet.arena_bytes` on the module.
  }];
  let options = [Option<"clearBorders", "clear-borders", "bool", /*default=*/"true", "let shapes share memory">];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
}

def PackWeights : Pass<"pack-weights", "::mlir::ModuleOp"> {
  let summary = "lay the weights of all calls out in one packed blob";
  let description = [{
    Each weight of a call is packed with the layout and in the element type that its kernel's argument names, once for
    each distinct form, and written behind the last one; the blob of the checkpoint is freed at once. To f16 it is
    rounded, to nearest even; a finite value beyond its range is an error. Sets `fasternet.weight_bytes` on the
    module.
  }];
  let options = [Option<"output", "output", "std::string", /*default=*/"", "file for the packed blob; none: not written">];
  let dependentDialects = ["::fasternet::ir::FasternetDialect"];
  let statistics = [Statistic<"packed", "packed", "tensors packed">];
}

def LowerEntry : Pass<"lower-entry", "::mlir::ModuleOp"> {
  let summary = "lower the model's function to its entry points in the LLVM dialect";
  let description = [{
    Leaves LLVM dialect only: the entry of runtime/include/fasternet/abi.h, the description `<name>_model` and the
    public functions `<name>_init`, `<name>_run`, `<name>_done`, where <name> is that of the function. Needs compiled
    kernels, packed weights and slots.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def LowerDeviceEntry : Pass<"lower-device-entry", "::mlir::ModuleOp"> {
  let summary = "lower the model's function to the tables of launches of runtime/include/fasternet/cuda_abi.h";
  let description = [{
    As lower-entry, for kernels whose variants are `#fasternet.device_variant`s. Every address of every launch becomes
    an offset from the weights, the arena, the scratch, an input or an output: nothing is computed when it runs.
    PTX and machine code of each kernel are names of other objects. A launch with more parameters than
    FNET_CUDA_ARGUMENTS is refused.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif
