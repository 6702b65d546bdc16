"""Everything that knows LINE: webhook in, messages out, limits, rich menus."""
