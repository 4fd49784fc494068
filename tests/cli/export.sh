#!/bin/bash
# pgtag export: what it writes is what it was, and those for whom it is read it.

. "$(dirname "$0")/lib.sh" || exit

# have PROGRAM TEXT: is there this reader? If not, that is told.
have() {
	command -v "$1" >/dev/null && return
	ok "$2 # SKIP no $1"
	return 1
}

export_of() {
	"$PGTAG" export "$@" -i data/paths
}

exits 0 "--prometheus" export_of --prometheus
printed export.prom "metrics"
exits 0 "--openmetrics" export_of --openmetrics
printed export.openmetrics "and as the standard has them"
exits 0 "--folded" export_of --folded
printed export.folded "stacks"
exits 0 "--prometheus --top=1" export_of --prometheus --top 1
printed export-top.prom "what is beyond the limit is one"

for top in 1 3 50; do
	export_of --prometheus --top $top >"$tmp/prom"
	sums=$(awk '/^pgtag_site_bytes/ { s += $NF } /^pgtag_module_bytes/ { m += $NF }
		END { print s, m }' "$tmp/prom")
	exits 0 "--top=$top adds up" test "$sums" = "126976 126976"
	exits 0 "no series is there twice" \
		test -z "$(grep -v '^#' "$tmp/prom" | sed 's/ [^ ]*$//' | sort | uniq -d)"
done

if have promtool "promtool finds no fault"; then
	export_of --prometheus >"$tmp/prom"
	exits 0 "promtool finds no fault" sh -c "promtool check metrics <$tmp/prom"
	"$PGTAG" export --prometheus -i data/lines-6.12 >"$tmp/prom"
	exits 0 "nor with what a guest had" sh -c "promtool check metrics <$tmp/prom"
	exits 0 "nor with the rules" promtool check rules ../../contrib/prometheus/pgtag.rules.yml
	exits 0 "which alert when they should" \
		promtool test rules ../../contrib/prometheus/pgtag.rules.test.yml
fi

export_of --openmetrics >"$tmp/openmetrics"
if /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; then
	exits 0 "another reader takes OpenMetrics" /usr/bin/python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    print(family.name, family.type, family.unit, sum(s.value for s in family.samples))
' "$tmp/openmetrics"
	says out '^pgtag_site_bytes gauge bytes 126976' "with the sum that it has"
else
	ok "another reader takes OpenMetrics # SKIP no python3-prometheus-client"
fi

# protoc has read the same description, pprof has its own.
exits 0 "--pprof" export_of --pprof -o "$tmp/profile"
exits 0 "is packed, and a profile" sh -c "zcat $tmp/profile |
	protoc --decode=perftools.profiles.Profile -I ../../src/cli profile.proto |
	sed 's/pgtag [0-9.]*/pgtag VERSION/'"
printed export.pprof "field by field"
if have go "pprof reads it"; then
	exits 0 "pprof reads it" go tool pprof -raw "$tmp/profile"
	says out '^ +16 +65536: [0-9]+ [0-9]+ [0-9]+ [0-9]+' "a sample with its path"
	exits 0 "and sums it up" go tool pprof -top -unit=B "$tmp/profile"
	says out '^ +65536B .*zs_malloc$' "by function"
fi

# A file is there as a whole, or as it was.
echo old >"$tmp/out.prom"
exits 3 "what is no allocinfo" "$PGTAG" export --prometheus -i lib.sh -o "$tmp/out.prom"
exits 0 "leaves what was there" grep -qx old "$tmp/out.prom"
exits 0 "-o" export_of --prometheus -o "$tmp/out.prom"
exits 0 "writes what is printed else" cmp "$tmp/out.prom" golden/export.prom
exits 0 "for all to read" test "$(stat -c %a "$tmp/out.prom")" = "$(printf '%o' $((0666 & ~0$(umask))))"
exits 0 "and leaves nothing else there" test "$(echo "$tmp"/out.prom*)" = "$tmp/out.prom"
exits 5 "no such directory" export_of --prometheus -o "$tmp/none/out.prom"
mkdir "$tmp/directory"
exits 5 "what is there is a directory" export_of --prometheus -o "$tmp/directory"
exits 0 "leaves nothing either" test "$(echo "$tmp"/directory*)" = "$tmp/directory"
ln -s /dev/null "$tmp/device"
exits 5 "what is there is a device" export_of --prometheus -o "$tmp/device"
exits 0 "stays one" test -c "$tmp/device"

exits 2 "no form" export_of
exits 2 "two forms" export_of --pprof --folded
exits 2 "--top=0" export_of --prometheus --top=0
exits 2 "lines of metrics" export_of --prometheus --lines
done_testing
