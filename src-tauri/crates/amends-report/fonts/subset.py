#!/usr/bin/env python3
"""Cuts the report's fonts out of the full ones. Run by hand when the coverage changes; the results are in the repository.

    pip install fonttools
    python3 subset.py NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc NotoEmoji_400Regular.ttf Unihan_OtherMappings.txt

Unihan_OtherMappings.txt of the Unicode character database names the 8105 characters of the list of common standard
Chinese characters (kTGH). README.md says what else is in, and why.
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont


def codec(name, firsts, seconds):
    """All characters of a two-byte code page within ranges of lead and trail bytes."""
    found = set()
    for a in firsts:
        for b in seconds:
            try:
                found |= set(map(ord, bytes([a, b]).decode(name)))
            except UnicodeDecodeError:
                pass
    return found


def wanted(unihan):
    points = codec("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
    # Level 1 of Big5 (A440 to C67E) are the 5401 characters in common use; A140 to A3BF are its symbols.
    points |= codec("big5", range(0xA1, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    with open(unihan, encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                points.add(int(line.split("\t")[0][2:], 16))
    for first, last in [
        (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x45F),
        (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218F),
        (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x25FF),
        (0x2600, 0x26FF), (0x2700, 0x27BF), (0x3000, 0x30FF), (0x3100, 0x312F), (0x31A0, 0x31BF),
        (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
    ]:
        points |= set(range(first, last + 1))
    return points


def cut(font, points, target):
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = ["kern", "ccmp", "mark", "mkmk", "liga"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["VORG", "vhea", "vmtx", "DSIG", "BASE"]
    font.flavor = None
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.save(target)
    print(target, len(font.getBestCmap()), "characters")


regular, bold, emoji, unihan = sys.argv[1:]
points = wanted(unihan)
for source, target in [(regular, "NotoSansCJKsc-Regular.otf"), (bold, "NotoSansCJKsc-Bold.otf")]:
    face = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    # Chinese fonts draw the middle dot as wide as a character; reports write 「紧急 · 方案」 with spaces round it.
    japanese = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == "Noto Sans CJK JP")
    for table in face["cmap"].tables:
        if 0xB7 in table.cmap:
            table.cmap[0xB7] = japanese.getBestCmap()[0xB7]
    cut(face, points, target)
pictures = TTFont(emoji)
# Letters, digits and signs that the text font draws better stay with it.
cut(pictures, {c for c in pictures.getBestCmap() if c > 0x2000 and c not in points} | {0x200D, 0xFE0F, 0x20E3}, "NotoEmoji-Regular.ttf")
