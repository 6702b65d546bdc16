"""Flows: questions, rules and days of law, read from YAML and solved; pure, no input or output.

`load.py` reads the folder `flows/` into the frozen values of `model.py` and `check.py` says
everything that is wrong with them; `engine.py` answers with them.
"""
