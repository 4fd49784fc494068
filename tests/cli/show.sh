#!/bin/bash
# pgtag show: what it makes of files captured in guests.

. "$(dirname "$0")/lib.sh" || exit

exits 0 "a recording" "$PGTAG" show -i data/6.12.recording
printed show "all memory, by kind"
exits 0 "the recording, not compressed, from stdin" \
	bash -c 'zcat data/6.12.recording | "$PGTAG" show -i -'
printed show "is the same"
exits 0 "allocinfo alone" "$PGTAG" show -i data/6.12.allocinfo
printed show.sites "its sites"
{
	cat data/6.12.allocinfo
	echo "       -4096 18446744073709551615 freed+0x1 func:freed "
} >"$tmp/below"
exits 0 "calls below 0 for a moment, as the kernel prints them" "$PGTAG" show \
	-i "$tmp/below" --site freed --csv
says out '^-4096,0,yes,' "are none"
exits 0 "nodes" "$PGTAG" show -i data/6.12.nodes
says out ' 22.2 MiB +5682  do_anonymous_page\+0x2bd$' "has the same sites"
sed -e 's/^allocinfo - version: 2.0/totals - version: 1.0/' \
	-e '3,$s/$/total_calls:9999 total_bytes:40955904 peak_bytes:40955904 /' \
	data/6.12.allocinfo >"$tmp/totals"
exits 0 "totals" "$PGTAG" show -i "$tmp/totals"
printed show.sites "what is in use, and no more"

for by in module function file; do
	exits 0 "by $by" "$PGTAG" show -i data/6.12-paths.allocinfo --by $by
	printed show.$by "rows of them"
done
exits 0 "by path, as a tree" "$PGTAG" show -i data/6.12-paths.allocinfo --tree -n 3 -m 16K
printed show.tree "a tree"
exits 0 "only some of them" "$PGTAG" show -i data/6.12-paths.allocinfo --by function \
	--module vmlinux --site '^p[a-z]*_alloc|handle_mm' --min 8K --sort calls -n 3
printed show.some "are shown"
exits 0 "for programs" "$PGTAG" show -i data/6.12.recording --csv --min 1M
printed show.csv "as CSV"
exits 0 "for programs" "$PGTAG" show -i data/6.12.recording --json -n 2
printed show.json "as JSON"

exits 2 "a wrong expression" "$PGTAG" show -i data/6.12.allocinfo --site '('
says err '\(: ' "is told"
exits 2 "a wrong size" "$PGTAG" show -i data/6.12.allocinfo --min 1X
exits 2 "no lines" "$PGTAG" show -i data/6.12.allocinfo -n 0
exits 2 "rows of what there is not" "$PGTAG" show -i data/6.12.allocinfo --by size
exits 2 "too many words" "$PGTAG" show data/6.12.allocinfo
exits 4 "no such file" "$PGTAG" show -i data/none
says err 'data/none: No such file' "is told"

# What a kill or a full disk leaves of a recording.
size=$(stat -c %s data/6.12.recording)
cat data/6.12.recording data/6.12.recording | head -c $((size + size / 2)) >"$tmp/cut"
exits 0 "a recording that is cut short" "$PGTAG" show -i "$tmp/cut"
says err 'last frame is cut short' "is told"
printed show "what is whole is read"
head -c $((size / 2)) data/6.12.recording >"$tmp/cut"
exits 3 "a recording without one whole frame" "$PGTAG" show -i "$tmp/cut"
zcat data/6.12.recording | sed '1s/1\.0/2.0/' >"$tmp/other"
exits 3 "a recording of another version" "$PGTAG" show -i "$tmp/other"
says err 'version 2\.0' "is told"
zcat data/6.12.recording | sed 's/^meminfo [0-9]*/meminfo 99999999/' >"$tmp/other"
exits 3 "a frame that has not what it says" "$PGTAG" show -i "$tmp/other"
exits 3 "no text at all" "$PGTAG" show -i "$PGTAG"
head -c 1000 data/6.12.allocinfo >"$tmp/cut"
exits 3 "allocinfo that is cut short" "$PGTAG" show -i "$tmp/cut"
says err ':[0-9]+: .*cut short' "is told, with the line"
true >"$tmp/empty"
exits 3 "an empty file" "$PGTAG" show -i "$tmp/empty"

# Who stops reading is no error: the shell's 128 and SIGPIPE.
(for _ in $(seq 400); do cat data/6.12.recording; done) >"$tmp/long"
exits 141 "who reads sees enough" bash -c \
	'"$PGTAG" top -o -n 400 -i "$1" | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}' - "$tmp/long"
silent "and nothing is said"

done_testing
