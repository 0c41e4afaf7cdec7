"""Pictures: plain functions from results to SVG, for the report, the notebook and the workbench alike."""
