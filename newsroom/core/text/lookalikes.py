"""Characters that pass for Latin letters and that Unicode's own compatibility folding (NFKC) leaves alone.

Chosen from what gambling and scam comments use: other alphabets, phonetic and small-capital letters, letters in boxes
and discs. Unicode's confusables (UTS 39) hold thousands more; what nobody has met would only cost false alarms.
"""

from __future__ import annotations

from string import ascii_lowercase

# Letter -> Cyrillic, Greek, Armenian, Lisu, phonetic and small-capital characters that pass for it. Lower case only:
# case is folded first. Accents are taken off before, so that й stands here as и.
LOOKALIKES = {
    "a": "аαɑɐᴀꓮæꬰ",
    "b": "вьвßʙɓƀꓐƅβ",
    "c": "сϲᴄƈꓚͼ",
    "d": "ԁɖɗđᴅꓓժð",
    "e": "еєэεɛəɜᴇꓰҽǝ",
    "f": "ꜰƒꓝֆ",
    "g": "ɡɢɠցꓖǥ",
    "h": "һнʜɦħꓧհ",
    "i": "іιıɪɨɩꓲ",
    "j": "јʝɟᴊꓙյϳ",
    "k": "кκᴋƙꓗқ",
    "l": "ʟɭłɫꓡŀլӏ",
    "m": "мᴍɱꓟ",
    "n": "пηɴŋɲꓠոи",
    "o": "оοσᴏøөꓳօθɵ",
    "p": "рρᴘƥꓑþ",
    "q": "ԛɋʠզꞯ",
    "r": "гʀɽꓣя",
    "s": "ѕꜱʂꓢ",
    "t": "тτᴛŧƭʈꓔ",
    "u": "υᴜʉʋꓴսц",
    "v": "νѵᴠꓦ",
    "w": "ԝωᴡшщɯꓪա",
    "x": "хχꓫ",
    "y": "уγʏүɣꓬყ",
    "z": "зᴢƶʐꓜʒ",
}
# First of 26 characters, A to Z: letters in brackets, in white and black discs and boxes, and those that make up flags.
ROWS = (0x249C, 0x1F110, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
# First of nine characters, 1 to 9: digits in black discs.
DIGIT_ROWS = (0x2776, 0x278A)

TABLE: dict[str, str] = {char: letter for letter, chars in LOOKALIKES.items() for char in chars}
TABLE.update((chr(start + place), letter) for start in ROWS for place, letter in enumerate(ascii_lowercase))
TABLE.update((chr(start + place), str(place + 1)) for start in DIGIT_ROWS for place in range(9))

# What stands for letters in "5l0t" and "ju@ra". A 1 is read as i and as l, so these three fall together.
LEET = str.maketrans("013456789@$!|+€£(<l", "oieasgtbgasiiteicci")
