#!/bin/bash
# Two machines' memory as Prometheus has it in the end: pgtag export, a node_exporter for
# each, and a Prometheus that scrapes both and knows the rules. Skipped where these are
# not installed.

. "$(dirname "$0")/lib.sh" || exit

for program in prometheus promtool prometheus-node-exporter; do
	if ! command -v $program >/dev/null; then
		echo "ok 1 - Prometheus returns what was exported # SKIP no $program"
		echo 1..1
		exit
	fi
done
pids=()
trap 'kill "${pids[@]}"; wait; rm -rf "$tmp"' EXIT

base=$((20000 + $$ % 20000))
server=http://127.0.0.1:$base

# machine N FILE: a node_exporter with what this allocinfo gives.
machine() {
	mkdir -p "$tmp/$1"
	"$PGTAG" export --prometheus --top 5 -i "$2" -o "$tmp/$1/pgtag.prom"
	prometheus-node-exporter --collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$tmp/$1" \
		--web.listen-address="127.0.0.1:$((base + $1))" >"$tmp/$1.log" 2>&1 &
	pids+=($!)
}

machine 1 data/lines-6.12
machine 2 data/paths
start_prometheus "127.0.0.1:$((base + 1))" "127.0.0.1:$((base + 2))"
pids+=($!)

total() {
	awk 'NR > 2 && !/kind:/ { s += $1 } END { print s }' "$1"
}
answers "sum by (instance) (pgtag_site_bytes)" \
	"$((base + 1)).* $(total data/lines-6.12) @" "the sum of all sites, of one machine"
answers "sum by (instance) (pgtag_module_bytes)" \
	"$((base + 2)).* $(total data/paths) @" "of all modules, of another"
answers 'pgtag_site_bytes{function="zs_malloc"}' 'site="zs_malloc\+0x180".* 62914560 @' \
	"a site"
answers "node_textfile_scrape_error == 0" "$((base + 2))" "node_exporter found no fault"

# What the dashboard asks for can be asked.
/usr/bin/python3 - ../../contrib/grafana/pgtag.json >"$tmp/asked" <<'EOF'
import json, sys
for panel in json.load(open(sys.argv[1]))["panels"]:
    for target in panel["targets"]:
        print(target["expr"].replace("$instance", ".*"))
EOF
while read -r expression; do
	answers "$expression" '=> ' "the dashboard's: $expression"
done <"$tmp/asked"
done_testing
