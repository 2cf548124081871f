"""The demo's locator maps: what they show (`maps.toml`), and the code that drew the pictures beside it.

The pictures are committed; loading the demo draws nothing. To draw them anew, in a scratch folder:

    npm install world-atlas@2.0.2 @fontsource/noto-sans@5 @fontsource/noto-serif@5
    python -m newsroom.demo.maps.draw --packages node_modules

Coasts and borders are Natural Earth's (public domain, naturalearthdata.com) as `world-atlas` cuts them; the maps are
our own work. Natural Earth draws borders as they are held, which is no opinion on whose they are: every border is
dashed, and captions say what is disputed.
"""
