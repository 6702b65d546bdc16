"""What `python -m bot` does besides starting the processes: tools for content and office."""
