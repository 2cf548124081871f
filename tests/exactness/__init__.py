"""Pages are exact: what the page cache gives is what Django would make of the page at that moment.

`world` holds a small newsroom and the acts that change it, `pages` what readers may ask for and what stands there
without a cache, `timeline` judges reads against it. `test_keys` asks whether every act bumps every page it changes,
`drive` whether two web processes show that in time.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
