"""Free text becomes a value: which procedure or request, which days, which place.

Everything is built once and then only reads; no message costs I/O, and nothing is kept of it.

- `understand.py`: the door. `load_nlu` reads the phrases, `Nlu.understand` returns `Understood`.
- `phrases.py`, `lexicon.py`, `alarms.py`: what people say per id, what words are about, danger.
- `learn.py`, `model.py`, `packed.py`: what was learned, and the file in which all of it is kept.
- `options.py`: which answer of the open question a message names.
- `dates.py`, `day_words/`, `date_kanji.py`: days as people type them.
- `places.py`: prefecture and municipality of an address.
- `normal.py`: one form for what can be typed in many ways.

A guess never leaves this room as a fact: what is not clear becomes "clarify", two days, or
nothing.
"""
