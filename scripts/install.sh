#!/usr/bin/env bash
# The slow half of scripts/setup.sh, read only when something is missing: Debian packages, Node.js, npm packages.
# Everything here runs under the set-up lock and says on stderr what it installs and why.
: "${root:?}" "${state:?}" "${build_stamp:?}" "${modules_stamp:?}" "${lock:?}"

# --- apt ---

# Runs apt-get unattended, its output in the log. The lock is not handed on: a service that a package starts would keep it.
apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
    apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$state/apt.log" 2>&1 {lock}>&-
}

refresh_package_lists() {
  [[ -z ${lists_refreshed:-} ]] || return 0
  say 'refreshing the package lists (apt-get update)'
  dpkg --configure -a </dev/null >>"$state/apt.log" 2>&1 {lock}>&- || true # an installation may have been interrupted
  apt update || say 'apt-get update failed; trying with the lists that are there'
  lists_refreshed=yes
}

install_packages() {
  is_root || ask_for_root "$@"
  command -v apt-get >/dev/null || die "these are missing, and there is no apt-get here: $*" 'install them in the way of your distribution'
  refresh_package_lists
  say_packages "$@"
  apt install --no-install-recommends "$@" && return
  show_log apt.log
  die "could not install: $*" "log: $state/apt.log" "by hand: sudo apt-get install -y $*"
}

# What each package is for, as a person would want to know before it is installed.
purpose() {
  case $1 in
    nftables | iproute2 | conntrack | util-linux | kmod) echo 'for labs' ;;
    tcpdump | iputils-ping) echo 'for looking into labs' ;;
    make | g++ | python3 | libpcap-dev) echo "for compiling npm's packet modules" ;;
    nodejs | npm) echo 'for sglab itself' ;;
    curl | ca-certificates) echo 'for downloads' ;;
    *) echo 'for the tests' ;;
  esac
}

say_packages() {
  local package purpose
  local -A groups=()
  for package; do groups[$(purpose "$package")]+=" $package"; done
  say 'installing Debian packages with apt'
  for purpose in "${!groups[@]}"; do printf '       %s:%s\n' "$purpose" "${groups[$purpose]}" >&2; done
}

# Names everything at once, not only what this step is about.
ask_for_root() {
  local packages
  missing "${LAB_TOOLS[@]}" "${BUILD_TOOLS[@]}"
  # shellcheck disable=SC2154 # `missing` sets it
  packages=$(printf '%s\n' "$@" "${lacking[@]}" | sort -u | tr '\n' ' ')
  die "packages are missing, and installing them needs root: ${packages% }" \
    "sudo apt-get install -y ${packages% }" "or let sglab do it: sudo $root/scripts/sglab --help"
}

# --- Node.js ---

# at_least MAJOR.MINOR VERSION: what is no version is not new enough.
at_least() {
  [[ $2 =~ ^v?([0-9]+)\.([0-9]+) ]] || return 1
  local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  ((major > ${1%.*} || (major == ${1%.*} && minor >= ${1#*.})))
}

# Sets `node` to a Node.js that is new enough and has npm beside it or on the PATH.
find_node() {
  local candidate
  while IFS= read -r candidate; do
    [[ -x $candidate ]] || continue
    [[ -x ${candidate%/*}/npm ]] || command -v npm >/dev/null || continue
    if at_least "$NODE_MINIMUM" "$("$candidate" --version 2>/dev/null)"; then
      node=$candidate
      return 0
    fi
  done < <(type -ap node || true; printf '%s\n' "$state/node/bin/node")
  return 1
}

# The version that apt would install, without epoch and Debian revision.
apt_node_version() {
  local version
  version=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: *//p')
  version=${version#*:}
  printf '%s' "${version%%[-+~]*}"
}

install_node() {
  local offered=''
  if command -v apt-get >/dev/null; then
    if is_root; then refresh_package_lists; fi
    offered=$(apt_node_version)
  fi
  if at_least "$NODE_MINIMUM" "$offered"; then
    install_packages nodejs npm
  else
    download_node "${offered:-none}"
  fi
  find_node || die "Node.js >= $NODE_MINIMUM is still not to be found after installing it" "log: $state/apt.log, $state/node.log"
}

# Debian 12 and Ubuntu 24.04 have Node.js 18: the official build goes into the checkout, the system stays as it is.
download_node() {
  local base=$NODE_MIRROR/latest-$NODE_LINE
  missing curl:curl /etc/ssl/certs/ca-certificates.crt:ca-certificates
  ((${#lacking[@]} == 0)) || install_packages "${lacking[@]}"
  say "Node.js >= $NODE_MINIMUM is needed and apt offers $1: downloading the latest $NODE_LINE from $base into ${state#"$root"/}/node"
  if ! fetch_node "$base" >"$state/node.log" 2>&1; then
    show_log node.log
    die "could not download Node.js from $base (another place: SGLAB_NODE_MIRROR)" \
      "or install Node.js >= $NODE_MINIMUM yourself, for example:" \
      'curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs'
  fi
}

# Called as a condition, where `set -e` is off: every step says by itself what follows from its failure.
fetch_node() {
  local archive work=$state/node.new
  rm -rf "$work" && mkdir "$work" || return
  curl -fsSL --retry 2 -o "$work/sums" "$1/SHASUMS256.txt" || return
  archive=$(grep -o "node-v[0-9.]*-linux-$(node_architecture)\.tar\.gz" "$work/sums") || return
  curl -fsSL --retry 2 -o "$work/$archive" "$1/$archive" || return
  (cd "$work" && grep -F " $archive" sums | sha256sum -c -) || return
  mkdir "$work/tree" && tar -xzf "$work/$archive" -C "$work/tree" --strip-components=1 --no-same-owner || return
  rm -rf "$state/node" && mv "$work/tree" "$state/node" && rm -rf "$work"
}

node_architecture() {
  case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# --- npm packages ---

# Native modules are compiled against Node's headers; where they are installed, npm need not download them.
headers_prefix() {
  local prefix=${node%/bin/node} major
  major=$("$node" -p 'process.versions.node.split(".")[0]')
  grep -qs "define NODE_MAJOR_VERSION $major\$" "$prefix/include/node/node_version.h" && printf '%s' "$prefix"
}

install_modules() {
  local headers
  if headers=$(headers_prefix); then export npm_config_nodedir=$headers; fi
  say "installing npm packages (npm ci, about half a minute), with Node.js $("$node" --version) from ${node%/*}"
  if ! npm_ci >"$state/npm.log" 2>&1; then
    show_log npm.log
    die 'npm ci failed' "log: $state/npm.log"
  fi
  rm -f "$build_stamp" # the compiler may be another one
  modules_key "$node" >"$modules_stamp"
}

# The packages are loaded once, because npm can be told to skip the compiling and calls that a success.
npm_ci() (
  cd "$root" || return
  with_node npm ci --include=dev --include=optional --ignore-scripts=false --no-audit --no-fund </dev/null &&
    "$node" -e 'for (const name of ["koffi", "pcap", "raw-socket"]) require(name)' </dev/null
)

# What the console's page is made of. It is kept apart, so that nobody waits for it who opens no page.
install_console_modules() {
  say "installing the npm packages of the console's page (npm ci, about a quarter of a minute)"
  if ! (cd "$console" && with_node npm ci --include=dev --no-audit --no-fund </dev/null) >"$state/console-npm.log" 2>&1; then
    show_log console-npm.log
    die 'npm ci failed in src/console' "log: $state/console-npm.log"
  fi
  cksum <"$console/package-lock.json" >"$console_modules_stamp"
}
