"""Chains of power, heat and water through a site, read off its results."""
