"""IREE's LLVM CPU back end for this machine, with what makes it fastest here and is off by default."""
import os
import subprocess
import sys


CHANNELS_LAST = "builtin.module(util.func(iree-preprocessing-convert-conv-to-channels-last))"


def prepare(onnx_file, output):
    tools = os.path.join(sys.prefix, "bin")
    imported = output + ".mlir"
    subprocess.run([os.path.join(tools, "iree-import-onnx"), onnx_file, "-o", imported], check=True)
    # T0 on one Zen 4 core: 39 ms at O3 alone, 13.5 with tiling and microkernels, 11.9 with channels last too.
    subprocess.run([os.path.join(tools, "iree-compile"), imported, "-o", output, "--iree-hal-target-device=local",
                    "--iree-hal-local-target-device-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=host",
                    "--iree-opt-level=O3", "--iree-opt-data-tiling", "--iree-llvmcpu-enable-ukernels=all",
                    f"--iree-preprocessing-pass-pipeline={CHANNELS_LAST}"], check=True)
    os.remove(imported)


def load(file, x, threads, _):
    import iree.runtime

    if threads > 1:
        iree.runtime.flags.parse_flags(f"--task_topology_group_count={threads}")
    config = iree.runtime.Config("local-task" if threads > 1 else "local-sync")
    module = iree.runtime.load_vm_module(iree.runtime.VmModule.mmap(config.vm_instance, file), config)
    # Each model comes twice, once with the suffix $async for callers that wait themselves.
    name = next(n for n in module.vm_module.function_names if not n.startswith("__") and not n.endswith("$async"))
    function, tensor = module[name], iree.runtime.asdevicearray(config.device, x)

    def run():
        return function(tensor).to_host()

    return run, "f32"
