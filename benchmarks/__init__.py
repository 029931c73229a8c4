"""How long the main job takes, beside the least that PostgreSQL needs for the same work."""
