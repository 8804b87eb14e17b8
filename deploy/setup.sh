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

# build DIR TARGET [MESON OPTION...]: configures once, compiles, shows ninja's progress.
build() {
  local dir=$1 target=$2
  shift 2
  if [ ! -f "$dir/build.ninja" ]; then
    say "configuring $dir"
    meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; fail "meson setup failed"; }
    rm -f "$dir.log"
  fi
  say "building $dir"
  if [ -t 1 ]; then ninja -C "$dir" "$target"; else ninja -C "$dir" --quiet "$target"; fi
}
