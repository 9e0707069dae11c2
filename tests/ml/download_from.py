"""A download's process as it is, but for the address: `python -m tests.ml.download_from URL ID` asks a server of the test's own."""

from __future__ import annotations

import sys
import urllib.request

real = urllib.request.urlretrieve
base, *rest = sys.argv[1:]
urllib.request.urlretrieve = lambda url, *others: real(f"{base}/{url.rpartition('/')[2]}", *others)

from ml import download  # noqa: E402 - Keras must find the other function when it is imported
from ml.data import downloads  # noqa: E402

downloads.is_right = lambda path, digest: True  # Keras checks what it knows; Fashion-MNIST it does not
sys.exit(download.main(rest[0]))
