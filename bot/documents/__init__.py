"""What people take away: files made of values and words, for any channel."""
