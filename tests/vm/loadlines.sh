# shellcheck shell=dash
# pgtag lines --load: the module prints what the command has found out.
# vm: cli=yes timeout=600
# vm: kernels=newest
. ./lib.sh

CACHE=/debian/tmp/cache/pgtag/lines-1

lines() {
	in_debian env XDG_CACHE_HOME=/tmp/cache /tests/pgtag lines "$@" 2>/tmp/err
}

# build_id FILE: the note has the owner's size, the id's, a type, and the owner: GNU.
build_id() {
	od -An -v -tx1 "$1" | tr -d ' \n' |
		sed 's/.*040000001400000003000000474e5500\(.\{40\}\).*/\1/'
}

# known MODULE: say of all its sites, as in a cache, that they are on some line.
known() {
	awk -v module="$1" 'NR > 2 && index($3, "+0x") &&
		(module ? $4 == "[" module "]" : $4 ~ /^func:/) {
			split($3, part, "+")
			printf "%s %s mm/%s.c:%d:%s_inlined\n", part[1], part[2], part[1], NR, part[1]
		}' $PGTAG/allocinfo
}

load_helper
load
helper alloc alloc_pages 3 0
mkdir -p $CACHE
known "" >$CACHE/"$(build_id /sys/kernel/notes)"
known pgtag_test >$CACHE/"$(build_id /sys/module/pgtag_test/notes/.note.gnu.build-id)"
before=$(grep -c '+0x' $PGTAG/allocinfo)
like "$(lines)" 'mm/pgtag_test_alloc_pages\.c:[0-9]+ \[pgtag_test\] func:pgtag_test_alloc_pages_inlined' \
	"what is in the cache is shown"
like "$(lines --load)" '^[0-9]+ lines loaded$' "and loaded"
like "$(cat $PGTAG/allocinfo)" \
	"^ +$((3 * PAGE))"' +3 mm/pgtag_test_alloc_pages\.c:[0-9]+ \[pgtag_test\] func:pgtag_test_alloc_pages_inlined' \
	"the module shows it"
at_least "$before" 10 "there are sites"
at_least "$(grep -c ' mm/.*_inlined' $PGTAG/allocinfo)" $((before * 3 / 4)) "with their lines"
like "$(lines --load)" '^[0-9]+ lines loaded$' "another time"
at_least "$(grep -c ' mm/.*_inlined' $PGTAG/allocinfo)" $((before * 3 / 4)) "they are there still"
unload
like "$(lines --load; cat /tmp/err)" 'pgtag/lines: No such file' "without the module that is told"
done_testing
