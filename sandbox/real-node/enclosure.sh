#!/bin/sh
# The first process of the real node: in mount and process namespaces of its own, so that its mounts are nobody else's and
# the end of this process is the end of every process and mount of the node, by the kernel.
# usage: enclosure.sh FOLDER PROGRAM ARGUMENT...
set -eu
folder=$1
shift

# Read while /proc is still the machine's: the number by which others find these namespaces.
read -r number _ </proc/self/stat

# Version 1 has a tree for each controller; that of cpuset takes processes only with settings of its own, and is not needed.
while read -r cgroup; do
  [ -f "$cgroup/cpuset.sched_load_balance" ] || echo 0 >"$cgroup/daemons/cgroup.procs"
done <"$folder/footprint/cgroups"

# Folders that containerd, CNI and the kubelet insist on are the node's own. They are made in covers over the machine's, which
# nobody else sees: the machine's may not have them, or may have those of its own containerd and kubelet.
cd "$folder"
mkdir -p covers
mount -t tmpfs covers covers
for parent in run var/lib var/log; do
  mkdir -p "covers/$parent/upper" "covers/$parent/work"
  mount -c -t overlay -o "lowerdir=/$parent,upperdir=covers/$parent/upper,workdir=covers/$parent/work" cover "/$parent"
done
# Where a cover lies over this folder, too, it must not; here it is still to be had as it was.
mount -c --bind . "$folder"
for place in run/containerd run/netns var/lib/kubelet var/lib/cni var/log/containers; do
  mkdir -p "$folder/places/$place" "/$place"
  mount --bind "$folder/places/$place" "/$place"
done

mount -t proc proc /proc
# The kubelet sets these unless they are so already. It is shown that they are; the machine keeps its own.
while read -r setting value; do
  [ -e "/proc/sys/$setting" ] || continue
  mkdir -p "$folder/settings/${setting%/*}"
  echo "$value" >"$folder/settings/$setting"
  mount --bind "$folder/settings/$setting" "/proc/sys/$setting"
done <<END
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END

echo "$number" >"$folder/first-process.unfinished"
mv "$folder/first-process.unfinished" "$folder/first-process"
"$@" &
# Also collects the shims that are orphaned to it.
wait $!
