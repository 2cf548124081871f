"""Finding stories by their words: entries written with each publication, and read through what is live."""
