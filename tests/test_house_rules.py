"""The rules of the house, each as a test that fails when it is broken."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines
from django.template.base import Template
from django.template.context import Context
from django.template.loader_tags import BlockNode, ExtendsNode
from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent
# In Jinja2; the other templates are in Django's language.
PUBLIC = ROOT / "templates" / "public"
PACKAGES = ("newsroom", "articles", "comments")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50

TOP_LEVEL = {
    *("manage.py", "requirements.txt", "README.md", "newsroom", "articles", "comments", "templates", "tests"),
    *("Makefile", "pyproject.toml", "requirements-dev.txt", "LICENSE", "CHANGELOG.md", "docs", "deploy", "benchmarks"),
}
SAFE_MODULES = {
    # JSON-LD: every character that could end the script block is escaped there.
    "articles/jinja/data.py",
    # The comparison of two cleaned texts, cleaned once more.
    "articles/diffing.py",
    # Words of the catalogues.
    "newsroom/core/jinja.py",
    # Captions and texts that the sanitiser wrote.
    "articles/jinja/pictures.py",
}
# Which publication is visible when is asked in one place alone; "begins before next week" is another question.
TIME_CONDITION = re.compile(r"\b(visible_from__lte=(self\.)?at\b|visible_until__gt\b|voided_at__isnull\b)")
TIME_CONDITION_HOME = "articles/models/publication.py"
# What runs outside a request and a service: tasks take the time when they begin.
CLOCK = re.compile(
    r"\b(timezone\.(now|localtime|localdate)\(\)|datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\()"
)
SERVICES = (
    *("workflow", "publishing", "revisions", "restoration", "projection", "states", "timeline", "checklist", "embargo"),
    *("approval", "taxonomy", "permissions", "access", "payloads", "locking"),
    *("notices", "replies", "translations", "companions", "corrections", "history", "pages", "search/*"),
)
COMMENT_SERVICES = ("posting", "saved", "tree", "threads", "permissions", "access", "recount", "paths", "moderation/*")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")",
    re.IGNORECASE,
)


def tracked(*suffixes: str) -> list[Path]:
    """Return the files git knows, new ones included, that end so."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in sorted(names) if name.endswith(suffixes) and (ROOT / name).exists()]


def own_python() -> list[Path]:
    """Return the Python that people wrote."""
    return [path for path in tracked(".py") if "migrations" not in path.parts]


def product_python() -> list[Path]:
    """Return the Python that runs in production."""
    return [path for path in own_python() if path.relative_to(ROOT).parts[0] in PACKAGES]


def services() -> list[Path]:
    """Return the modules that decide and write."""
    articles = [path for name in SERVICES for path in (ROOT / "articles").glob(f"{name}.py")]
    comments = [path for name in COMMENT_SERVICES for path in (ROOT / "comments").glob(f"{name}.py")]
    return [path for path in [*articles, *comments] if path.exists()]


def name(path: Path) -> str:
    """Return a path as people write it."""
    return path.relative_to(ROOT).as_posix()


def offending_lines(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    """Return where the pattern stands."""
    return [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield all functions, however deep."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parsed(path: Path) -> ast.Module:
    """Read a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_top_level_is_the_agreed_one() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked("")}
    assert {entry for entry in found if not entry.startswith(".")} - TOP_LEVEL == set()


def test_imports_point_down() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_contracts_name_every_room_of_the_root() -> None:
    """A new module of the root is forbidden to the apps from the day it is written."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [contract] = [each for each in config["tool"]["importlinter"]["contracts"] if each["id"] == "root"]
    modules = {f"newsroom.{path.stem}" for path in (ROOT / "newsroom").glob("*.py") if path.stem != "__init__"}
    packages = {f"newsroom.{path.parent.name}" for path in (ROOT / "newsroom").glob("*/__init__.py")}
    assert (modules | packages) - {"newsroom.core"} == set(contract["forbidden_modules"])


def test_no_import_hides_in_a_function() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in product_python()
        for function in functions(parsed(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        # Signals are connected when the app is ready and not before: Django's own way.
        if not (path.name == "apps.py" and function.name == "ready")
    ]
    assert found == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_files_are_short() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in own_python()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    found = [
        f"{name(path)}:{function.lineno} {function.name} has {length} lines"
        for path in own_python()
        if "journeys" not in path.parts  # a journey is one walk, told from its beginning to its end
        for function in functions(parsed(path))
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]
    assert found == []


def test_markup_passes_unescaped_where_it_was_cleaned_and_never_in_a_template() -> None:
    pattern = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+(off|false)|\bMarkup\(")
    assert offending_lines([path for path in tracked(".html") if "templates" in path.parts], pattern) == []
    modules = [path for path in product_python() if name(path) not in SAFE_MODULES]
    assert offending_lines(modules, re.compile(r"\b(mark_safe|Markup)\(")) == []


def test_time_condition_stands_in_one_place() -> None:
    paths = [path for path in product_python() if name(path) != TIME_CONDITION_HOME]
    assert offending_lines(paths, TIME_CONDITION) == []


def test_services_do_not_read_the_clock() -> None:
    assert offending_lines(services(), CLOCK) == []


def test_services_say_who_and_when() -> None:
    """Whatever leaves a trace in the audit log takes `by` and `at`, by name."""
    found = []
    for path in services():
        for function in parsed(path).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            records = any(
                isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "record")
                for node in ast.walk(function)
            )
            if records and not {"by", "at"} <= {argument.arg for argument in function.args.kwonlyargs}:
                found.append(f"{name(path)}:{function.lineno} {function.name}")
    assert found == []


def test_templates_hold_nothing_inline() -> None:
    templates = [path for path in tracked(".html") if "templates" in path.parts and "emails" not in path.parts]
    assert offending_lines(templates, INLINE) == []


def test_partials_say_what_they_take() -> None:
    partials = [path for path in tracked(".html") if path.name.startswith("_") and "templates" in path.parts]
    says = re.compile(r"\s*({%\s*extends[^%]*%}\s*)?{#")
    assert [name(path) for path in partials if not says.match(path.read_text(encoding="utf-8"))] == []


def test_every_block_that_a_template_fills_exists_above_it() -> None:
    lost = []
    for path in tracked(".html"):
        if path.relative_to(ROOT).parts[0] != "templates":
            continue
        if path.is_relative_to(PUBLIC):
            known, filled = jinja_blocks(path.relative_to(PUBLIC).as_posix())
        else:
            template = engines["django"].get_template(path.relative_to(ROOT / "templates").as_posix())
            known, filled = blocks(template.template)
        lost += [f"{name(path)}: {block}" for block in filled - known]
    assert lost == []


def jinja_blocks(template: str) -> tuple[set[str], set[str]]:
    """Return the same for a template of the public site."""
    known: set[str] = set()
    filled: set[str] | None = None
    while template:
        tree = engines["jinja2"].env.parse((PUBLIC / template).read_text(encoding="utf-8"))
        if filled is None:
            filled = {node.name for node in tree.body if isinstance(node, nodes.Block)}
        else:
            known |= {node.name for node in tree.find_all(nodes.Block)}
        template = next((node.template.value for node in tree.find_all(nodes.Extends)), "")
    return known, filled if known else set()


def blocks(template: Template) -> tuple[set[str], set[str]]:
    """Return the blocks of all templates that this one extends, and those that it fills itself."""
    context = Context()
    context.template = template
    known: set[str] = set()
    filled: set[str] | None = None
    while extends := template.nodelist.get_nodes_by_type(ExtendsNode):
        filled = (
            {node.name for node in extends[0].nodelist if isinstance(node, BlockNode)} if filled is None else filled
        )
        # A template may extend the one it stands in front of; the context remembers which were passed.
        template = extends[0].get_parent(context)
        known |= {node.name for node in template.nodelist.get_nodes_by_type(BlockNode)}
    return known, filled or set()


@pytest.mark.parametrize(
    ("line", "is_inline"),
    [
        ('<p style="color: red">', True),
        ("<a onclick='x()'>", True),
        ("<style>p{}</style>", True),
        ("<script>x()</script>", True),
        ('<a href="javascript:x()">', True),
        ('<script type="module" src="x.js"></script>', False),
        ('<script src="{% static "x.js" %}" defer></script>', False),
        ('<p class="on" data-once="x">', False),
    ],
)
def test_inline_is_recognised(line: str, is_inline: bool) -> None:
    assert bool(INLINE.search(line)) is is_inline


def test_nothing_is_left_for_later() -> None:
    words = re.compile(
        "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error", "lorem" + " ipsum"))
    )
    product = [path for path in tracked(".py", ".html", ".js", ".css") if path.relative_to(ROOT).parts[0] != "tests"]
    assert offending_lines(product, words) == []
