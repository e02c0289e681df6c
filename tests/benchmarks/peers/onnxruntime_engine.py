"""ONNX Runtime, its CPU provider with all graph optimisations."""


def load(file, x, threads, _):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    # Bound once: a call neither copies the input nor allocates the output.
    binding = session.io_binding()
    binding.bind_ortvalue_input("input", onnxruntime.OrtValue.ortvalue_from_numpy(x))
    shape = session.get_outputs()[0].shape
    output = onnxruntime.OrtValue.ortvalue_from_shape_and_type(shape, x.dtype.type)
    binding.bind_ortvalue_output("output", output)

    def run():
        session.run_with_iobinding(binding)
        return output.numpy()

    return run, "f32"
