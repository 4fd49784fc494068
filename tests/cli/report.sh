#!/bin/bash
# pgtag report: a leak and caches in a recording.

. ./lib.sh

# frame N SED: the N-th snapshot, ten seconds after the one before, changed.
frame() {
	zcat data/6.12.recording | sed -e "s/^1764153600$/$((1764153600 + $1 * 10))/" -e "$2" |
		gzip -n
}

# of KEY BYTES CALLS LINE: a line of the same length, for the frame has its length.
growing() {
	printf 's/^ *[0-9]* *[0-9]* %s/%12d %8d %s/' "$1" "$2" $(($2 / 4096)) "$1"
}

for n in 0 1 2 3 4 5; do
	frame $n "$(growing pipe_write $((8192 + n * 409600)))
		$(growing copy_process $((98304 + n % 2 * 409600)))
		$(growing pgd_alloc $((40960 + n * 4096 * (n < 5 ? 20 : 1))))"
done >"$tmp/recording"
# The last one is after caches were dropped.
zcat "$tmp/recording" | awk '
	/^pgtag frame/ { n++ }
	/^meminfo/ { print "drops 1"; print n == 6 ? 1 : 0 }
	{ print }' >"$tmp/dropped"

exits 1 "a leak" "$PGTAG" report "$tmp/dropped"
printed report "is told from what comes and goes, and from a cache"
exits 1 "where no cache was dropped" "$PGTAG" report "$tmp/recording"
says out 'not dropped' "is told"
exits 0 "only leaks that matter" "$PGTAG" report -m 1G "$tmp/dropped"
exits 3 "too few snapshots" "$PGTAG" report data/6.12.recording
says err 'only 1 snapshots' "is told"
exits 3 "allocinfo alone" "$PGTAG" report data/6.12.allocinfo
exits 2 "nothing" "$PGTAG" report
exits 4 "no such file" "$PGTAG" report data/none
if [ -e /proc/allocinfo ]; then
	ok "record where nobody counts # SKIP this kernel counts"
else
	exits 4 "record where nobody counts" "$PGTAG" record -n 1 "$tmp/new"
	exits 0 "leaves no file" test ! -e "$tmp/new"
fi
exits 5 "record to a file that there is" "$PGTAG" record -n 1 data/6.12.recording

done_testing
