"""Plans over sites and quarters: read, checked against what each site has, allocated, and mended."""
