#!/bin/sh
# Stands in for KServe's own, which would ask a real store: "fetches" the model of a URI into a folder.
# usage: storage-initializer URI FOLDER
case $1 in
  *-missing)
    echo "RuntimeError: Failed to fetch model. No model found in $1." >&2
    exit 1
    ;;
esac
echo "$1" >"$2/model"
echo "fetched $1 to $2"
