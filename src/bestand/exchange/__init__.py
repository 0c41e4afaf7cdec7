"""In and out: cases from the files of other programs, and cases, graphs, tables and evidence in files that other programs open."""
