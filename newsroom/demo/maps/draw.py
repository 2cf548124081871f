"""Drawing the maps of `maps.toml`: an SVG of each, a screenshot of it, a small file with few colours."""

from __future__ import annotations

import argparse
import base64
import tomllib
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from newsroom.demo.maps.atlas import Atlas, Line, Mercator, Point, Polar, read

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent.parent / "static" / "paper" / "fonts"
WIDTH, HEIGHT = 1920, 1080
# The map begins this far inside the sheet: frame, white, and the band of degrees.
INSET, BAND = 12, 12
COLOURS = 64
HEMISPHERES = {"id": ("LU", "LS", "BT", "BB"), "en": ("N", "S", "E", "W")}
# Where a label stands beside its dot: shift in pixels and anchor.
SIDES = {"e": (24, 15, "start"), "w": (-24, 15, "end"), "n": (0, -26, "middle"), "s": (0, 56, "middle")}
STYLE = """
  .sea { fill: #dfebef } .land { fill: #ebe3ca; fill-rule: evenodd } .coast, .border { fill: none; stroke: #8a8368 }
  .coast { stroke-width: 2.4; stroke-linejoin: round }
  .border { stroke: #5a5747; stroke-width: 2.6; stroke-dasharray: 11 8 }
  .border.disputed { stroke: #12202b; stroke-dasharray: 1 11; stroke-width: 6; stroke-linecap: round }
  .border.subject { stroke: #a3125b; stroke-width: 6; stroke-dasharray: 20 14 }
  .graticule { fill: none; stroke: #12202b; stroke-opacity: .16; stroke-width: 2 }
  .line { fill: none; stroke: #a3125b; stroke-width: 7; stroke-linejoin: round; stroke-linecap: round }
  .dashed { stroke-dasharray: 22 18 } .dotted { stroke-dasharray: 1 17; stroke-width: 8 }
  .water { stroke: #0a5272; stroke-width: 5 }
  .ring { fill: none; stroke: #a3125b; stroke-width: 5 } .dot { fill: #12202b } .dot.subject { fill: #a3125b }
  text { paint-order: stroke; stroke-width: 9; stroke-linejoin: round }
  .place { font: 600 42px "Noto Sans"; fill: #12202b; stroke: #ebe3ca } .place.afloat { stroke: #dfebef }
  .place.subject { fill: #a3125b; font-weight: 700 }
  .country { font: 500 42px "Roboto Serif"; letter-spacing: .14em; fill: #44525c; stroke: #ebe3ca; text-anchor: middle }
  .water-name { font: italic 400 42px "Noto Serif"; fill: #0a5272; stroke: #dfebef; text-anchor: middle }
  .degree { font: 400 29px "Noto Sans"; fill: #2b5f8c; stroke: none }
"""


def sheet(spec: dict[str, Any], atlas: Atlas, language: str) -> str:
    """Return one map as SVG, its words in `language` ("id" or "en")."""
    projection = (Polar if spec.get("polar") else Mercator)(tuple(spec["centre"]), spec["span"], WIDTH, HEIGHT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">',
        f'<rect class="sea" width="{WIDTH}" height="{HEIGHT}"/>',
        *ground(spec, atlas, projection),
        *graticule(spec, projection, language),
        *marks(spec, projection),
        *labels(spec, projection, language),
        *frame(spec, projection),
        "</svg>",
    ]
    return "\n".join(parts)


def ground(spec: dict[str, Any], atlas: Atlas, projection: Mercator | Polar) -> Iterator[str]:
    """Yield land, coasts and borders."""
    for country in atlas.land:
        data = "".join(f"{path(ring, projection)}Z" for ring in country if is_near(ring, projection))
        if data:
            yield f'<path class="land" d="{data}"/>'
    for coast in atlas.coasts:
        if is_near(coast, projection):
            yield f'<path class="coast" d="{shore(coast, projection)}"/>'
    for ids, border in atlas.borders:
        if is_near(border, projection):
            yield f'<path class="border{manner(spec, ids, border)}" d="{path(border, projection)}"/>'


def manner(spec: dict[str, Any], ids: frozenset[str], border: Line) -> str:
    """Return what sets this border apart: "subject" or "disputed", by its two countries and the box it begins in."""
    for row in spec.get("borders", ()):
        west, south, east, north = row.get("box", (-180, -90, 180, 90))
        if ids == frozenset(row["between"]) and west <= border[0][0] <= east and south <= border[0][1] <= north:
            return f" {row['style']}"
    return ""


def is_near(line: Line, projection: Mercator | Polar) -> bool:
    """Say whether a line may touch the sheet."""
    west, south, east, north = projection.bounds()
    across, up = [x for x, _ in line], [y for _, y in line]
    return min(across) <= east and max(across) >= west and min(up) <= north and max(up) >= south


def path(line: Iterable[Point], projection: Mercator | Polar) -> str:
    """Return the line as SVG path data, without points closer than two thirds of a pixel."""
    kept: Line = []
    for x, y in map(projection, line):
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 0.66:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def shore(line: Line, projection: Mercator | Polar) -> str:
    """Return path data without the stretches along the 180th meridian, where the data is cut and no shore lies."""
    pieces: list[Line] = [[]]
    for point in line:
        if pieces[-1] and abs(point[0]) > 179.9 and abs(pieces[-1][-1][0]) > 179.9:
            pieces.append([])
        pieces[-1].append(point)
    return "".join(path(piece, projection) for piece in pieces)


def graticule(spec: dict[str, Any], projection: Mercator | Polar, language: str) -> Iterator[str]:
    """Yield meridians and parallels every `step` degrees, and what they are called, at the left and at the foot."""
    north, south, east, west = HEMISPHERES[language]
    for longitude in degrees(spec, projection, axis=0):
        line: Line = [(longitude, float(latitude)) for latitude in range(-84, 86)]
        yield f'<path class="graticule" d="{path(line, projection)}"/>'
        if not spec.get("polar"):
            name = f"{abs(longitude):g}° {east if longitude >= 0 else west}"
            x, _ = projection((longitude, 0))
            if 120 < x < WIDTH - 160:
                yield f'<text class="degree" x="{x + 10:.0f}" y="{HEIGHT - 42}">{name}</text>'
    for latitude in degrees(spec, projection, axis=1):
        line = [(float(longitude), latitude) for longitude in range(-180, 181)]
        yield f'<path class="graticule" d="{path(line, projection)}"/>'
        if not spec.get("polar"):
            name = f"{abs(latitude):g}° {north if latitude > 0 else south}" if latitude else "0°"
            _, y = projection((spec["centre"][0], latitude))
            if 70 < y < HEIGHT - 100:
                yield f'<text class="degree" x="42" y="{y - 12:.0f}">{name}</text>'


def degrees(spec: dict[str, Any], projection: Mercator | Polar, *, axis: int) -> Iterator[float]:
    """Yield the round degrees between the edges of the sheet."""
    low, high, step = projection.bounds()[axis], projection.bounds()[axis + 2], spec["step"]
    step = step if axis == 1 or not spec.get("polar") else 30
    first = -(-low // step) * step
    while first <= high and not (axis and first >= 90):
        yield first
        first += step


def marks(spec: dict[str, Any], projection: Mercator | Polar) -> Iterator[str]:
    """Yield routes, rivers and rings."""
    for row in spec.get("lines", ()):
        points = [projection((x, y)) for x, y in row["points"]]
        yield f'<path class="line {row["style"]}" d="{curve(points)}"/>'
    for row in spec.get("rings", ()):
        x, y = projection(tuple(row["at"]))
        yield f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="{row["radius"]}"/>'


def curve(points: Line) -> str:
    """Return path data of a smooth line through the points (Catmull-Rom, written as Bezier curves)."""
    padded = [points[0], *points, points[-1]]
    data = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        handles = [
            (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6),
            (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6),
            end,
        ]
        data += "C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in handles)
    return data


def labels(spec: dict[str, Any], projection: Mercator | Polar, language: str) -> Iterator[str]:
    """Yield the names of waters, countries and places, in this order: the last lies on top."""
    for kind, style in (("waters", "water-name"), ("countries", "country")):
        for row in spec.get(kind, ()):
            x, y = projection(tuple(row["at"]))
            lines = row.get(language, row["id"]).split("\n")
            for number, words in enumerate(lines):
                yield f'<text class="{style}" x="{x:.0f}" y="{y + 50 * number:.0f}">{escape(words)}</text>'
    for row in spec.get("places", ()):
        x, y = projection(tuple(row["at"]))
        shift, drop, anchor = SIDES[row.get("side", "e")]
        style = "".join(f" {name}" for name in ("subject", "afloat") if row.get(name))
        if not row.get("dotless"):
            yield f'<circle class="dot{style}" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
        words = escape(row.get(language, row["id"]))
        yield f'<text class="place{style}" text-anchor="{anchor}" x="{x + shift:.0f}" y="{y + drop:.0f}">{words}</text>'


def frame(spec: dict[str, Any], projection: Mercator | Polar) -> Iterator[str]:
    """Yield the neatline: a fine frame, white, and a band whose stretches change with the degrees."""
    inner = INSET + BAND
    hole = f"M{inner} {inner}V{HEIGHT - inner}H{WIDTH - inner}V{inner}Z"
    yield f'<path fill="#fff" fill-rule="evenodd" d="M0 0H{WIDTH}V{HEIGHT}H0Z {hole}"/>'
    west, south, east, north = projection.bounds()
    step = spec["step"] / 2
    if spec.get("polar"):
        across = [index * WIDTH / 16 for index in range(17)]
        down = [index * HEIGHT / 9 for index in range(10)]
    else:
        across = [projection((index * step, 0))[0] for index in range(int(west // step), int(east // step) + 2)]
        rows = range(int(north // step) + 1, int(south // step) - 1, -1)
        down = [projection((west, index * step))[1] for index in rows]
    for start, length in stretches(across, WIDTH - INSET):
        for y in (INSET, HEIGHT - inner):
            yield f'<rect fill="#12202b" x="{start:.1f}" y="{y}" width="{length:.1f}" height="{BAND}"/>'
    for start, length in stretches(down, HEIGHT - INSET):
        for x in (INSET, WIDTH - inner):
            yield f'<rect fill="#12202b" x="{x}" y="{start:.1f}" width="{BAND}" height="{length:.1f}"/>'
    for edge in (1, inner):
        yield (
            f'<rect fill="none" stroke="#12202b" stroke-width="2" x="{edge}" y="{edge}" '
            f'width="{WIDTH - 2 * edge}" height="{HEIGHT - 2 * edge}"/>'
        )


def stretches(stops: list[float], end: float) -> Iterator[tuple[float, float]]:
    """Yield start and length of every second stretch between stops, as far as it lies within the band."""
    for first, last in list(pairwise(stops))[::2]:
        start, stop = max(first, INSET), min(last, end)
        if stop > start:
            yield start, stop - start


def typefaces(packages: Path) -> str:
    """Return the rules that load the fonts, each within the page itself."""
    faces = [("Roboto Serif", "normal", "400 700", FONTS / "headline.woff2")]
    for family, style, weight in (
        ("Noto Sans", "normal", 400),
        ("Noto Sans", "normal", 600),
        ("Noto Sans", "normal", 700),
        ("Noto Serif", "italic", 400),
    ):
        slug = family.lower().replace(" ", "-")
        file = packages / "@fontsource" / slug / "files" / f"{slug}-latin-{weight}-{style}.woff2"
        faces.append((family, style, str(weight), file))
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; '
        f"src: url(data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}) }}"
        for family, style, weight, file in faces
    )


def specs() -> list[dict[str, Any]]:
    """Return what the maps show."""
    rows: list[dict[str, Any]] = tomllib.loads((HERE / "maps.toml").read_text(encoding="utf-8"))["maps"]
    return rows


def main() -> None:
    """Draw the maps that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="the folder node_modules with data and fonts")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    atlas = read(options.packages / "world-atlas" / "countries-10m.json")
    fonts = typefaces(options.packages)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for spec in specs():
            for language in spec["languages"] if not options.names or spec["name"] in options.names else []:
                page.set_content(f"<style>{fonts}{STYLE} body {{ margin: 0 }}</style>{sheet(spec, atlas, language)}")
                page.evaluate("document.fonts.ready")
                picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
                small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
                suffix = "" if language == "id" else f".{language}"
                file = HERE / f"{spec['name']}{suffix}.png"
                small.save(file, optimize=True)
                print(f"{file.name}: {file.stat().st_size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main()
