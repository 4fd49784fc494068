#!/bin/bash
# pgtag report: a leak and caches in a recording.

. "$(dirname "$0")/lib.sh" || exit

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
# Four times as much as there can be at once was given back: that is not less than 0.
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	printf 'pgtag frame - version: 1.0\ntime %d\n%d\ndrops %d\n%d\n' ${#n} "$n" ${#n} "$n"
	line="$((n % 2 ? 0 : 1 << 60)) 1 a+0x1 func:a"
	text=$'allocinfo - version: 2.0\n# <size> <calls> <tag info>\n'$line$'\n'
	printf 'allocinfo %d\n%s\nend 0\n' ${#text} "$text"
done >"$tmp/huge"
exits 0 "huge caches that come and go" "$PGTAG" report "$tmp/huge"
for n in 0 1 2 3 4; do
	line="$((n << 57)) 1 a+0x1 func:a"
	text=$'allocinfo - version: 2.0\n# <size> <calls> <tag info>\n'$line$'\n'
	printf 'pgtag frame - version: 1.0\ntime 1\n%d\nallocinfo %d\n%s\nend 0\n' "$n" \
		${#text} "$text"
done >"$tmp/huge"
exits 1 "a leak that is too fast" "$PGTAG" report "$tmp/huge"
says out ' \+512\.0 PiB +\+8192\.0 PiB ' "is as fast as can be written"
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
