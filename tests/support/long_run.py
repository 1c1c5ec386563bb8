"""Whether this is the long run, `make faults`: everything on both databases, hundreds of words, whole years."""

import os

IS_LONG = os.environ.get("FRONTDESK_LONG", "").lower() in {"1", "true", "yes"}
