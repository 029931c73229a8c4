"""The demo company: a wholesaler with a year of business behind it, made by the same services as everything else."""
