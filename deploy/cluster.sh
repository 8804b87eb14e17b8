#!/usr/bin/env bash
# cluster.sh PORT DATA [NAME=VALUE]...: starts the channel, the services of a system, and nginx in
# front; stops all of it on SIGINT or SIGTERM, or when one of them ends by itself. In the environment:
#
#   BUILD     the folder of the built channeld
#   GEN       what `tessera gen` wrote (gen); its services.txt names the services and their ports
#   PROGRAMS  the folder of the services' programs ($BUILD/services)
#   PAGES     a folder of pages that the program `web` serves, if there is one
#   HINTS     a file to print once all is ready, with @PORT@ in it, if there is one
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/setup.sh"

port=$1 data=$2
shift 2
gen=${GEN:-gen} programs=${PROGRAMS:-$BUILD/services}
services=() ports=()
while read -r word name offset; do
  [ "$word" = service ] || continue
  services+=("$name")
  ports+=($((port + offset)))
done <"$gen/services.txt"
ends=("${services[@]}") # all processes but those of channel and nginx
last=$(printf '%s\n' "${ports[@]}" | sort -n | tail -n 1)
pages_port=$((last + 1)) channel_port=$((last + 2))
[ -z "${PAGES:-}" ] || ends+=(web)
channel=127.0.0.1:$channel_port

umask 077
mkdir -p "$data"/{log,secret,nginx}
data=$(readlink -f "$data")
exec 9>"$data/lock"
flock -n 9 || fail "$data is in use by another ./run"

# A secret for the sessions, and a token for each client of the channel, `ops` for its operator;
# made at the first start.
for secret in session ops "${services[@]}"; do
  [ -s "$data/secret/$secret" ] || head -c 48 /dev/urandom | base64 -w0 >"$data/secret/$secret"
done
# Each service may do what the schema says of it, and `ops` everything.
{
  echo "ops $(cat "$data/secret/ops") admin"
  while read -r name permissions; do
    [ "${name:0:1}" = "#" ] || echo "$name $(cat "$data/secret/$name") $permissions"
  done <"$gen/permissions.txt"
} >"$data/secret/channel-clients"

for taken in "$port" "${ports[@]}" $pages_port $channel_port; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$taken") 2>/dev/null; then
    fail "port $taken is in use; choose another with --port"
  fi
done

# In a session of its own, so that a terminal's Ctrl-C comes here only, and each is stopped in its
# turn; it ends when this shell does, however that ends.
declare -A pids=()
start() {
  local name=$1
  shift
  setsid setpriv --pdeathsig TERM -- "$@" >>"$data/log/$name.log" 2>&1 9>&- &
  pids[$name]=$!
}

stop_one() {
  local name=$1 i
  [ -n "${pids[$name]:-}" ] || return 0
  kill -TERM "${pids[$name]}" 2>/dev/null || true
  for ((i = 0; i < 100; i++)); do
    kill -0 "${pids[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "${pids[$name]}" 2>/dev/null || true
  wait "${pids[$name]}" 2>/dev/null || true
  unset "pids[$name]"
}

# The front first, so that nothing new comes in; the channel last, so that all can hand over.
stop_all() {
  trap '' INT TERM
  local name
  for name in nginx "${ends[@]}" channeld; do stop_one "$name"; done
}

trap 'echo; say "stopping"; stop_all; say "stopped; everything is kept in $data"; exit 0' INT TERM
trap 'stop_all' EXIT

# wait_for NAME PORT PATH: until it answers 200, for at most 30 seconds.
wait_for() {
  local name=$1 i
  for ((i = 0; i < 300; i++)); do
    kill -0 "${pids[$name]}" 2>/dev/null ||
      { tail -n 5 "$data/log/$name.log" >&2; fail "$name ended; its log is $data/log/$name.log"; }
    case $3 in
      tcp) (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null && return 0 ;;
      *) curl -fso /dev/null "http://127.0.0.1:$2$3" && return 0 ;;
    esac
    sleep 0.1
  done
  fail "$name is not ready after 30 seconds; its log is $data/log/$name.log"
}

say "starting channeld, ${ends[*]} and nginx (logs in $data/log)"
start channeld "$BUILD/channeld" --listen "$channel" --data "$data/channel" \
  --token-file "$data/secret/channel-clients" --schema "$gen/schema.binpb"
wait_for channeld $channel_port tcp

for i in "${!services[@]}"; do
  name=${services[i]}
  args=(--listen "127.0.0.1:${ports[i]}" --data "$data/$name" --channel "$channel"
    --channel-token-file "$data/secret/$name" --secret-file "$data/secret/session" --trust-proxy
    --plain-http)
  for setting in "$@"; do
    grep -qx "setting $name ${setting%%=*}" "$gen/services.txt" && args+=(--set "$setting")
  done
  start "$name" "$programs/$name" "${args[@]}"
done
[ -z "${PAGES:-}" ] || start web "$programs/web" --listen "127.0.0.1:$pages_port" --root "$PAGES"
for i in "${!services[@]}"; do wait_for "${services[i]}" "${ports[i]}" /readyz; done
[ -z "${PAGES:-}" ] || wait_for web $pages_port /readyz

# The names of the ports are those of services.txt, and @PORT_web@ for the pages.
conf=$data/nginx/nginx.conf
places=(-e "s|@DIR@|$data/nginx|g" -e "s|@PORT@|$port|g" -e "s|@PORT_web@|$pages_port|g")
for i in "${!services[@]}"; do places+=(-e "s|@PORT_${services[i]}@|${ports[i]}|g"); done
sed "${places[@]}" "$gen/nginx.conf" >"$conf"
start nginx "$(command -v nginx || echo /usr/sbin/nginx)" -p "$data/nginx" -c "$conf" -e stderr \
  -g 'daemon off;'
wait_for nginx "$port" tcp

printf '\nReady: http://127.0.0.1:%s  (Ctrl-C stops it)\n\n' "$port"
[ -z "${HINTS:-}" ] || sed "s|@PORT@|$port|g" "$HINTS"

# wait -n ends with the first child that does, and at once on a signal.
status=0
wait -n -p ended "${pids[@]}" || status=$?
for name in "${!pids[@]}"; do
  if [ "${pids[$name]}" = "${ended:-}" ]; then
    tail -n 5 "$data/log/$name.log" >&2
    fail "$name ended with status $status; its log is $data/log/$name.log"
  fi
done
