"""A LINE platform for one machine: the API's rules, faults on demand, a phone in the browser.

Nothing in the bot knows that this is not LINE: it gets signed webhooks and calls the same
addresses. The rooms inside: `platform` (state and rules), `rules` and its parts (what LINE
accepts), `delivery` (webhooks), `faults`, `app` (HTTP), `server` (all of it, started).
"""
