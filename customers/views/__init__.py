"""Pages about customers that are no form of one row."""
