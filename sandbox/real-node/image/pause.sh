#!/bin/sh
# Holds a pod's namespaces, and nothing else, until it is told to end.
trap exit TERM INT
while :; do
  sleep 3600 &
  wait $!
done
