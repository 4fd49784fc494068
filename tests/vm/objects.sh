# shellcheck shell=dash
# slab=objects: every slab object has its site, exactly, however it came and goes.
# vm: timeout=300 files="tests/vm/lib/leak.sh"
. ./lib.sh
. ./leak.sh

# object_site FUNCTION: "BYTES OBJECTS" that it has.
object_site() {
	awk -v name="func:$1" '/ kind:object / {
			for (i = 3; i <= NF; i++) if ($i == name) { bytes += $1; calls += $2 }
		}
		END { printf "%d %d\n", bytes, calls }' $PGTAG/allocinfo
}

# Each CPU there may be has its part of a per-CPU allocation; the last one is the most.
cpus=$(($(sed 's/.*[-,]//' /sys/devices/system/cpu/possible) + 1))

# size_of CASE: of each of its objects, with what the allocator adds: to a per-CPU
# allocation, a pointer for each four bytes.
size_of() {
	case $1 in
	object_variable | object_realloc) echo 256 ;;
	object_percpu) echo $((64 * cpus + 64 / 4 * 8)) ;;
	object_cache* | object_bulk | object_pool) cat /sys/kernel/slab/pgtag_objects*/slab_size | tail -n 1 ;;
	*) echo $SMALL ;;
	esac
}

# check_objects CASE: of each way.
check_objects() {
	helper alloc "$1" 3 50 || return
	is "$(object_site "pgtag_test_$1")" "$((3 * 50 * $(size_of "$1"))) 150" "$1: bytes and calls"
	is "$(site "pgtag_test_$1")" "$(object_site "pgtag_test_$1")" "$1: and no pages"
	helper free "$1"
	passes "$1: nothing is left after the free" within 20 \
		nothing_left "pgtag_test_$1"
}

nothing_left() {
	[ "$(object_site "$1")" = "0 0" ]
}

CASES='object_kmalloc object_rcu object_node object_variable object_realloc
	object_memdup object_kvmalloc object_cache object_cache_node object_bulk
	object_pool object_percpu'

load_helper
expedite
load slab=objects
is "$(status_value slab)" objects "the status says so"
for case in $CASES; do
	check_objects $case
done
grep -q kmalloc_nolock /proc/kallsyms && check_objects object_nolock

# cells_used: "BYTES OBJECTS", of cells that are not in stock.
cells_used() {
	awk '/^cells:/ { bytes = $5 - $7 } /^object calls:/ { calls = $3 } END { print bytes, calls }' \
		$PGTAG/status
}

few_inodes() {
	[ "$(object_site shmem_alloc_inode | cut -d' ' -f2)" -le 200 ]
}

# Inodes, dentries and all that; many, so that what is filled in part matters little.
before=$(cells_used)
mkdir /tmp/tree
(cd /tmp/tree && touch $(seq 10000))
after=$(cells_used)
is "$(echo "$before $after" | awk '{ print ($3 - $1) / ($4 - $2) < 4.5 }')" 1 \
	"cells of less than 4.5 bytes each"
diag "$before, $after"
at_least "$(object_site shmem_alloc_inode | cut -d' ' -f2)" 10000 "inodes of a tmpfs"
find /sys >/dev/null
rm -r /tmp/tree
passes "and they go" within 20 few_inodes

# A leak, one object after the other while the file system is busy, is all there and
# nobody else grows as much.
leak kmalloc_64 objects
is "$grew" "pgtag_test_kmalloc_64 $((LEAKS * PORTION * SMALL)) $((LEAKS * PORTION))" \
	"a leak grew most, by all of it"
helper free kmalloc_64
settle
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value 'dropped objects')" 0 "no object went without a tag"
like "$(cat $PGTAG/status)" 'cells: 2 bytes each, [1-9][0-9]* bytes, [1-9][0-9]* of them in stock$' \
	"status says what is in stock"
diag "$(grep -E '^(object|cells|dropped|stale|unwound|checked)' $PGTAG/status)"
unload
is "$(walk)" "0 0" "page->flags as before"

# What was given back is kept for readers as long as they stay, and the stock is filled
# none the less: all of it is taken, and soon there are as many again.
if ! grep -q PREEMPT_RT /proc/version; then
	load slab=objects
	helper alloc kmalloc_64 1 20000
	echo 15000 >/sys/module/pgtag_test/parameters/reader &
	reader=$!
	sleep 1
	helper free kmalloc_64
	passes "what was given back waits" within 5 \
		grep -qs 'give_back.*\[pgtag_compress\]' /proc/[0-9]*/stack
	helper alloc object_burst_irqs_off 1 30000
	lost=$(status_value 'dropped objects')
	at_least "$lost" 1000 "the stock is empty"
	sleep 1
	helper alloc object_burst_irqs_off 1 2700
	at_least 100 $(($(status_value 'dropped objects') - lost)) "and full soon after"
	passes "though a reader stays" kill -0 $reader
	wait $reader
	helper free object_burst_irqs_off
	audit_ok "with a reader: audit"
	unload
fi
done_testing
