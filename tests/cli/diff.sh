#!/bin/bash
# pgtag diff.

. "$(dirname "$0")/lib.sh" || exit

exits 0 "nothing has changed" "$PGTAG" diff data/6.12.allocinfo data/6.12.recording
printed diff.same "and nothing is shown"
# Another kernel, with other places in the code, and a site more.
sed -e 's/+0x2bd/+0x2d1/; s/do_wp_page+0x287/do_wp_page+0x290/
	s/do_wp_page+0x69b/do_wp_page+0x6a2/; s/^    41943040    10240/    83886080    20480/' \
	-e '/pipe_write/d' -e '$a\      409600      100 leak+0x1c [leaky] func:leak ' \
	data/6.12.allocinfo >"$tmp/after"
exits 0 "another kernel" "$PGTAG" diff data/6.12.allocinfo "$tmp/after"
printed diff "what grew, what came, what went"
exits 0 "only what matters" "$PGTAG" diff -m 100K -n 1 data/6.12.allocinfo "$tmp/after"
printed diff.few "is shown"
exits 2 "nothing to compare" "$PGTAG" diff
exits 2 "three times" "$PGTAG" diff a b c
exits 4 "no such file" "$PGTAG" diff data/none data/6.12.allocinfo
exits 3 "what is no allocinfo" "$PGTAG" diff data/6.12.allocinfo data/6.12.layout

done_testing
