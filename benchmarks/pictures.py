"""Taking pictures in and cutting them, beside Pillow doing as good as nothing with the same file.

`python -m benchmarks.pictures` runs it alone. The pictures are drawn here: soft shapes with the grain of a sensor, so
that they compress about as photographs do. Each is taken in by the process with limits that the site uses; beside it
stands a process that opens the file and saves it again.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter

from articles.imaging import cutting, sandbox
from articles.imaging.errors import Unfit
from benchmarks.figures import Chapter, Figure, number, table

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
MEGAPIXELS = {"JPEG, 24 megapixels": ("JPEG", (6000, 4000)), "JPEG, 49 megapixels": ("JPEG", (8600, 5700))}
MEGAPIXELS |= {"WebP, 24 megapixels": ("WEBP", (6000, 4000)), "PNG, 6 megapixels": ("PNG", (3000, 2000))}
AGAIN = "import sys; from PIL import Image; Image.open(sys.argv[1]).save(sys.argv[2], 'JPEG', quality=92)"


def draw(width: int, height: int) -> Image.Image:
    """Return a picture of soft shapes with some grain; the same one each time."""
    chance = random.Random(width)
    coarse = Image.frombytes("RGB", (24, 16), chance.randbytes(24 * 16 * 3)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = (
        Image.effect_noise((width // 4, height // 4), 24).filter(ImageFilter.GaussianBlur(0.6)).resize((width, height))
    )
    return ImageChops.soft_light(coarse, Image.merge("RGB", (grain, grain, grain)))


def cost(work: str, *paths: Path) -> tuple[float, float]:
    """Return the processor seconds of the processes that some work starts, and their peak MiB.

    In a process of its own, since the kernel remembers the largest child of each.
    """
    command = [sys.executable, "-m", "benchmarks.pictures", work, *map(str, paths)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    seconds, peak = json.loads(said.stdout)
    return seconds, peak


def say(work: Callable[[Path, Path], object], source: Path, target: Path) -> None:
    """Do some work a few times; print what it cost."""
    seconds = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work(source, target)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(json.dumps([statistics.median(seconds), after.ru_maxrss / 1024]))


def save_again(source: Path, target: Path) -> None:
    """Open a picture and save it as JPEG, by Pillow alone."""
    subprocess.run([sys.executable, "-c", AGAIN, str(source), str(target)], check=True)


def cut(source: Path, folder: Path) -> list[dict[str, Any]]:
    """Make all renditions of a picture."""
    return sandbox.render(source, folder, focal=(50, 50), shapes=list(cutting.SHAPES))


WORK: dict[str, Callable[[Path, Path], object]] = {"clean": sandbox.clean, "again": save_again, "cut": cut}


def refused(source: Path, folder: Path) -> float:
    """Return the seconds until a picture was refused. Raises RuntimeError when it was not."""
    began = time.perf_counter()
    try:
        sandbox.clean(source, folder / "never")
    except Unfit:
        return time.perf_counter() - began
    raise RuntimeError(f"{source.name} was taken in.")


def measure() -> Chapter:
    """Draw, take in, cut."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="newsroom-pictures-") as name:
        folder = Path(name)
        for title, (kind, size) in MEGAPIXELS.items():
            source = folder / f"{len(figures)}.{kind.lower()}"
            draw(*size).save(source, kind, quality=90)
            figures.append(taken_in(title, source, folder))
        renditions, lines = cut_all(folder / "0.jpeg", folder)
        figures.append(renditions)
        whole = (folder / "0.jpeg").read_bytes()
        (folder / "half.jpeg").write_bytes(whole[: len(whole) // 2])
        lines.append(
            f"A JPEG that is cut off in the middle is refused after {refused(folder / 'half.jpeg', folder):.2f} s."
        )
    return Chapter("Pictures", figures, lines)


def taken_in(title: str, source: Path, folder: Path) -> Figure:
    """Return what taking a picture in costs beside opening and saving it."""
    beside, beside_peak = cost("again", source, folder / "again.jpeg")
    ours, peak = cost("clean", source, folder / "clean")
    return Figure(
        name=f"{title}, {source.stat().st_size / 1e6:.1f} MB, taken in",
        ours=ours,
        beside=beside,
        beside_name="opened and saved again",
        unit="processor s",
        note=f"{peak:.0f} MiB at most, beside {beside_peak:.0f}.",
    )


def cut_all(source: Path, folder: Path) -> tuple[Figure, list[str]]:
    """Cut a picture to all shapes, widths and formats; return what it costs, and the sizes of one shape."""
    sandbox.clean(source, folder / "whole")
    target = folder / "cuts"
    target.mkdir()
    made = cut(folder / "whole", target)
    ours, peak = cost("cut", folder / "whole", target)
    beside, _ = cost("again", folder / "whole", folder / "again.jpeg")
    figure = Figure(
        name=f"all {len(made)} renditions of a picture",
        ours=ours,
        beside=beside,
        beside_name="the kept copy opened and saved once",
        unit="processor s",
        note=f"{peak:.0f} MiB at most, {sum(one['byte_size'] for one in made) / 1e6:.1f} MB of disk.",
    )
    rows = {(one["width"], one["format"]): one["byte_size"] for one in made if one["shape"] == "full"}
    lines = ["| width, uncropped | AVIF, kB | WebP, kB | JPEG, kB |", "|---|---|---|---|"]
    for width in sorted({width for width, _ in rows}):
        lines.append(f"| {width} | {' | '.join(number(rows[width, kind] / 1000) for kind in cutting.FORMATS)} |")
    return figure, [*lines, ""]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        say(WORK[sys.argv[1]], *map(Path, sys.argv[2:]))
    else:
        found = measure()
        print("\n".join([*table(found.figures), "", *found.lines]))
