"""One folder per family, one file per component; the catalog finds them by walking."""
