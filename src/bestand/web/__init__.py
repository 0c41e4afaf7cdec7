"""The workbench: one case, read, built and asked in a browser on this machine; the page adds no truth of its own."""
