#!/usr/bin/env python3
"""The other side: correlate_reference.py ROWS COLUMNS K plain|separable. scipy.signal.correlate2d, which knows no separable kernels."""
import json
import sys
import time

import numpy
import scipy.signal

rows, cols, k = (int(word) for word in sys.argv[1:4])
draw = numpy.random.default_rng(1)
x = draw.random((rows, cols), dtype=numpy.float32)
at = numpy.arange(k)
w = draw.random((k, k), dtype=numpy.float32)
if sys.argv[4] == "separable":
    w = ((1 + at[:, None]) / (2 + at[None, :])).astype(numpy.float32)
began = time.perf_counter()
y = scipy.signal.correlate2d(x, w, mode="valid")
print(json.dumps({"workload": "correlate", "seconds": time.perf_counter() - began, "check": float(y[0, 0])}))
