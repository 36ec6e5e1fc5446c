#!/usr/bin/env bash
# shellcheck disable=SC2154 # work and system are those of scripts/test-vagrant, which sources this
# Makes a libvirt box of a Debian system in a folder, under the name that the Vagrantfile asks for.

readonly BOX=bento/debian-13

make_box() {
  make_bootable
  make_disk "$work/disk.raw"
  mkdir "$work/box"
  qemu-img convert -O qcow2 "$work/disk.raw" "$work/box/box.img"
  rm "$work/disk.raw"
  echo '{"provider":"libvirt","format":"qcow2","virtual_size":8}' >"$work/box/metadata.json"
  # Ranks below the project's Vagrantfile, which therefore must not say what a processor is.
  cat >"$work/box/Vagrantfile" <<'RUBY'
Vagrant.configure('2') do |config|
  config.vm.boot_timeout = 600
  config.vm.provider :libvirt do |vm|
    vm.driver = 'qemu'
    vm.cpu_mode = 'custom'
    vm.cpu_model = 'qemu64'
    vm.cpu_feature name: 'cx16', policy: 'disable' # QEMU 7.2 emulates it wrongly
    vm.cpu_feature name: 'svm', policy: 'disable'
    vm.graphics_type = 'none'
    vm.video_type = 'none'
  end
end
RUBY
  tar -C "$work/box" -cf "$work/sglab.box" metadata.json Vagrantfile box.img
  rm "$work/box/box.img"
  printf '{"name":"%s","versions":[{"version":"1","providers":[{"name":"libvirt","url":"file://%s"}]}]}' \
    "$BOX" "$work/sglab.box" >"$work/catalog.json"
  vagrant box add --no-tty "$work/catalog.json"
}

# A user for vagrant, a name, a card with DHCP, and the loader's configuration; what only the chroot needed goes.
make_bootable() {
  rm -rf "$system/usr/sbin/policy-rc.d" "$system/etc/resolv.conf" "$system/vagrant" "$system"/var/cache/apt/archives/*.deb
  echo box >"$system/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 box\n' >"$system/etc/hosts"
  ln -s ../run/systemd/resolve/stub-resolv.conf "$system/etc/resolv.conf"
  printf '[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n' >"$system/etc/systemd/network/10-eth0.network"
  chroot "$system" systemctl -q enable systemd-networkd systemd-resolved ssh
  chroot "$system" systemctl -q mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer
  chroot "$system" useradd -m -s /bin/bash vagrant
  echo 'vagrant ALL=(ALL) NOPASSWD:ALL' >"$system/etc/sudoers.d/vagrant"
  chmod 440 "$system/etc/sudoers.d/vagrant"
  install -d -m 700 "$system/home/vagrant/.ssh"
  install -m 600 "$(dpkg -L vagrant | grep '/keys/vagrant.pub$')" "$system/home/vagrant/.ssh/authorized_keys"
  chroot "$system" chown -R vagrant:vagrant /home/vagrant
  echo 'LABEL=root / ext4 errors=remount-ro,noatime 0 1' >"$system/etc/fstab"
  mkdir -p "$system/boot/extlinux"
  cat >"$system/boot/extlinux/extlinux.conf" <<'CONF'
DEFAULT linux
PROMPT 0
TIMEOUT 1
LABEL linux
  LINUX /vmlinuz
  INITRD /initrd.img
  APPEND root=LABEL=root ro console=tty0 console=ttyS0 net.ifnames=0 panic=5
CONF
}

# make_disk FILE: one partition, with extlinux.
make_disk() {
  local device
  truncate -s 8G "$1"
  printf 'label: dos\nstart=2048, type=83, bootable\n' | sfdisk -q "$1"
  mkfs.ext4 -q -F -L root -O '^64bit,^metadata_csum' -E offset=1048576,lazy_itable_init=1,root_owner=0:0 -d "$system" "$1" 8190M
  mkdir "$work/mount"
  device=$(losetup -f --show -o 1048576 "$1")
  mount "$device" "$work/mount"
  extlinux --install "$work/mount/boot/extlinux"
  umount "$work/mount"
  losetup -d "$device"
  dd if=/usr/lib/syslinux/mbr/mbr.bin of="$1" bs=440 count=1 conv=notrunc status=none
}
