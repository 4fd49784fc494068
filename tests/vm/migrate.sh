# shellcheck shell=dash
# vm: smp="2,sockets=2" append="numa_balancing=disable" config=NUMA
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1"
# A page that is moved is still its own site's, and the page it was moved to is
# nobody else's.
. ./lib.sh

# between_nodes TEXT PAGES [MOVES]: of what hold has.
between_nodes() {
	start=$(vmstat pgmigrate_success)
	for node in 1 0 1; do
		is "$(hold_do during "$site" bind $node)" "same $2" \
			"$1: all are moved to node $node, $site is as before"
	done
	at_least $(($(vmstat pgmigrate_success) - start)) 96 "$1: pages were migrated"
	audit_ok "$1: audit"
	is "$(hold_do check)" intact "$1: the memory has its content"
}

is "$(cat /sys/devices/system/node/online)" "0-1" "two nodes"
huge_pages_on_request
load
like "$(status_value field)" "^$FIELD\\b" "the field is $FIELD"

hold_site 64 small
between_nodes "small pages" $((64 * 256))
hold_stop
audit_ok "small pages: audit at the end"

huge_pages() {
	hold_site 64 huge
	is "$(site "$site")" "$((64 << 20)) 32" "huge pages: bytes and calls"
	between_nodes "huge pages" $((64 * 256))
	is "$(site "$site")" "$((64 << 20)) 32" "huge pages: still whole"
	hold_stop
	is "$(site "$site")" "0 0" "huge pages: nothing is left at the end"
}

if have_huge_pages; then
	huge_pages
else
	skip "huge pages" "this kernel has none"
fi

# A page of hugetlb that was moved is not freed, but goes back to its pool.
POOL=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
pool_pages() {
	local pool
	functions >/tmp/before
	echo 32 >$POOL
	functions >/tmp/after
	grown /tmp/before /tmp/after >/tmp/grown
	read -r pool bytes calls </tmp/grown
	is "$bytes $calls" "$((64 << 20)) 32" "pool: bytes and calls of $pool"
	hold_start 32 hugetlb
	site=$pool
	between_nodes "pool" $((32 * 256)) 16
	hold_stop
	is "$(site "$pool")" "$((64 << 20)) 32" "pool: all are back"
	echo 0 >$POOL
	is "$(site "$pool")" "0 0" "pool: nothing is left at the end"
	audit_ok "pool: audit at the end"
}

if [ -e $POOL ]; then
	pool_pages
else
	skip "pool" "this kernel has none"
fi

# Every second page given back leaves holes that compaction fills.
hold_site 128 small
is "$(hold_do thin)" ok "compaction: half of the pages given back"
start=$(vmstat pgmigrate_success)
is "$(hold_do during "$site" compact)" "same ok" "compaction: $site is as before"
# How many depends on where the holes are; hundreds are sure.
at_least $(($(vmstat pgmigrate_success) - start)) 100 "compaction: pages were migrated"
audit_ok "compaction: audit"
is "$(hold_do check)" intact "compaction: the memory has its content"
hold_stop
audit_ok "compaction: audit at the end"

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
