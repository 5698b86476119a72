-- The database of the private cluster.
CREATE DATABASE maatstaf
