"""What the sentences are called in each language, and how dates and money are written there."""
