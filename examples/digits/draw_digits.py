#!/usr/bin/env python3
"""Draws the example's ten digits as 28x28 grey PNG files, from strokes given here (standard library only).

Usage: draw_digits.py FOLDER
"""
import math
import pathlib
import struct
import sys
import zlib

SIZE = 28


def arc(cx, cy, rx, ry, start, end, steps=40):
    """Points on an ellipse; angles in degrees, 0 to the right, growing clockwise (y points down)."""
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


# Each digit: a list of polylines in pixel coordinates.
STROKES = {
    0: [arc(14, 14, 5.5, 8, 0, 360)],
    1: [[(11.5, 9), (15, 5.5), (13.5, 22.5)]],
    2: [arc(13.5, 10, 5, 4.5, 190, 380) + [(17, 14), (9, 21.5)], [(9, 21.5), (20, 21)]],
    3: [arc(13, 9.5, 5, 4, 200, 440), arc(13, 17.5, 5.5, 4.5, -80, 160)],
    4: [[(10, 6), (8.5, 14), (19, 14)], [(18, 6), (17, 22.5)]],
    5: [[(19, 6), (11, 6), (10, 12.5)], arc(13, 16.5, 5.2, 5, -125, 140)],
    6: [[(16.5, 5), (11, 12), (9.5, 17)], arc(13.7, 17.5, 4.3, 4.5, 0, 360)],
    7: [[(8, 7), (19.5, 6.5), (13, 22.5)]],
    8: [arc(14.2, 9.5, 4.2, 4.2, 0, 360), arc(13.5, 18, 4.8, 4.4, 0, 360)],
    9: [arc(13.5, 10.5, 4.6, 4.6, 0, 360), [(18, 10), (17.5, 15), (15.5, 22.5)]],
}


def distance(px, py, a, b):
    """From a point to a segment."""
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = 0 if length == 0 else max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / length))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


def draw(strokes, half_width=1.3, soft=0.9):
    rows = []
    for y in range(SIZE):
        row = bytearray()
        for x in range(SIZE):
            d = min(distance(x, y, a, b) for line in strokes for a, b in zip(line, line[1:]))
            row.append(round(255 * max(0, min(1, (half_width + soft - d) / (2 * soft)))))
        rows.append(bytes(row))
    return rows


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for digit, strokes in STROKES.items():
        write_png(folder / f"{digit}.png", draw(strokes))
