"""Physics of data-center plant: plain vectorised functions of SI floats (K, Pa, W, kg, s), free of names and units."""
