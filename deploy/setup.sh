# What ./run and ./test share: packages, build, and how to say what is going on.
# Sourced from the top of the tree.

say() { if [ -t 1 ]; then printf '\033[1m==>\033[0m %s\n' "$*"; else echo "==> $*"; fi; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# missing_packages KIND...: the packages of those kinds in packages.txt that are not installed.
missing_packages() {
  local kind name
  while read -r kind name; do
    case " $* " in *" $kind "*) ;; *) continue ;; esac
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || echo "$name"
  done < <(grep -v '^#' packages.txt)
}

# install_packages yes|no KIND...: installs what is missing, or only lists it and stops.
install_packages() {
  local install=$1 missing as_root=
  shift
  command -v dpkg-query >/dev/null || fail "this needs Debian 12 (or a system with its packages)"
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$install" = no ]; then
    printf 'missing packages:\n%s\n' "$(sed 's/^/  /' <<<"$missing")"
    echo "install them with: apt-get install --no-install-recommends" $missing
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo; install these first:" $missing
    as_root=sudo
  fi
  say "installing packages:" $missing
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
}

# configuration [MESON OPTION...]: all that decides what `meson setup` makes of a build folder.
configuration() {
  local compiler=${CC:-cc}
  echo "options: $*"
  echo "tree: $PWD"
  echo "compiler: $compiler, $($compiler --version 2>/dev/null | head -n 1)"
  echo "meson: $(meson --version)"
  cat meson.build meson_options.txt | cksum
}

# configure DIR [MESON OPTION...]: `meson setup`. If it fails, it says why and leaves nothing behind.
configure() {
  local dir=$1 log status=0
  shift
  say "configuring $dir"
  log=$(mktemp)
  meson setup "$dir" "$@" >"$log" 2>&1 || status=$?
  if [ $status = 0 ]; then configuration "$@" >"$dir/configuration"; else rm -rf "$dir"; cat "$log" >&2; fi
  rm -f "$log"
  return $status
}

# is_current DIR [MESON OPTION...]: whether DIR was configured to the end, by this checkout, with this
# compiler and these options, and can still be brought up to date.
is_current() {
  local dir=$1
  shift
  [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/configuration" 2>/dev/null)" = "$(configuration "$@")" ] &&
    ninja -C "$dir" build.ninja >/dev/null 2>&1
}

# build DIR TARGET [MESON OPTION...]: configures what is not configured so, compiles, shows ninja's
# progress. A folder that cannot be configured anew stays as it was.
build() {
  local dir=$1 target=$2
  shift 2
  if ! is_current "$dir" "$@"; then
    rm -rf "$dir.old"
    if [ -e "$dir" ]; then
      say "$dir is unfinished, or of another checkout, compiler or options: making it again"
      mv "$dir" "$dir.old"
    fi
    if ! configure "$dir" "$@"; then
      [ ! -e "$dir.old" ] || mv "$dir.old" "$dir"
      fail "meson setup failed"
    fi
    rm -rf "$dir.old"
  fi
  say "building $dir"
  if [ -t 1 ]; then ninja -C "$dir" "$target"; else ninja -C "$dir" --quiet "$target"; fi
}
