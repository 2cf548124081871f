"""Text as people write it: cleaned, folded, stemmed, slugged. Pure functions, no database, no request."""

from newsroom.core.text.clean import clean_line, clean_text
from newsroom.core.text.folding import Folded, fold, fold_map
from newsroom.core.text.words import slugify, stem, words

__all__ = ["Folded", "clean_line", "clean_text", "fold", "fold_map", "slugify", "stem", "words"]
