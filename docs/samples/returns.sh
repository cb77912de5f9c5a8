#!/usr/bin/env bash
# A sale, its return and the money back over the REST API, with curl; python3 only reads JSON.
#
#   RMA=http://127.0.0.1:8000/api/v1 TOKEN=... bash returns.sh [BUSINESS]
set -euo pipefail
: "${RMA:?the address of the API}" "${TOKEN:?a token}"
business=${1:-1000}
run=$(python3 -c 'import uuid; print(uuid.uuid4().hex[:8].upper())')
today=$(date -u +%F)

# call METHOD PATH [BODY] [HEADER...]: the answer; busy answers are repeated, refusals end the script.
call() {
  local method=$1 path=$2 body=${3:-} header headers=() answer
  for header in "${@:4}"; do headers+=(-H "$header"); done
  answer=$(curl -sS --fail-with-body --retry 3 -X "$method" "$RMA$path" \
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    "${headers[@]}" ${body:+-d "$body"}) || { echo "refused: $answer" >&2 && return 1; }
  printf '%s' "$answer"
}

# value EXPRESSION: of the JSON that comes in, called `it`.
value() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

# verb NAME [BODY]: a verb on the return, based on the version that we know of.
verb() {
  local body=${2:-'{}'} version
  version=$(value "it['version']" <<<"$rma")
  rma=$(call POST "/returns/$id/$1/" "$body" "If-Match: \"$version\"")
}

sale=$(call POST /sales-orders/record/ '{
  "business": "'"$business"'", "reference": "SHOP-'"$run"'", "ordered_on": "'"$today"'", "currency": "EUR",
  "customer": {"reference": "SAMPLE-BO", "name": "Bo Jansen"},
  "lines": [{"number": 1, "kind": "goods", "sku": "SAMPLE-TENT", "name": "Tent", "quantity": "3",
             "gross_unit_price": "50.00", "vat_percent": "21"}],
  "shipment": {"shipped_on": "'"$today"'"},
  "invoice": {"reference": "INV-'"$run"'", "invoiced_on": "'"$today"'"},
  "payments": [{"amount": "150.00", "paid_on": "'"$today"'", "method": "card"}]}')
echo "sale $(value "it['status'] + ', ' + it['gross'] + ' ' + it['currency']" <<<"$sale")"

asked='{"business": "'"$business"'", "customer": "SAMPLE-BO",
  "lines": [{"order_line": "'"$(value "it['lines'][0]['id']" <<<"$sale")"'", "quantity": "2"}]}'
rma=$(call POST /returns/ "$asked" "Idempotency-Key: return-$run")
again=$(call POST /returns/ "$asked" "Idempotency-Key: return-$run")
id=$(value "it['id']" <<<"$rma")
echo "return $(value "it['status']" <<<"$rma"), asked for once: $(value "it['id'] == '$id'" <<<"$again")"

verb issue
verb receive '{"lines": [{"line": 1, "quantity": "2", "disposition": "restock"}]}'
echo "goods $(value "it['goods'] + ', money ' + it['money']" <<<"$rma")"
verb credit
call GET "/credit-notes/?return_order=$id" |
  value "'credited ' + it['results'][0]['gross'] + ' ' + it['results'][0]['currency']"

# A list is walked by its `next`, which is a whole address.
walked=0 page="$RMA/returns/?limit=1&customer=SAMPLE-BO"
while [ -n "$page" ]; do
  answer=$(call GET "${page#"$RMA"}")
  walked=$((walked + $(value "len(it['results'])" <<<"$answer")))
  page=$(value "it['next'] or ''" <<<"$answer")
done
whole=$(call GET "/returns/?count=true&customer=SAMPLE-BO" | value "it['count']")
echo "walked all returns of the customer: $([ "$walked" = "$whole" ] && echo True || echo False)"
echo "told: $(call GET "/events/?record=$id" | value "' '.join(row['type'] for row in it['results'])")"
