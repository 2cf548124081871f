"""Modules load their parts under the names of their content."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from newsroom.core.staticfiles import HashedStaticFiles

IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def test_relative_imports_name_hashed_files_and_bare_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "whole.js").write_text(
        'import {\n  one,\n} from "./parts/one.js"\nimport "./parts/two.js"\nexport { x } from "library/x"\n'
    )
    (tmp_path / "parts" / "one.js").write_text('export const one = "import \\"./no.js\\""\n')
    (tmp_path / "parts" / "two.js").write_text('import { one } from "../parts/one.js"\none()\n')
    storage = HashedStaticFiles(location=str(tmp_path))
    names = ("whole.js", "parts/one.js", "parts/two.js")

    done = {name: hashed for name, hashed, _ in storage.post_process({name: (storage, name) for name in names})}

    assert {name for name in done if name in names} == set(names)
    whole = (tmp_path / storage.hashed_files["whole.js"]).read_text()
    for part in ("parts/one.js", "parts/two.js"):
        assert f'"./{storage.hashed_files[part]}"' in whole
    assert 'from "library/x"' in whole
    assert (
        Path(storage.hashed_files["parts/one.js"]).name in (tmp_path / storage.hashed_files["parts/two.js"]).read_text()
    )
    assert "no.js" in (tmp_path / storage.hashed_files["parts/one.js"]).read_text()
    assert not (tmp_path / "whole.js").exists()


def test_every_import_of_our_modules_is_one_that_gets_rewritten() -> None:
    root = Path(str(finders.find("desk/editor.js"))).parent.parent
    for module in root.rglob("*.js"):
        source = module.read_text()
        named = set(re.findall(r"""["'](\.{1,2}/[\w./-]+\.js)["']""", source))
        assert named == set(IMPORT.findall(source)), module


def test_sheet_made_of_others_is_served_whole(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "paper.css").write_text('/* All. */\n@import url("first.css");\n@import url("second.css");\n')
    (tmp_path / "css" / "first.css").write_text("p { background: url(../dot.svg) }\n")
    (tmp_path / "css" / "second.css").write_text("a { color: red }\n")
    (tmp_path / "dot.svg").write_text("<svg/>")
    storage = HashedStaticFiles(location=str(tmp_path))
    names = ("css/paper.css", "css/first.css", "css/second.css", "dot.svg")

    list(storage.post_process({name: (storage, name) for name in names}))

    whole = (tmp_path / storage.hashed_files["css/paper.css"]).read_text()
    assert "@import" not in whole
    assert whole.index(Path(storage.hashed_files["dot.svg"]).name) < whole.index("color: red")


def test_name_of_a_whole_sheet_changes_with_its_parts(tmp_path: Path) -> None:
    (tmp_path / "paper.css").write_text('@import url("part.css");\n')
    hashed = []
    for colour in ("red", "blue"):
        (tmp_path / "paper.css").write_text('@import url("part.css");\n')
        (tmp_path / "part.css").write_text(f"a {{ color: {colour} }}\n")
        storage = HashedStaticFiles(location=str(tmp_path))
        list(storage.post_process({name: (storage, name) for name in ("paper.css", "part.css")}))
        hashed.append(storage.hashed_files["paper.css"])
    assert hashed[0] != hashed[1]
