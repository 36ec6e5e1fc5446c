#!/usr/bin/env bash
# shellcheck disable=SC2034 # the lists are used by those who source this
# Sourced by scripts/sglab and scripts/test: brings a checkout to the point where sglab can start, and says what it does.
#
# Every step asks first whether it is still needed, so an interrupted set-up continues where it stopped. A checkout that
# is ready costs a few milliseconds: stamps are compared, nothing is started but cksum, stat and find.
#
#   node_modules/.sglab-stamp   the Node.js it was installed with and a checksum of package-lock.json
#   dist/.stamp                 as old as the start of the build
#   src/console/node_modules/.sglab-stamp, dist/console/.stamp
#                               the same for the console's page, which is made when it is first asked for
#   .setup/                     lock, logs and, where the distribution has no new enough Node.js, a downloaded one
#
# The caller has set `root`, the checkout's absolute path; scripts/install.sh has the slow half.
: "${root:?}"

readonly EXIT_HOST=3 # as sglab's own exit code for a host that cannot do it
readonly NODE_MINIMUM=20.19
readonly NODE_LINE=v22.x # what is downloaded where apt has nothing new enough
readonly NODE_MIRROR=${SGLAB_NODE_MIRROR:-https://nodejs.org/dist}

readonly state=$root/.setup
readonly modules_stamp=$root/node_modules/.sglab-stamp
readonly build_stamp=$root/dist/.stamp
readonly console=$root/src/console
readonly console_modules_stamp=$console/node_modules/.sglab-stamp
readonly console_stamp=$root/dist/console/.stamp

# Tool and Debian package, for running labs, for compiling npm's native modules, and for the tests.
readonly LAB_TOOLS=(nft:nftables ip:iproute2 conntrack:conntrack tcpdump:tcpdump ping:iputils-ping unshare:util-linux modprobe:kmod)
readonly BUILD_TOOLS=(make:make g++:g++ python3:python3 /usr/include/pcap/pcap.h:libpcap-dev)
readonly TEST_TOOLS=('/usr/lib/postgresql/*/bin/initdb:postgresql' ncat:ncat curl:curl dig:bind9-dnsutils haproxy:haproxy
  aws:awscli /usr/lib/python3/dist-packages/boto3:python3-boto3 chromium:chromium)

# What a scenario may ask for in its head, as `# needs: postgresql curl`: real servers and clients inside its machines.
readonly SCENARIO_TOOLS=('/usr/lib/postgresql/*/bin/initdb:postgresql' curl:curl python3:python3 dig:bind9-dnsutils haproxy:haproxy)

node=''    # the Node.js to use, once it is known
lacking=() # packages, as `missing` found them

# What Debian keeps in sbin is not on the PATH of an ordinary user.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf 'sglab: %s\n' "$*" >&2; }

die() {
  say "$1"
  shift
  (($# == 0)) || printf '       %s\n' "$@" >&2
  exit "$EXIT_HOST"
}

is_root() { ((EUID == 0)); }

# --- Is it ready? No process beyond those named above. ---

# Does a tool exist? A name is looked for on the PATH; what begins with a slash is a file, possibly with a wildcard.
present() {
  case $1 in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v -- "$1" >/dev/null ;;
  esac
}

# missing TOOL:PACKAGE...: sets `lacking` to the packages of tools that are not there.
missing() {
  local entry
  lacking=()
  for entry; do present "${entry%:*}" || lacking+=("${entry##*:}"); done
}

# Prints the entries of SCENARIO_TOOLS that the files among the arguments ask for. Only the comment at the head is read.
scenario_tools() {
  local file line entry
  for file; do
    [[ -f $file && -r $file ]] || continue
    while IFS= read -r line && [[ $line == '#'* ]]; do
      [[ $line == '# needs: '* ]] || continue
      for entry in "${SCENARIO_TOOLS[@]}"; do
        [[ " ${line#'# needs: '} " != *" ${entry##*:} "* ]] || printf '%s\n' "$entry"
      done
    done <"$file"
  done
}

# What node_modules depends on, as it stands in its stamp.
modules_key() {
  printf '%s\n' "$1"
  cksum <"$root/package-lock.json"
  stat -Lc '%s %Y' -- "$1"
}

modules_current() {
  local known=''
  [[ -r $modules_stamp ]] || return 1
  IFS= read -r -d '' known <"$modules_stamp" || true # there is no NUL to be found: the whole file
  node=${known%%$'\n'*}
  [[ -x $node && ${known%$'\n'} == "$(modules_key "$node")" ]]
}

build_current() {
  [[ -e $build_stamp ]] || return 1
  # -cnewer: a file that was restored with an old date is news as well. A deleted one shows in its folder.
  [[ -z $(find "$root/src" "$root/package.json" "$root"/tsconfig*.json -path "$console" -prune -o \
    -cnewer "$build_stamp" -print -quit) ]]
}

console_modules_current() {
  [[ -r $console_modules_stamp && $(<"$console_modules_stamp") == "$(cksum <"$console/package-lock.json")" ]]
}

# The page's types come from the rest of src, but nothing of that is in it: only its own folder makes it old.
console_current() {
  [[ -e $console_stamp ]] && console_modules_current || return 1
  [[ -z $(find "$console" -path "$console/node_modules" -prune -o -type f -cnewer "$console_stamp" -print -quit) ]]
}

# --- What is missing ---

# The end of a log; of npm's the first complaints, because it ends with its whole manual.
show_log() {
  { grep -m 15 '^npm error' "$state/$1" || tail -n 15 "$state/$1"; } | sed 's/^/       | /' >&2
}

with_node() { PATH=${node%/*}:$PATH "$@"; }

# One set-up at a time per checkout. npm inherits the lock, so if this shell is killed the next one waits for npm to end.
take_lock() {
  if ! { mkdir -p "$state" && echo '*' >"$state/.gitignore" && exec {lock}>>"$state/lock"; } 2>/dev/null; then
    die "this checkout is not set up yet, and $root belongs to $(stat -c %U "$root")" "sudo $root/scripts/sglab --help"
  fi
  flock -n "$lock" || { say 'waiting for another one that is setting up this checkout'; flock "$lock"; }
  trap release_lock EXIT
}

# What root made in a checkout that belongs to a user goes back to that user.
release_lock() {
  if is_root && [[ $(stat -c %u "$root") != 0 ]]; then
    find "$state" "$root/node_modules" "$root/dist" "$console/node_modules" -user root \
      -exec chown -h --reference="$root" {} + 2>/dev/null || true # dist may not be there yet
  fi
  exec {lock}>&-
  trap - EXIT
}

# set_up_packages TOOL:PACKAGE...: everything but the build. Without root, missing tools are left to the command that
# needs them to complain about.
set_up_packages() {
  local tools=()
  if is_root; then tools=("$@"); fi
  missing "${tools[@]}"
  if ((${#lacking[@]} == 0)) && modules_current; then return; fi

  take_lock
  # shellcheck source=scripts/install.sh
  source "$root/scripts/install.sh"
  modules_current || tools+=("${BUILD_TOOLS[@]}")
  missing "${tools[@]}" # asked again: another one may have installed them while this one waited
  ((${#lacking[@]} == 0)) || install_packages "${lacking[@]}"
  modules_current || { find_node || install_node; install_modules; }
  release_lock
}

# Returns 1 when the build fails; its output has then been shown.
set_up_build() {
  local result=0
  if build_current; then return; fi
  take_lock
  build_current || build || result=1
  release_lock
  return "$result"
}

build() {
  say 'building'
  find "$root/dist" -mindepth 1 -maxdepth 1 ! -name console -exec rm -rf {} + 2>/dev/null || true # not there yet
  touch "$state/build-started"
  if ! (cd "$root" && with_node npm run --silent build </dev/null) >"$state/build.log" 2>&1; then
    show_log build.log
    return 1
  fi
  mv "$state/build-started" "$build_stamp" # keeps its date: what is edited during the build is built next time
}

# Returns 1 when the page cannot be made; the reason has then been shown.
set_up_console() {
  local result=0
  if console_current; then return; fi
  take_lock
  # shellcheck source=scripts/install.sh
  source "$root/scripts/install.sh"
  console_modules_current || install_console_modules
  console_current || build_console || result=1
  release_lock
  return "$result"
}

build_console() {
  say "building the console's page"
  touch "$state/console-started"
  if ! (cd "$root" && with_node node_modules/.bin/vite build "$console" </dev/null &&
    with_node node_modules/.bin/vite build -c "$console/vite.report.config.ts" "$console" </dev/null) >"$state/console.log" 2>&1; then
    show_log console.log
    return 1
  fi
  mv "$state/console-started" "$console_stamp"
}
