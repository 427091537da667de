#!/usr/bin/env bash
# The whole product with plain curl, against a running `npm start`:
# two people sign in, one books and pays a group class, the other joins it with the code.
#
#   examples/book-a-class.sh [BASE_URL]
#
# Prints the access code and the Meet link, each on a line of its own; what happens on the way goes to standard error.
# Exits with 1 and a reason as soon as anything is not as promised. Can be run again and again: it only moves the sandbox's clock forward.
set -euo pipefail

BASE_URL=${1:-${BASE_URL:-http://localhost:3000}}
BASE_URL=${BASE_URL%/}
HOST_EMAIL=sofia.pereyra@correo.test
GUEST_EMAIL=mateo.quiroga@correo.test
WAIT_SECONDS=30

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "$*" >&2; }
fail() { echo "No salió como se prometió: $*" >&2; exit 1; }

# field NAME < json: the first value of that name, as text.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

# request METHOD PATH JAR [BODY] → the body; the status is left in $work/status.
request() {
  local method=$1 path=$2 jar=$3 body=${4-}
  local arguments=(-sS -m 20 -X "$method" -b "$jar" -c "$jar" -o "$work/body" -w '%{http_code}')
  [ -n "$body" ] && arguments+=(-H 'content-type: application/json' --data "$body")
  curl "${arguments[@]}" "$BASE_URL$path" > "$work/status" || fail "$method $path no respondió"
  cat "$work/body"
}
status() { cat "$work/status"; }

# follow JAR URL [curl options…] → the redirect's target.
follow() {
  local jar=$1 url=$2
  shift 2
  curl -sS -m 20 -b "$jar" -c "$jar" -o "$work/page" -w '%{redirect_url}' "$@" "$url"
}

sign_in() {
  local email=$1 jar=$2 google target request_id
  target=$(follow "$jar" "$BASE_URL/api/auth/login" --data-urlencode 'callbackUrl=/inicio')
  [ -n "$target" ] || fail "el ingreso no lleva a Google"
  google=$(echo "$target" | sed -E 's#^(https?://[^/]+).*#\1#')
  follow "$jar" "$target" > /dev/null
  request_id=$(grep -o 'name="request" value="[^"]*"' "$work/page" | head -n 1 | cut -d'"' -f4)
  [ -n "$request_id" ] || fail "Google no muestra el selector de cuentas"
  target=$(follow "$jar" "$google/signin/account" --data-urlencode "request=$request_id" --data-urlencode "email=$email")
  case $target in
    "$BASE_URL"/*) ;;
    *) target=$(follow "$jar" "$google/signin/consent" --data-urlencode "request=$request_id" -d decision=allow) ;;
  esac
  target=$(follow "$jar" "$target")
  [ "$target" = "$BASE_URL/inicio" ] || fail "el ingreso de $email terminó en '$target'"
  request GET /api/auth/session "$jar" | grep -q "$email" || fail "$email no quedó con la sesión iniciada"
}

health=$(curl -sS -m 10 "$BASE_URL/healthz") || fail "no hay nada en $BASE_URL; iniciá el producto con npm start"
hub=$(echo "$health" | field sandbox)
case $hub in http*) ;; *) fail "el producto corre sin el entorno de prueba" ;; esac

host="$work/host.jar"
guest="$work/guest.jar"
say "1. Ingresan $HOST_EMAIL y $GUEST_EMAIL"
sign_in "$HOST_EMAIL" "$host"
sign_in "$GUEST_EMAIL" "$guest"

say "2. Busca un turno libre"
slot=$(request GET /api/availability "$host" | tr '{' '\n' | grep '"state":"free"' | head -n 1 || true)
[ -n "$slot" ] || fail "no hay turnos libres en los próximos siete días"
start=$(echo "$slot" | field start)
end=$(echo "$slot" | field end)
say "   $start"

say "3. Reserva una clase grupal para 3 y empieza el pago"
checkout=$(request POST /api/checkout "$host" "{\"start\":\"$start\",\"end\":\"$end\",\"isGroupClass\":true,\"studentsCount\":3,\"text\":\"Pedir en un restaurante\",\"price\":36000}")
[ "$(status)" = 200 ] || fail "reservar respondió $(status): $checkout"
class=$(echo "$checkout" | field classId)
preference=$(echo "$checkout" | field preferenceId)
pay_at=$(echo "$checkout" | field initPoint)

say "4. Paga en Mercado Pago con la tarjeta de prueba aprobada"
mercado_pago=$(echo "$pay_at" | sed -E 's#^(https?://[^/]+).*#\1#')
curl -sS -m 20 -o /dev/null "$pay_at"
paid=$(curl -sS -m 20 -o /dev/null -w '%{http_code}' --data-urlencode "pref_id=$preference" -d holder=APRO "$mercado_pago/checkout/v1/pay")
[ "$paid" = 303 ] || fail "el pago respondió $paid"

say "5. Espera la confirmación"
confirmed=
for _ in $(seq 1 $((WAIT_SECONDS * 2))); do
  payment=$(request GET "/api/payments/$preference" "$host")
  if [ "$(echo "$payment" | field classStatus)" = scheduled ]; then confirmed=yes; break; fi
  sleep 0.5
done
[ -n "$confirmed" ] || fail "la clase no quedó confirmada en $WAIT_SECONDS segundos: $payment"
code=$(request GET /api/my-classes "$host" | tr '{' '\n' | grep "\"id\":\"$class\"" | field accessCode)
echo "$code" | grep -qE '^[A-Z0-9]{8}$' || fail "el anfitrión no tiene un código de 8 caracteres"

say "6. Antes de tiempo el código todavía no abre"
lower=$(echo "$code" | tr '[:upper:]' '[:lower:]')
request POST /api/access-code "$guest" "{\"accessCode\":\"$lower\"}" > /dev/null
[ "$(status)" = 403 ] || fail "antes de la ventana se esperaba 403 y respondió $(status)"

say "7. Adelanta el reloj del entorno de prueba hasta el comienzo de la clase"
curl -sS -m 30 -o /dev/null -H 'content-type: application/json' --data "{\"set\":\"$start\"}" "$hub/__control/clock" || fail "el reloj no se pudo mover"

say "8. El invitado entra con el código, en minúsculas"
joined=$(request POST /api/access-code "$guest" "{\"accessCode\":\" $lower \"}")
[ "$(status)" = 200 ] || fail "unirse respondió $(status): $joined"
link=$(echo "$joined" | field htmlLink)
[ "$(echo "$joined" | field currentParticipants)" = 2 ] || fail "se esperaban 2 participantes: $joined"
case $link in http*) ;; *) fail "no llegó el enlace de Meet" ;; esac
request GET /api/my-classes "$guest" | grep -q accessCode && fail "el invitado ve el código"
request GET "/api/classes/$class/join" "$host" > /dev/null
[ "$(status)" = 302 ] || fail "el anfitrión no puede entrar: $(status)"

echo "$code"
echo "$link"
