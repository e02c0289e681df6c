"""Weight files of a tiny model, whole and broken, made with the standard library only."""
import io
import json
import math
import struct
import zipfile

TINY = json.dumps({"name": "tiny", "in_chans": 1, "num_classes": 2, "embed_dim": 4, "depths": [1], "feature_dim": 4,
                   "image_size": 8})


def _norm(name, channels):
    return {f"{name}.{part}": [channels] for part in ("weight", "bias", "running_mean", "running_var")}


SHAPES = {
    "patch_embed.proj.weight": [4, 1, 4, 4],
    **_norm("patch_embed.norm", 4),
    "stages.0.blocks.0.spatial_mixing.partial_conv3.weight": [1, 1, 3, 3],
    "stages.0.blocks.0.mlp.0.weight": [8, 4, 1, 1],
    **_norm("stages.0.blocks.0.mlp.1", 8),
    "stages.0.blocks.0.mlp.3.weight": [4, 8, 1, 1],
    "avgpool_pre_head.1.weight": [4, 4, 1, 1],
    "head.weight": [2, 4],
    "head.bias": [2],
}


def floats(shape, value=0.5):
    return struct.pack("<f", value) * math.prod(shape)


# --- safetensors -------------------------------------------------------------------------------------------------


def safetensors(changes=None, drop=(), data_change=None, header_change=None, header_bytes=None, tail=b""):
    """A file of the tiny model. `changes` maps a tensor to fields of its header entry (None fields are removed)."""
    header, data = {}, b""
    for name, shape in SHAPES.items():
        if name in drop:
            continue
        raw = (data_change or {}).get(name, floats(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    for name, fields in (changes or {}).items():
        header.setdefault(name, {}).update(fields)
        header[name] = {key: value for key, value in header[name].items() if value is not None}
    text = json.dumps(header).encode()
    if header_change:
        text = header_change(text)
    return struct.pack("<Q", len(text) if header_bytes is None else header_bytes) + text + data + tail


def with_value(name, index, value):
    raw = bytearray(floats(SHAPES[name]))
    struct.pack_into("<f", raw, 4 * index, value)
    return safetensors(data_change={name: bytes(raw)})


# --- torch -------------------------------------------------------------------------------------------------------


def text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def integer(value):
    return b"J" + struct.pack("<i", value)


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def tensor(key, shape, elements=None, offset=0, strides=None, kind="FloatStorage"):
    if strides is None:
        strides = [math.prod(shape[d + 1:]) for d in range(len(shape))]
    elements = math.prod(shape) if elements is None else elements
    storage = tuple_of(text("storage"), b"ctorch\n" + kind.encode() + b"\n", text(key), text("cpu"),
                       integer(elements)) + b"Q"
    return (b"ctorch._utils\n_rebuild_tensor_v2\n" +
            tuple_of(storage, integer(offset), tuple_of(*map(integer, shape)), tuple_of(*map(integer, strides)),
                     b"\x89", b"ccollections\nOrderedDict\n)R") + b"R")


def state_dict(replace=None, extra=b""):
    items = b"".join(text(name) + (replace or {}).get(name, tensor(str(i), shape))
                     for i, (name, shape) in enumerate(SHAPES.items()))
    return b"\x80\x02}(" + items + extra + b"u."


def torch(pickle=None, entries=None, compression=zipfile.ZIP_STORED, folder="archive"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        if pickle is not False:
            archive.writestr(f"{folder}/data.pkl", state_dict() if pickle is None else pickle)
        for i, shape in enumerate(SHAPES.values()):
            archive.writestr(f"{folder}/data/{i}", floats(shape))
        for name, data in (entries or {}).items():
            archive.writestr(f"{folder}/{name}", data)
    return buffer.getvalue()


def hostile(body):
    """A state_dict that has one more entry, `body`."""
    return torch(state_dict(extra=text("extra") + body))


def head(body):
    return torch(state_dict(replace={"head.bias": body}))


def flipped(data, position):
    data = bytearray(data)
    data[position] ^= 0x10
    return bytes(data)


def memo_bomb():
    """Thirty dictionaries, each holding the one before it under two keys: 2^30 leaves in a short pickle."""
    body = tensor("0", SHAPES["patch_embed.proj.weight"]) + b"q\x00"
    for level in range(25):
        body += b"0}(" + text("a") + b"h" + bytes([level]) + text("b") + b"h" + bytes([level]) + b"uq" + bytes(
            [level + 1])
    return torch(b"\x80\x02" + body + b".")


def shared_arguments():
    """One long tuple given to a constructor again and again: each call would hold a copy of its own."""
    return torch(b"\x80\x02(" + b"N" * 10**5 + b"tq\x00ctorch\nSize\nq\x01(" + b"h\x01h\x00R" * 1000 + b"t.")


def two_checkpoints():
    buffer = io.BytesIO(torch())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("second/data.pkl", state_dict())
    return buffer.getvalue()


DEEP = b"}" + b"".join(text("k") + b"}" for _ in range(40)) + b"s" * 40
BIAS = "head.bias"

GOOD = {
    "good.safetensors": safetensors,
    "good.pth": torch,
    "good-namespace.ckpt": lambda: hostile(b"cargparse\nNamespace\n)\x81}b"),
}

# File name, how to make it, what stderr must hold.
WEIGHT_CASES = [
    # safetensors: the file
    ("empty.safetensors", lambda: b"", ["has 0 bytes, expected a safetensors file"]),
    ("seven-bytes.safetensors", lambda: b"\0" * 7, ["has 7 bytes"]),
    ("huge-header.safetensors", lambda: safetensors(header_bytes=2**63), ["found a header of 9223372036854775808"]),
    ("header-beyond-file.safetensors", lambda: safetensors(header_bytes=10**6), ["found a header of 1000000 bytes"]),
    ("truncated-data.safetensors", lambda: safetensors()[:-9], ["tensor head.bias", "expected an end of at most"]),
    ("truncated-header.safetensors", lambda: safetensors()[:100], ["found a header of"]),
    ("header-is-no-json.safetensors", lambda: safetensors(header_change=lambda t: b"?" + t[1:]), ["header: line 1"]),
    ("header-is-an-array.safetensors", lambda: safetensors(header_change=lambda t: b"[1]"),
     ["found [1], expected a JSON object"]),
    ("header-not-utf-8.safetensors", lambda: safetensors(header_change=lambda t: t.replace(b"head", b"\xff\xfead")),
     ["ill-formed UTF-8"]),
    ("deep-header.safetensors", lambda: safetensors(header_change=lambda t: b"[" * 100000),
     ["is nested deeper than 4 levels"]),
    ("duplicate-tensor.safetensors",
     lambda: safetensors(header_change=lambda t: t.replace(b"head.weight", b"head.bias")),
     ["header: head.bias: is given more than once"]),
    # safetensors: entries
    ("overlap.safetensors", lambda: safetensors({BIAS: {"data_offsets": [0, 8]}}), ["data_offsets: overlap with"]),
    ("huge-offset.safetensors", lambda: safetensors({BIAS: {"data_offsets": [2**62, 2**62 + 8]}}),
     ["tensor head.bias", "expected an end of at most"]),
    ("negative-offset.safetensors", lambda: safetensors({BIAS: {"data_offsets": [-8, 0]}}),
     ["data_offsets: found [-8,0], expected [begin, end]"]),
    ("reversed-offsets.safetensors", lambda: safetensors({BIAS: {"data_offsets": [16, 8]}}),
     ["data_offsets: found [16,8], expected [begin, end]"]),
    ("shape-overflow.safetensors", lambda: safetensors({BIAS: {"shape": [2**31 - 1] * 8}}),
     ["data_offsets: found 8 bytes, expected 18446744073709551615"]),
    ("negative-shape.safetensors", lambda: safetensors({BIAS: {"shape": [-2]}}), ["shape: found [-2]"]),
    ("size-does-not-fit.safetensors", lambda: safetensors({BIAS: {"shape": [3]}}), ["found 8 bytes, expected 12"]),
    ("unknown-dtype.safetensors", lambda: safetensors({BIAS: {"dtype": "F8_E4M3"}}), ['dtype: found "F8_E4M3"']),
    ("dtype-missing.safetensors", lambda: safetensors({BIAS: {"dtype": None}}), ["expected dtype, shape"]),
    ("integer-weights.safetensors", lambda: safetensors({BIAS: {"dtype": "I32"}}), ["head.bias", "I32 [2]"]),
    # values and names
    ("nan.safetensors", lambda: with_value("head.weight", 5, math.nan),
     ["tensor head.weight: element 5: found nan, expected a finite number"]),
    ("infinite.safetensors", lambda: with_value("head.bias", 1, -math.inf), ["head.bias: element 1: found -inf"]),
    ("negative-variance.safetensors", lambda: with_value("patch_embed.norm.running_var", 2, -1.0),
     ["running_var: element 2: found -1.000000, expected a variance of at least 0"]),
    ("missing-tensor.safetensors", lambda: safetensors(drop=[BIAS]),
     ["1 tensor does not fit the model", "head.bias", "[2]", "missing"]),
    ("other-shape.safetensors",
     lambda: safetensors({"head.weight": {"shape": [4, 2]}}), ["head.weight", "[2, 4]", "[4, 2]"]),
    ("extra-tensor.safetensors",
     lambda: safetensors({"stages.9.x": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}),
     ["stages.9.x", "no such tensor"]),
    # torch: the archive
    ("empty.pth", lambda: b"", ["found an empty file, expected a checkpoint written by torch.save"]),
    ("text.pth", lambda: b"not a checkpoint\n", ["a file that is not a zip archive"]),
    ("old-form.pth", lambda: b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", ["old form", "torch.save(torch.load"]),
    ("truncated.pth", lambda: torch()[:-200], ["not a whole zip archive"]),
    ("only-magic.pth", lambda: b"PK\x03\x04", ["not a whole zip archive"]),
    ("no-pickle.pth", lambda: torch(pickle=False), ["has no data.pkl"]),
    ("two-pickles.pth", two_checkpoints, ["found data.pkl more than once"]),
    ("torchscript.pt", lambda: torch(entries={"constants.pkl": b"\x80\x02)."}), ["is a TorchScript archive"]),
    ("big-endian.pth", lambda: torch(entries={"byteorder": b"big"}), ["has byte order big, expected little"]),
    ("compressed.pth", lambda: torch(compression=zipfile.ZIP_DEFLATED), ["is compressed or encrypted"]),
    ("bomb.pth", lambda: torch(hostile_padding(), compression=zipfile.ZIP_DEFLATED), ["is compressed or encrypted"]),
    ("flipped-pickle.pth", lambda: flipped(torch(), 200), ["entry data.pkl: is damaged"]),
    ("flipped-data.pth", lambda: flip_storage(torch()), ["is damaged"]),
    # torch: the pickle
    ("empty-pickle.pth", lambda: torch(b""), ["data.pkl: byte 0: the pickle ends inside an object"]),
    ("cut-pickle.pth", lambda: torch(state_dict()[:-20]), ["the pickle ends inside"]),
    ("os-system.pth", lambda: hostile(b"cposix\nsystem\n" + tuple_of(text("touch hacked")) + b"R"),
     ["refers to posix.system, which is not read"]),
    ("eval.pth", lambda: hostile(b"cbuiltins\neval\n" + tuple_of(text("1")) + b"R"), ["refers to builtins.eval"]),
    ("stack-global.pth", lambda: hostile(text("os") + text("popen") + b"\x93" + tuple_of(text("id")) + b"R"),
     ["refers to os.popen"]),
    ("inst.pth", lambda: hostile(b"(" + text("id") + b"ios\nsystem\n"), ["refers to os.system"]),
    ("getattr.pth", lambda: hostile(b"c__builtin__\ngetattr\n"), ["refers to __builtin__.getattr"]),
    ("load-from-bytes.pth", lambda: hostile(b"ctorch.storage\n_load_from_bytes\n"),
     ["refers to torch.storage._load_from_bytes"]),
    ("whole-module.pth", lambda: hostile(b"ctorch.nn.modules.conv\nConv2d\n)\x81"),
     ["torch.nn.modules.conv.Conv2d", "save model.state_dict()"]),
    ("extension-code.pth", lambda: hostile(b"\x82\x01"), ["has opcode 0x82"]),
    ("protocol-9.pth", lambda: torch(b"\x80\x09}."), ["has protocol 9, expected 2 to 5"]),
    ("call-of-a-string.pth", lambda: hostile(text("x") + b")R"), ["calls something other than a known constructor"]),
    ("empty-stack.pth", lambda: torch(b"\x80\x020."), ["takes an object from an empty stack"]),
    ("no-mark.pth", lambda: torch(b"\x80\x02}u."), ["has no mark to go back to"]),
    ("unknown-memo.pth", lambda: torch(b"\x80\x02j\xff\xff\xff\xff."), ["recalls object 4294967295"]),
    ("endless-text.pth", lambda: torch(b"\x80\x02X\xff\xff\xff\xff."), ["the pickle ends inside an object"]),
    ("endless-long.pth", lambda: torch(b"\x80\x02\x8b\xff\xff\xff\x7f."), ["the pickle ends inside an object"]),
    ("memo-bomb.pth", memo_bomb, ["has more than 1000000 nested objects"]),
    ("deep-dictionaries.pth", lambda: hostile(DEEP), ["is nested deeper than 32 levels"]),
    ("contains-itself.pth", lambda: hostile(b"}q\x63" + text("k") + b"h\x63s"), ["is nested deeper than 32 levels"]),
    ("deep-marks.pth", lambda: torch(b"\x80\x02" + b"(" * 100000 + b"t" * 100000 + b"."),
     ["is nested deeper than 32 levels"]),
    ("shared-arguments.pth", shared_arguments, ["copies more than 4000000 objects"]),
    ("no-tensors.pth", lambda: torch(b"\x80\x02}."), ["has no tensors"]),
    # torch: tensors
    ("missing-storage.pth", lambda: head(tensor("99", [2])), ["tensor head.bias", "entry data/99: is missing"]),
    ("storage-outside.pth", lambda: head(tensor("../data.pkl", [2])), ["entry data/../data.pkl: is missing"]),
    ("storage-too-short.pth", lambda: head(tensor("13", [200], elements=200)), ["storage 13 has", "expected 200"]),
    ("beyond-storage.pth", lambda: head(tensor("0", [2], elements=64, offset=63)),
     ["reaches element 64 of a storage of 64"]),
    ("huge-offset.pth", lambda: head(tensor("0", [2], elements=64, offset=2**31 - 1)), ["reaches element"]),
    ("negative-offset.pth", lambda: head(tensor("0", [2], elements=64, offset=-1)), ["no valid storage, offset"]),
    ("negative-stride.pth", lambda: head(tensor("0", [2], elements=64, strides=[-1])), ["no valid storage, offset"]),
    ("huge-strides.pth", lambda: head(tensor("0", [2**31 - 1] * 3, elements=64, strides=[2**31 - 1] * 3)),
     ["reaches element"]),
    ("expanded.pth", lambda: head(tensor("0", [2**31 - 1, 2**31 - 1], elements=64, strides=[0, 0])),
     ["more than 2147483647 elements"]),
    ("ranks-differ.pth", lambda: head(tensor("0", [2], elements=64, strides=[1, 1])), ["no valid storage, offset"]),
    ("quantized.pth", lambda: head(tensor("0", [2], elements=64, kind="QInt8Storage")),
     ["refers to torch.QInt8Storage"]),
    ("shared-key.pth", lambda: hostile(b"}" + text("b") + tensor("0", SHAPES["patch_embed.proj.weight"]) + b"s" +
                                       text("extra.b") + tensor("0", SHAPES["patch_embed.proj.weight"])),
     ["tensor extra.b: is given more than once"]),
    ("integer-bias.pth", lambda: torch(state_dict({BIAS: tensor("int", [2], kind="IntStorage")}),
                                       {"data/int": b"\0" * 8}), ["head.bias", "I32 [2]"]),
]


def hostile_padding():
    return state_dict(extra=text("padding") + text("0" * 10**7))


def flip_storage(data):
    position = data.index(floats(SHAPES["patch_embed.proj.weight"]))
    return flipped(data, position + 8)
