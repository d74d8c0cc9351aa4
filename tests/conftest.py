"""One profile for every property test: the same examples each time, no clock in the verdict.

Look for new examples with `pytest --hypothesis-profile=explore`.
"""

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("ci")
