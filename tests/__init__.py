"""A package, so that no installed library with a stray folder named tests can take its place."""
