#!/usr/bin/env bash
# A fresh Debian 12 with git and bash only: clone, `./dev run --once`, then `./dev test`. Needs root, debootstrap and a Debian
# mirror; takes about an hour on two cores, so it is run by hand and before releases, not by `./dev test`.
#   tests/fresh/fresh_debian.sh [--dir DIR] [--no-test | --setup]
# --setup stops when the tree is configured: enough to see a package that `./dev setup` forgot.
# DIR (default /var/tmp/plasa-fresh) keeps base.tar, the empty system, for the next time.
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=/var/tmp/plasa-fresh
run_tests=1
setup_only=0
while [ $# -gt 0 ]; do
  case "$1" in
    --dir) dir=$2; shift 2 ;;
    --no-test) run_tests=0; shift ;;
    --setup) setup_only=1; shift ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "fresh_debian: needs root (chroot, mount)" >&2; exit 1; }
root=$dir/root
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 debian)

release() { for point in run/netns dev/shm dev/pts dev sys proc; do umount "$root/$point" 2>/dev/null || true; done; }
trap release EXIT

mkdir -p "$dir"
if [ ! -f "$dir/base.tar" ]; then
  debootstrap --variant=minbase --include=ca-certificates,git bookworm "$dir/base" "$mirror"
  tar -C "$dir/base" -cf "$dir/base.tar" .
  rm -rf "$dir/base"
fi
release
if grep -q " $root/" /proc/mounts; then
  echo "fresh_debian: $root still has something mounted; unmount it first (grep $root /proc/mounts)" >&2
  exit 1
fi
rm -rf "$root"
mkdir -p "$root"
tar -C "$root" -xf "$dir/base.tar"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ -f /etc/ssl/certs/ca-certificates.crt ] && cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
git clone --quiet "$repo" "$root/root/plasa"

inside() {
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 bash -c "cd /root/plasa && $1"
}
if [ $setup_only = 1 ]; then
  inside './dev setup && cmake --preset release'
  exit 0
fi
started=$SECONDS
inside './dev run --once'
echo "fresh_debian: ./dev run --once took $((SECONDS - started)) s"
if [ $run_tests = 1 ]; then
  started=$SECONDS
  inside './dev test'
  echo "fresh_debian: ./dev test took $((SECONDS - started)) s"
fi
