"""Which convolutions are compared at one shape: a stage's image size and its channels."""
import dataclasses

from peers.models import PUBLISHED

SIZES = (56, 28, 14, 7)  # of the four stages for images of 224 x 224
LIMIT = 16 << 20  # bytes of one depthwise tensor: far beyond every L2, and what L3 may hold of two


@dataclasses.dataclass(frozen=True)
class Convolution:
    """A grouped 3x3 convolution of the first `convolved` of `channels` channels."""
    size: int
    channels: int
    convolved: int
    groups: int = 1
    copied: bool = False  # the result has the other channels too

    def macs(self):
        return self.size ** 2 * 9 * self.convolved * self.convolved // self.groups

    def texts(self):
        """Its names for pconv-bench, one for each form that is tuned; the fastest counts. A vector holds channels
        of one group, or one of each of several groups, where there are enough."""
        text = f"conv3x3-{self.size}x{self.size}-c{self.channels}-p{self.convolved}-g{self.groups}"
        if self.groups == self.convolved:
            return [text + "-across"]
        return [text + ("-copied" if self.copied else "")] + [text + "-across"] * (self.groups >= 8)


@dataclasses.dataclass(frozen=True)
class Row:
    section: str
    kind: str
    convolution: Convolution
    note: str = ""


EQUAL, SAME, RATIO = "equal FLOPs", "same channels", "partial ratio"


def depthwise_of_equal_flops(size, partial):
    """c = p^2 channels, in eights, because vectors hold channels; fewer where the tensor would pass LIMIT."""
    wanted = -(-partial ** 2 // 8) * 8
    channels = min(wanted, LIMIT // (4 * size ** 2) // 8 * 8)
    if channels < wanted:
        return channels, f"bounded: {wanted} channels have the FLOPs"
    return channels, "" if wanted == partial ** 2 else f"{wanted / partial ** 2 - 1:+.0%} FLOPs"


def rows(size, channels):
    """The rows of one shape, and what cannot be made of it, in words."""
    partial, whole, missing = channels // 4, Convolution(size, channels, channels), []
    quarter = Convolution(size, channels, partial)
    table = [Row(EQUAL, "partial 1/4", quarter, "the rest is not touched"),
             Row(EQUAL, "partial 1/4, copied", dataclasses.replace(quarter, copied=True), "clone, then convolve"),
             Row(EQUAL, "regular", Convolution(size, partial, partial))]
    # c channels in g groups have the FLOPs of p in one where c^2 / g = p^2.
    for groups, factor in ((4, 2), (16, 4)):
        if factor * partial % groups == 0:
            table.append(Row(EQUAL, f"group, {groups}",
                             Convolution(size, factor * partial, factor * partial, groups)))
        else:
            missing.append(f"{groups} groups of {factor * partial} channels")
    depthwise, note = depthwise_of_equal_flops(size, partial)
    table.append(Row(EQUAL, "depthwise", Convolution(size, depthwise, depthwise, depthwise), note))

    table.append(Row(SAME, "regular", whole))
    for groups in (4, 16):
        if channels % groups == 0:
            table.append(Row(SAME, f"group, {groups}", dataclasses.replace(whole, groups=groups)))
        else:
            missing.append(f"{groups} groups of {channels} channels")
    table.append(Row(SAME, "depthwise", dataclasses.replace(whole, groups=channels)))
    table.append(Row(SAME, "partial 1/4", quarter, "the rest is not touched"))

    table += [Row(RATIO, f"partial 1/{n}", Convolution(size, channels, channels // n)) for n in (1, 2, 4, 8)]
    return table, list(dict.fromkeys(missing))


def shapes(models):
    """(model, size, channels) of every stage of the models, each pair of numbers once, largest images first."""
    found = {}
    for stage, size in enumerate(SIZES):
        for model in models:
            found.setdefault((size, PUBLISHED[model][0] << stage), model)
    return [(model, size, channels) for (size, channels), model in found.items()]


def block_spec(model, stage):
    dim, _, activation = PUBLISHED[model]
    size, channels = SIZES[stage], dim << stage
    return (f"block-n1-{size}x{size}-c{channels}-p{channels // 4}-h{2 * channels}-{activation.lower()}-f32-w32")
