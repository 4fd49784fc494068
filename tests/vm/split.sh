# shellcheck shell=dash
# When a transparent huge page is split, each piece is a call of the site that
# allocated it, and the bytes stay what they were.
. ./lib.sh

SPLIT=/sys/kernel/debug/split_huge_pages
N=32	# huge pages
HUGE=$((512 * PAGE))

# fill: N huge pages. Nobody else here has any, so their site is the one that
# grew, and what it counts is exactly them.
fill() {
	hold_site $((N * 2)) huge
	is "$bytes $calls" "$((N * HUGE)) $N" "$N huge pages are $N calls of $site"
	is "$(awk '/^AnonHugePages:/ { n += $2 } END { print n }' \
		"/proc/$hold_pid/smaps")" $((N * HUGE / 1024)) "the kernel says so too"
	# This drains the CPUs' lists; a page that is in one is busy, and not split.
	is "$(hold_do during "$site" check)" "same intact" "they have their content"
}

finish() {
	is "$(hold_do check)" intact "$1: the memory has its content"
	hold_stop
	is "$(site "$site")" "0 0" "$1: nothing is left at the end"
	audit_ok "$1: audit at the end"
}

# split_all [ORDER]: into pieces of that order.
split_all() {
	echo "$hold_pid,$hold_from,$hold_to,${1:-0}" >$SPLIT
}

# becomes CALLS WHAT COMMAND...: split by it until the site has that many calls.
# A huge page that somebody looks at just then (compaction does), or that waits
# in a CPU's list to be put on the LRU, is busy and left whole; what was split
# and counted wrongly stays wrong.
becomes() {
	expected="$((N * HUGE)) $1"
	what=$2
	shift 2
	tries=0
	while "$@"; [ "$(site "$site")" != "$expected" ] && [ $tries -lt 20 ]; do
		echo 1 >/proc/sys/vm/compact_memory
		tries=$((tries + 1))
	done
	is "$(site "$site")" "$expected" "$what"
}

# split_first OFFSET: of the first huge page, the page there from all the others.
split_first() {
	echo "$hold_pid,$hold_from,$(printf 0x%x $((hold_from + PAGE))),0,$1" >$SPLIT
}

if ! have_huge_pages; then
	skip "huge pages are split" "this kernel has none"
	done_testing
fi

huge_pages_on_request
load

fill
becomes $((N * 512)) "split: 511 calls more for each" split_all
audit_ok "split: audit"
finish "split"

if kernel_at_least 6 9; then
	fill
	becomes $((N * 32)) "order 4: 31 calls more for each" split_all 4
	audit_ok "order 4: audit"
	becomes $((N * 128)) "order 2 after that: 4 for each of those" split_all 2
	finish "order 4"
fi

# Halves of halves; the last four at once, for anonymous memory has no order 1.
if kernel_at_least 6 15; then
	fill
	becomes $((N + 10)) "unevenly: 10 calls more" split_first 100
	audit_ok "unevenly: audit"
	finish "unevenly"
fi

# A page that somebody else holds cannot be split.
fill
is "$(hold_do pin)" ok "pinned: each huge page has a reference from a pipe"
split_all
is "$(site "$site")" "$((N * HUGE)) $N" "pinned: a split that fails changes nothing"
audit_ok "pinned: audit"
is "$(hold_do unpin)" ok "pinned: the references are gone"
becomes $((N * 512)) "pinned: afterwards it succeeds" split_all
finish "pinned"

# Unmapping a part leaves the huge page whole until the kernel wants memory;
# then it is split and what nobody uses is freed.
fill
is "$(hold_do trim)" ok "partial unmap: the last page of each huge page"
is "$(site "$site")" "$((N * HUGE)) $N" "partial unmap: nothing is freed yet"
start=$(vmstat thp_split_page)
tries=0
while [ $(($(vmstat thp_split_page) - start)) -lt $N ] && [ $tries -lt 20 ]; do
	echo 2 >/proc/sys/vm/drop_caches
	tries=$((tries + 1))
done
is "$(site "$site")" "$((N * (HUGE - PAGE))) $((N * 511))" \
	"partial unmap: split, and the one page of each freed"
audit_ok "partial unmap: audit"
finish "partial unmap"

# A file that is cut off splits a huge page at its end, and what lies beyond
# that is freed in the middle of it.
mkdir /tmp/huge
mount -t tmpfs -o huge=always tmpfs /tmp/huge
functions >/tmp/before
dd if=/dev/zero of=/tmp/huge/file bs=2M count=$N 2>/dev/null
functions >/tmp/after
grown /tmp/before /tmp/after >/tmp/grown
read -r site bytes calls </tmp/grown
is "$bytes $calls" "$((N * HUGE)) $N" "file: $N huge pages are $N calls of $site"
before=$(site_bytes "$site")
truncate -s $(((N - 1) * HUGE + 100 * PAGE)) /tmp/huge/file
is "$(($(site_bytes "$site") - before))" "$((-412 * PAGE))" "file: 412 pages are gone"
audit_ok "file: audit"
rm /tmp/huge/file
is "$(($(site_bytes "$site") - before))" "$((-N * HUGE))" "file: nothing is left"
audit_ok "file: audit at the end"

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
