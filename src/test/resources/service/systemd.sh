#!/bin/bash
# A real systemd as process 1, in namespaces of its own and on a root of its own: a tmpfs with this machine's /usr, read only.
# Nothing of the machine's root is in sight of it; it ends with the steps, and all that it had mounted with it.
#
#   systemd.sh can             exit status 0 where this machine can do that: Linux, root, cgroup 2, systemd, a JDK below /usr
#   systemd.sh run DIST OUT    DIST is an installed tree; OUT/steps.sh is run by it as root; OUT/seen and OUT/said are what that printed
set -euo pipefail
manager=/usr/lib/systemd/systemd

cgroups() { # the writable root of version 2
  for place in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    [ "$(stat -f -c %T $place 2>/dev/null)" = cgroup2fs ] && [ -w $place/cgroup.procs ] && { echo $place; return; }
  done
  return 1
}

case $1 in
  can)
    [ "$(id -u)" = 0 ] && [ -x $manager ] && command -v unshare setpriv pivot_root >/dev/null && ls -d /usr/lib/jvm/*25* >/dev/null && cgroups >/dev/null &&
      unshare --mount --pid --fork --uts --ipc --net --cgroup --propagation private true
    exit
    ;;
  run)
    dist=$(readlink -f "$2") out=$(readlink -f "$3")
    root=$(mktemp -d "${TMPDIR:-/tmp}/sovereign-systemd.XXXXXX")
    group=$(cgroups)/${root##*/}
    mkdir "$group"
    trap 'find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; rmdir "$root"' EXIT
    (
      echo $BASHPID >"$group/cgroup.procs"
      exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup --propagation private bash "$0" inside "$dist" "$out" "$root"
    )
    exit
    ;;
esac

# --- inside the namespaces
dist=$2 out=$3 root=$4
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p usr etc/systemd/system proc sys/fs/cgroup dev run tmp var/lib var/tmp var/log home root opt/sovereign out old
mount --bind /usr usr
mount -o remount,bind,ro,nosuid usr
mount -t tmpfs tmpfs usr/lib/systemd/system # none of the machine's own units
for link in bin sbin lib lib64; do ln -s usr/$link $link; done
mount --bind "$dist" opt/sovereign
mount -o remount,bind,ro opt/sovereign
mount --bind "$out" out
for file in passwd group nsswitch.conf ld.so.cache os-release; do [ ! -e /etc/$file ] || cp -L /etc/$file etc/; done
[ ! -d /etc/alternatives ] || cp -a /etc/alternatives etc/
head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >etc/machine-id
mount -t proc -o nosuid,nodev,noexec proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom; do touch dev/$node && mount --bind /dev/$node dev/$node; done
mkdir dev/pts dev/mqueue dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t mqueue mqueue dev/mqueue
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for std in 0:stdin 1:stdout 2:stderr; do ln -s fd/${std%:*} dev/${std#*:}; done
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
ln -s ../run var/run
# the targets that units have to do with, without what a real system puts into them
for target in sysinit basic sockets shutdown multi-user; do printf '[Unit]\nDefaultDependencies=no\n' >etc/systemd/system/$target.target; done
cat >etc/systemd/system/steps.service <<'UNIT'
[Unit]
DefaultDependencies=no
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
TimeoutStartSec=120
StandardOutput=file:/out/seen
StandardError=file:/out/said
ExecStart=/bin/sh /out/steps.sh
UNIT
printf '[Unit]\nDefaultDependencies=no\nRequires=steps.service\n' >etc/systemd/system/steps.target
pivot_root . old
cd /
umount -l /old
rmdir /old
# nothing of the machine may be left in sight
if [ $$ != 1 ] || [ "$(stat -f -c %T /)" != tmpfs ] || [ -e /boot ]; then
  echo "not on a root of its own" >&2
  exit 1
fi
exec env -i container=sovereign PATH=/usr/sbin:/usr/bin TERM=dumb $manager --system --unit=steps.target --log-target=console --show-status=no
