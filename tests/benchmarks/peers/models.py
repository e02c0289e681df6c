"""The six published FasterNets by name, and the fields of a description that the benchmark needs."""
import json
import pathlib

# Name: embed_dim, depths, act_layer (the published cfg/*.yaml); all else is the same in the six.
PUBLISHED = {
    "t0": (40, [1, 2, 8, 2], "GELU"),
    "t1": (64, [1, 2, 8, 2], "GELU"),
    "t2": (96, [1, 2, 8, 2], "RELU"),
    "s": (128, [1, 2, 13, 2], "RELU"),
    "m": (144, [3, 4, 18, 3], "RELU"),
    "l": (192, [3, 4, 18, 3], "RELU"),
}

# Names and defaults of the published configuration.
DEFAULTS = {
    "in_chans": 3, "image_size": 224, "batch_size": 1, "num_classes": 1000, "embed_dim": 96, "depths": [1, 2, 8, 2],
    "mlp_ratio": 2, "n_div": 4, "patch_size": 4, "patch_stride": 4, "patch_size2": 2, "patch_stride2": 2,
    "patch_norm": True, "feature_dim": 1280, "layer_scale_init_value": 0, "norm_layer": "BN", "act_layer": "RELU",
    "fork_feat": False,
}


def describe(model):
    """The whole description of a published model's name or of a model.json, with all defaults filled in."""
    if model in PUBLISHED:
        embed_dim, depths, activation = PUBLISHED[model]
        return {**DEFAULTS, "name": f"fasternet_{model}", "embed_dim": embed_dim, "depths": depths,
                "act_layer": activation}
    path = pathlib.Path(model)
    if not path.is_file():
        raise ValueError(f"--models: found '{model}', expected one of {', '.join(PUBLISHED)} or a model.json")
    given = json.loads(path.read_text())
    if "architecture" in given:
        raise ValueError(f"{model}: timm's config.json is not read here, write a model.json")
    description = {**DEFAULTS, "name": path.stem, **given}
    if description["fork_feat"]:
        raise ValueError(f"{model}: fork_feat: found true, expected a model with one output")
    return description


def input_shape(description):
    size = description["image_size"]
    height, width = size if isinstance(size, list) else (size, size)
    return [description["batch_size"], description["in_chans"], height, width]
