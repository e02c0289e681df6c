"""OpenVINO's CPU plugin, reading its own format; `option` is the inference precision, or `default`."""


def prepare(onnx_file, output):
    import openvino

    # Weights stay f32 on disk: the f16 that save_model takes unasked would round them.
    openvino.save_model(openvino.convert_model(onnx_file), output, compress_to_fp16=False)


def load(file, x, threads, option):
    import openvino

    settings = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": threads}
    if option != "default":
        settings["INFERENCE_PRECISION_HINT"] = option
    model = openvino.Core().compile_model(file, "CPU", settings)
    request = model.create_infer_request()
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))
    output = request.get_output_tensor().data

    def run():
        request.infer()
        return output

    used = model.get_property("INFERENCE_PRECISION_HINT").to_string()
    return run, {"float32": "f32", "bfloat16": "bf16", "f16": "f16"}.get(used, used)
