#!/bin/sh
# Puts the machine back as it was before the real node of which this folder tells. Harmless when there is nothing (any more)
# to put back, so it is run after every end, by whoever is left to run it. Its mounts need nothing: they ended with it.
cd "$(dirname "$0")" || exit 1
[ -f footprint/busybox ] || exit 0
read -r busybox <footprint/busybox

living() {
  "$busybox" find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null
}

while read -r cgroup; do
  [ -d "$cgroup" ] || continue
  tries=0
  while [ -n "$(living "$cgroup")" ] && [ $tries -lt 100 ]; do
    for one in $(living "$cgroup"); do kill -9 "$one" 2>/dev/null; done
    "$busybox" usleep 50000
    tries=$((tries + 1))
  done
  "$busybox" find "$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null
done <footprint/cgroups

# The controllers that the machine did not hand down before: runc hands down all there are. What others need by now stays.
while read -r controller; do
  echo "-$controller" >/sys/fs/cgroup/cgroup.subtree_control
done 2>/dev/null <footprint/kept

# The kernel takes a pod's interface away some time after the pod; whoever waits for us is to find it gone.
read -r bridge <footprint/bridge
for port in "/sys/class/net/$bridge/brif"/*; do
  [ ! -e "$port" ] || "$busybox" ip link delete "$(basename "$port")" 2>/dev/null
done
[ ! -d "/sys/class/net/$bridge" ] || "$busybox" ip link delete "$bridge"

rm -rf footprint
