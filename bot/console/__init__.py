"""The desk: the pages on which the office's people read and answer cases.

- `app.py`       what the pages need, the blueprint, and what surrounds every page
- `guard.py`     who is logged in, CSRF, rate limit, the headers of every page
- `passwords.py` argon2 and the codes of the second factor
- `words.py`     the pages' own words, days and times, in the operator's language
- `labels.py`    what the codes of a case are called
- `login.py`     log in and out, join by invitation, one's own account
- `inbox.py`     the list of cases
- `case.py`      one case: its thread, its answers, and what is done to it
- `admin*.py`   what admins alone see and do: operators, audit log, export and deletion, statistics
- `answer.py`    sentences in the person's language, and what the guide knows, before they are sent
- `slots.py`     the gaps of such a sentence: read from a form, said in anybody's language
- `known.py`     what the guide knows of a person, and of its topics, as messages
- `bubbles.py`   LINE's message objects as the person saw them

Pages are rendered on the server; htmx swaps parts of them, and each form works without it. A page
that is open asks every few seconds whether something changed (docs/decisions/0008).
"""
