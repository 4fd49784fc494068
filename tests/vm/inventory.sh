# shellcheck shell=dash
# What was in use before the module: tagged, earlier and free pages together are
# the managed ones, and what has no tag only ever becomes less.
# vm: mem=512M
# vm: kernels=ends
. ./lib.sh

# pages KEY [STATUS]: of a line in bytes, now or in what the status said before.
pages() {
	echo "${2:-$(cat $PGTAG/status)}" |
		awk -F': *' -v key="$1 bytes" -v page=$PAGE '$1 == key { print $2 / page }'
}

# at_most N PAGES TEXT: a few may be on their way between two counters, and what is
# allocated between the inventory and the last hook has no tag either.
SLACK=64
at_most() {
	if [ "$1" -le $(($2 + SLACK)) ]; then
		ok "$3"
	else
		not_ok "$3" "$1 pages, not $2"
	fi
}

# still: hardly more is freed or allocated for a second than asking takes. A kernel
# that checks itself goes on to free what it had at boot for a while.
still() {
	local before
	before=$(awk '$1 == "MemFree:" { print $2 }' /proc/meminfo)
	sleep 1
	awk -v before="$before" '$1 == "MemFree:" { n = $2 - before }
		END { exit n < -512 || n > 512 }' /proc/meminfo
}

load_helper
helper alloc vmalloc 20 512
within 3 still
load
status=$(cat $PGTAG/status)
diag "$(echo "$status" | grep -E '^(at start|reserved|managed|free|earlier|coverage)')"
for kind in slab 'page table' anonymous file other; do
	like "$status" "^at start $kind bytes: [1-9][0-9]*\$" "$kind pages are counted"
done
start=0
for kind in slab 'page table' anonymous file other; do
	start=$((start + $(pages "at start $kind")))
done
# What loaded the module has ended since, and its memory went with it.
gone=$(echo "$status" | sed -n 's/^untagged frees: *//p')
earlier=$(($(pages earlier "$status") + gone))
at_most $start $earlier "the kinds add up to what was in use"
at_most $earlier $start "and to no less"
at_most $((20 * 512)) "$(pages 'at start other')" "vmalloc is other"

churn 2
settle
helper alloc alloc_pages 5000 0
at_most "$(pages earlier)" $start "what has no tag is not more after much work"
at_most 5000 "$(pages tagged)" "what came since has one"
like "$(status_value coverage)" '^[1-9][0-9]* %$' "coverage is shown"
is "$(pages reserved)" "$(awk '$1 == "present" { p += $2 } $1 == "managed" { m += $2 }
	END { print p - m }' /proc/zoneinfo)" "reserved pages as in zoneinfo"
is "$(pages managed)" "$(awk '$1 == "managed" { m += $2 } END { print m }' \
	/proc/zoneinfo)" "managed pages as in zoneinfo"

helper free alloc_pages
before=$(pages earlier)
helper free vmalloc
at_most "$(pages earlier)" $((before - 20 * 512)) "what is freed is no longer earlier"
unload
done_testing
