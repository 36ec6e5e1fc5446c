#!/usr/bin/env bash
# What `vagrant up`, or Lima (docs/lima.yaml), runs in its VM, as root: sglab in /opt/sglab and on the PATH. To run it again (`vagrant provision`) brings
# the VM up to the host's state of the project, and takes seconds where nothing changed.
#
# The project is copied, because a folder shared with another system has that system's node_modules, or none that npm could
# write. What is installed, and how, is what scripts/sglab would do by itself with the first command.
set -euo pipefail

readonly source=${SGLAB_SOURCE:-/vagrant}
root=/opt/sglab

# Nothing is touched that is there already with the same content: its date would make the build stale.
copy_project() {
  command -v rsync >/dev/null || install_rsync
  rsync -rlp --checksum --delete --chmod=go-w --exclude=/.git --exclude=/.setup --exclude=/dist --exclude=node_modules \
    --exclude=/.vagrant "$source/" "$root/"
}

install_rsync() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -y update && apt-get -q -y install --no-install-recommends rsync
} </dev/null >/dev/null

# A VM forwards a port to an address of its network card; what sglab serves listens on loopback.
# forward NAME PORT WHAT: for the first lab, whose port is PORT; Vagrant forwards the one 10000 above it.
forward() {
  local unit=/etc/systemd/system/sglab-$1
  write "$unit.socket" <<UNIT
[Unit]
Description=$3 of sglab's first lab, for the port that Vagrant forwards

[Socket]
ListenStream=0.0.0.0:$((10000 + $2))

[Install]
WantedBy=sockets.target
UNIT
  write "$unit.service" <<UNIT
[Unit]
Description=$3 of sglab's first lab, for the port that Vagrant forwards

[Service]
ExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:$2
DynamicUser=yes
UNIT
  systemctl --quiet enable "sglab-$1.socket"
  ! booted || systemctl restart "sglab-$1.socket"
}

booted() { [[ -d /run/systemd/system ]]; }

# write FILE: from standard input, and only what differs.
write() {
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

say_what_to_try() {
  write /etc/motd <<MOTD

sglab: AWS security groups on this VM's kernel. Four commands to try:

  sudo sglab run $source/scenarios/securecart-web.yaml    real packets, and a cause for every verdict
  sudo sglab up $source/scenarios/securecart-web.yaml     a lab that stays: \`sudo sglab shell\` looks around in it
  sudo sglab console                                       that lab as a page for the browser of your own computer: open the URL
  sudo sglab learn                                         lessons: repair a lab, and let packets decide whether the repair holds

MOTD
}

mkdir -p /etc/bash_completion.d
copy_project
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"
set_up_packages "${LAB_TOOLS[@]}" curl:curl /usr/share/bash-completion/bash_completion:bash-completion
set_up_build || die 'the build failed' "log: $state/build.log"
set_up_console || die "the console's page could not be built" "log: $state/console.log"
ln -sfn "$root/scripts/sglab" /usr/local/bin/sglab
forward endpoint 4580 'EC2 API'
forward console 4680 Console
say_what_to_try
sglab completion bash | write /etc/bash_completion.d/sglab
! booted || sglab doctor
echo "sglab is ready, with Node.js $("$node" --version)"
