#!/bin/bash
# boot_root.sh DIR SHARE: in namespaces of its own (systemd_boot.py makes them), boots systemd on a throw-away overlay of this
# machine's root, with nothing enabled but /check.service, which runs SHARE/check.sh and ends it all. SHARE is /share inside.
set -euo pipefail
dir=$1 share=$2 root=$1/root
mount --make-rprivate /
mount -t tmpfs -o size=1g tmpfs "$dir"
mkdir "$dir/upper" "$dir/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/share"
mount --bind "$share" "$root/share"
ip link set lo up

# Of this machine's services none may run; ours come from SHARE.
rm -rf "$root"/etc/systemd/system/*.wants "$root/var/lib/plasa" "$root/var/lib/plasa-worker" "$root/etc/plasa"
mkdir -p "$root/etc/plasa" "$root/usr/lib/sysusers.d"
cp "$share"/bin/* "$root/usr/bin/"
cp "$share"/units/*.service "$root/etc/systemd/system/"
cp "$share"/units/worker.env "$root/etc/plasa/"
cp "$share"/units/plasa.sysusers.conf "$root/usr/lib/sysusers.d/plasa.conf"
cat > "$root/etc/systemd/system/check.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/bash /share/check.sh
StandardOutput=file:/share/log
StandardError=inherit
ExecStopPost=/bin/systemctl exit
TimeoutStartSec=240
UNIT
cat > "$root/etc/systemd/system/check.target" <<'UNIT'
[Unit]
Requires=basic.target check.service
AllowIsolate=yes
UNIT
for unit in systemd-udevd systemd-udev-trigger systemd-modules-load systemd-sysctl systemd-remount-fs systemd-logind; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done

mkdir "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
exec env -i container=lxc PATH=/usr/bin:/bin:/usr/sbin:/sbin /lib/systemd/systemd --unit=check.target
