#!/usr/bin/env bash
# cluster.sh PORT DATA [NAME=VALUE]...: starts the channel, the services, and nginx in front; stops
# all of it on SIGINT or SIGTERM, or when one of them ends by itself. Run by ./run from the top of
# the tree, with the folder of the built programs in BUILD.
set -euo pipefail
. deploy/setup.sh

port=$1 data=$2
shift 2
services=(auth tickets orders web) # ports P+1 to P+4; the channel is at P+5
channel=127.0.0.1:$((port + 5))

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
  done <gen/permissions.txt
} >"$data/secret/channel-clients"

for i in 0 1 2 3 4 5; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$((port + i))") 2>/dev/null; then
    fail "port $((port + i)) is in use; choose another with --port"
  fi
done

declare -A pids=()
start() {
  local name=$1
  shift
  "$@" >>"$data/log/$name.log" 2>&1 9>&- &
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
  for name in nginx "${services[@]}" channeld; do stop_one "$name"; done
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

say "starting channeld, ${services[*]} and nginx (logs in $data/log)"
start channeld $BUILD/channeld --listen "$channel" --data "$data/channel" \
  --token-file "$data/secret/channel-clients" --schema gen/schema.binpb
wait_for channeld $((port + 5)) tcp

for i in "${!services[@]}"; do
  name=${services[i]}
  args=(--listen "127.0.0.1:$((port + 1 + i))")
  if [ "$name" = web ]; then
    args+=(--root services/web/static)
  else
    args+=(--data "$data/$name" --channel "$channel" --channel-token-file "$data/secret/$name"
      --secret-file "$data/secret/session" --trust-proxy --plain-http)
    for setting in "$@"; do
      grep -qx "setting $name ${setting%%=*}" gen/services.txt && args+=(--set "$setting")
    done
  fi
  start "$name" "$BUILD/services/$name" "${args[@]}"
done
for i in "${!services[@]}"; do wait_for "${services[i]}" $((port + 1 + i)) /readyz; done

conf=$data/nginx/nginx.conf
sed -e "s|@DIR@|$data/nginx|g" -e "s|@PORT@|$port|g" -e "s|@PORT_auth@|$((port + 1))|g" \
  -e "s|@PORT_tickets@|$((port + 2))|g" -e "s|@PORT_orders@|$((port + 3))|g" \
  -e "s|@PORT_web@|$((port + 4))|g" gen/nginx.conf >"$conf"
start nginx "$(command -v nginx || echo /usr/sbin/nginx)" -p "$data/nginx" -c "$conf" -e stderr \
  -g 'daemon off;'
wait_for nginx "$port" /

cat <<EOT

Ready: http://127.0.0.1:$port  (Ctrl-C stops it)

  curl -i -c /tmp/jar -H 'Content-Type: application/json' \\
       -d '{"email":"ann@example.com","password":"correct horse"}' http://127.0.0.1:$port/api/users/signup
  curl -i -b /tmp/jar -H 'Content-Type: application/json' \\
       -d '{"title":"Concert","price":20.50}' http://127.0.0.1:$port/api/tickets
  curl -s http://127.0.0.1:$port/api/tickets

EOT

# wait -n ends with the first child that does, and at once on a signal.
status=0
wait -n -p ended "${pids[@]}" || status=$?
for name in "${!pids[@]}"; do
  if [ "${pids[$name]}" = "${ended:-}" ]; then
    tail -n 5 "$data/log/$name.log" >&2
    fail "$name ended with status $status; its log is $data/log/$name.log"
  fi
done
