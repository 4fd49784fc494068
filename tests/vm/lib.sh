# shellcheck shell=dash
# What the guest tests share; to be sourced, not run. Works in busybox ash.
#
# A test prints its results with the first group of functions here and ends with
# done_testing.

PGTAG=/sys/kernel/debug/pgtag
CONTROL=/sys/kernel/debug/pgtag_test/control
MODULE=/modules/pgtag_compress.ko
PAGE=$(awk '$1 == "KernelPageSize:" { print $2 * 1024; exit }' /proc/self/smaps)

results=0

# --- results, as TAP ---

ok() {
	results=$((results + 1))
	echo "ok $results - $1"
}

# not_ok TEXT [DIAGNOSTIC]...
not_ok() {
	local line
	results=$((results + 1))
	echo "not ok $results - $1"
	shift
	for line; do
		diag "$line"
	done
}

diag() {
	echo "$*" | sed 's/^/# /'
}

# is GOT WANT TEXT
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "     got: $1" "expected: $2"
	fi
}

# passes TEXT COMMAND...: the command succeeds; what it printed is shown if not.
passes() {
	local text=$1 out
	shift
	if out=$("$@" 2>&1); then
		ok "$text"
	else
		not_ok "$text" "$* failed with $?" "$out"
	fi
}

# like TEXT-WITH-LINES REGEX TEXT: a line of it matches.
like() {
	if echo "$1" | grep -Eq -- "$2"; then
		ok "$3"
	else
		not_ok "$3" "nothing matches $2 in" "$1"
	fi
}

# unlike TEXT-WITH-LINES REGEX TEXT: none does.
unlike() {
	if echo "$1" | grep -Eq -- "$2"; then
		not_ok "$3" "matches $2:" "$(echo "$1" | grep -E -- "$2" | head -n 5)"
	else
		ok "$3"
	fi
}

# at_least N LEAST TEXT
at_least() {
	if [ "$1" -ge "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "$1 is less than $2"
	fi
}

# allocator: the innermost function that all allocations of pages go through.
allocator() {
	awk '$3 ~ /^__alloc(_frozen)?_pages(_noprof)?$/ { print length($3), $3 }' \
		/proc/kallsyms | sort -nr | awk 'NR == 1 { print $2 }'
}

# within SECONDS COMMAND...: it succeeds by then, tried again and again.
within() {
	local tries=$(($1 * 10))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return
		sleep 0.1
	done
}

skip() {
	results=$((results + 1))
	echo "ok $results - $1 # SKIP $2"
}

done_testing() {
	echo "1..$results"
	exit 0
}

# count_lines TEXT: how many it has; none, if it is empty.
count_lines() {
	echo "$1" | grep -c .
}

# For what a test cannot go on without.
bail() {
	not_ok "$@"
	diag "$(dmesg | tail -n 15)"
	done_testing
}

# --- modules ---

# What the kernel's log has beyond its first N lines.
dmesg_lines() {
	dmesg | wc -l
}

dmesg_since() {
	dmesg | tail -n "+$(($1 + 1))"
}

# try_load [PARAMETER]...: load pgtag_compress, return its errno. The lines it
# had for the log are in $said.
try_load() {
	local lines errno
	lines=$(dmesg_lines)
	modload "$MODULE" "$@" 2>/dev/null
	errno=$?
	# Without what the kernel itself says of a module from outside.
	said=$(dmesg_since "$lines" | grep pgtag_compress: |
		grep -v -e 'loading out-of-tree module' -e 'module verification failed')
	return $errno
}

# unused_width: bits of page->flags that nobody has.
unused_width() {
	load mem_profiling=0
	awk '$1 == "unused" { print $NF == "nobody" ? $3 : 0 }' $PGTAG/layout
	unload
}

is_arm64() {
	[ "$(uname -m)" = aarch64 ]
}

# by_clang: this kernel was built by clang, which puts other functions into their callers
# than gcc.
by_clang() {
	grep -q clang /proc/version
}

# unseen_demotion: where the kernel gives no part of the memory map back, demotion of
# hugetlb pages is seen in a function that clang puts into its caller. The module says so
# when it is loaded.
OPTIMIZE=/proc/sys/vm/hugetlb_optimize_vmemmap
unseen_demotion() {
	[ -d /sys/kernel/mm/hugepages ] && [ ! -e $OPTIMIZE ] && by_clang
}

# and_lost WORD...: what status calls degraded if these words are: that as well.
and_lost() {
	local word before='' after=''

	if ! unseen_demotion; then
		echo "$*"
		return
	fi
	for word; do
		case $word in
		no) ;;
		missed | memory_report | dropped* | wrong | lockdown) after="$after $word" ;;
		*) before="$before $word" ;;
		esac
	done
	before="$before hooks$after"
	echo "${before# }"
}

# lines_at_load: how many the module says when it is loaded and on.
lines_at_load() {
	if unseen_demotion; then
		echo 2
	else
		echo 1
	fi
}

# tmpfs_site: what allocates the pages of tmpfs; clang puts the innermost function into
# its caller.
tmpfs_site() {
	if by_clang; then
		echo shmem_alloc_and_add_folio
	else
		echo shmem_alloc_folio
	fi
}

# Loading and turning off wait for grace periods: do not let them take longer
# than they must.
expedite() {
	echo 1 >/sys/kernel/rcu_expedited
}

EAGAIN=11

# Anything before the first measurement depends on these.
load() {
	try_load "$@" || bail "pgtag_compress $* loads" "errno $?" "$said"
}

unload() {
	rmmod pgtag_compress || bail "pgtag_compress can be removed"
}

load_helper() {
	modload /modules/pgtag_test.ko || bail "pgtag_test loads" "errno $?"
}

# kernel_module NAME: load one of the kernel's own that the head names (kmods=)
# with what it needs; fails where this kernel does not have it.
kernel_module() {
	local dir ko
	dir=/lib/modules/$(uname -r)
	[ -e "$dir/$1.load" ] || return
	while read -r ko; do
		insmod "$dir/$ko" 2>/dev/null
	done <"$dir/$1.load"
	grep -q "^$1 " /proc/modules
}

# swap_on: memory of processes can be swapped out, to a disk in memory.
swap_on() {
	local dir
	dir=/sys/block/zram0
	kernel_module zram || bail "there is zram"
	kernel_module lzo-rle
	echo 256M >$dir/disksize || bail "zram has a size"
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0 || bail "there is swap"
}

unload_helper() {
	rmmod pgtag_test || bail "pgtag_test can be removed"
}

# helper COMMAND...: for its control file. The shell's own echo would hide the
# errno, and would write the line in two pieces if it felt like it.
helper() {
	echo "$*" | dd of="$CONTROL" bs=80 2>/tmp/helper ||
		not_ok "pgtag_test: $*" "$(grep dd: /tmp/helper)"
}

# walk [PARAMETER]...: what is left in page->flags, "CPUPID-SET UNUSED-SET".
walk() {
	modload /modules/pgtag_walk.ko "$@" 2>/dev/null
	[ $? -eq $EAGAIN ] || diag "pgtag_walk did not run"
	dmesg | sed -n 's/.*pgtag_walk: .*cpupid-set \([0-9]*\) unused-set \([0-9]*\)$/\1 \2/p' |
		tail -n 1
}

kernel_at_least() {
	uname -r | awk -F'[.-]' -v major="$1" -v minor="$2" \
		'{ exit !($1 > major || ($1 == major && $2 >= minor)) }'
}

# The field that holds tags: where a kernel has no NUMA balancing, its bits are
# unused; and those of arm64 that are unused are enough in 6.1, or with pages so large
# that sections take few.
BALANCING=/proc/sys/kernel/numa_balancing
FIELD=LAST_CPUPID
[ -e $BALANCING ] || FIELD=unused
! is_arm64 || kernel_at_least 6 12 || FIELD=unused
[ "$PAGE" -lt 65536 ] || FIELD=unused

# in_debian COMMAND...: a program of the packages that the test's head names.
# It sees this system's /proc, /sys, /dev, /tmp, /tests and /modules.
in_debian() {
	PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C chroot /debian "$@"
}

# --- what pgtag shows ---

# functions [FILE]: "BYTES CALLS FUNCTION" of each function in allocinfo, its sites
# added up and the compiler's suffix (.isra.0 and the like) taken off.
functions() {
	awk 'NR > 2 {
		for (i = 3; i <= NF && $i !~ /^func:/; i++)
			;
		name = substr($i, 6)
		sub(/[.].*/, "", name)
		bytes[name] += $1
		calls[name] += $2
	}
	END {
		for (name in calls)
			printf "%d %d %s\n", bytes[name], calls[name], name
	}' "${1:-$PGTAG/allocinfo}"
}

# places: the same of each place in a function that calls, as it is printed.
places() {
	awk 'NR > 2 { bytes[$3] += $1; calls[$3] += $2 }
	END {
		for (place in calls)
			printf "%d %d %s\n", bytes[place], calls[place], place
	}' $PGTAG/allocinfo
}

# site NAME...: "BYTES CALLS" of all sites of these functions, or places, together.
site() {
	{ functions && places; } | awk -v names="$*" '
		BEGIN {
			split(names, list, " ")
			for (i in list)
				wanted[list[i]]
		}
		$3 in wanted { bytes += $1; calls += $2 }
		END { printf "%d %d\n", bytes, calls }'
}

site_bytes() {
	site "$@" | cut -d' ' -f1
}

site_calls() {
	site "$@" | cut -d' ' -f2
}

# difference BEFORE AFTER: of two answers of site.
difference() {
	echo "$1 $2" | awk '{ printf "%d %d\n", $3 - $1, $4 - $2 }'
}

# grown BEFORE AFTER: what grew most between two outputs of functions or places, and
# by how much: "NAME BYTES CALLS".
grown() {
	awk 'NR == FNR { bytes[$3] = $1; calls[$3] = $2; next }
		$1 - bytes[$3] > most {
			most = $1 - bytes[$3]
			answer = $3 " " most " " $2 - calls[$3]
		}
		END { print answer }' "$1" "$2"
}

# status_value KEY
status_value() {
	sed -n "s/^$1: *//p" "$PGTAG/status"
}

# disabled: profiling has ended, for there were more call sites than indices.
disabled() {
	[ "$(status_value state)" = "disabled, out of indices" ]
}

# --- call sites of the helper, case by case ---

# check_case NAME UNITS ARG CALLS PAGES [FUNCTION...]: each unit of the case adds
# CALLS and PAGES to its function, pgtag_test_NAME, or to the FUNCTIONs together,
# and freeing takes all of it away again.
check_case() {
	local name=$1 units=$2 arg=$3 calls=$4 pages=$5 what="$1($3)" before
	shift 5
	[ $# -gt 0 ] || set -- "pgtag_test_$name"
	before=$(site "$@")
	helper alloc "$name" "$units" "$arg"
	is "$(difference "$before" "$(site "$@")")" \
		"$((units * pages * PAGE)) $((units * calls))" \
		"$what: bytes and calls of $units"
	[ "$1" != "pgtag_test_$name" ] || check_lines "$what" "$1"
	helper free "$name"
	is "$(site "$@")" "$before" "$what: nothing is left after the free"
}

# check_lines TEXT FUNCTION: all lines of a function of the helper say so.
check_lines() {
	local lines
	lines=$(grep -F " func:$2 " "$PGTAG/allocinfo")
	unlike "${lines:-no line}" '^no line' "$1: is in allocinfo"
	lines=$(echo "$lines" |
		grep -Ev "^ *[0-9]+ +[0-9]+ $2\+0x[0-9a-f]+ \[pgtag_test\] func:$2( path:[^ ].*)? \$")
	is "$lines" "" "$1: every line has function, offset and module"
}

# In-tree, and so here, these are not the caller's: the function in the kernel
# that asks for pages is not marked as part of the allocator. A compiler may
# have put it into the only function that calls it.
FRAG_SITES='__page_frag_cache_refill __page_frag_alloc_align page_frag_alloc_align'
FRAG_CACHE=32768
POOL_SITES='__page_pool_alloc_pages_slow __page_pool_alloc_netmems_slow'
DMA_SITES='__dma_direct_alloc_pages dma_direct_alloc'
CMA_SITES='cma_alloc __cma_alloc __cma_alloc_frozen cma_range_alloc'

# has_room PAGES: half of the memory is as large as so many.
has_room() {
	[ $(($1 * PAGE / 512)) -le "$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)" ]
}

# All cases with exact figures.
check_cases() {
	local largest order
	largest=$(cat /sys/module/pgtag_test/parameters/largest_order)
	while ! has_room $((3 << largest)); do
		largest=$((largest - 1))
	done
	for order in $(seq 0 "$largest"); do
		check_case alloc_pages 3 "$order" 1 $((1 << order))
	done
	check_case alloc_pages_node 5 2 1 4
	if kernel_at_least 6 15; then
		check_case alloc_pages_nolock 5 1 1 2
	fi
	check_case compound 5 4 1 16
	# Somebody else has the first page, the others are gone.
	for order in 1 3 9; do
		check_case extra_reference 5 $order 1 1
	done
	check_case folio_alloc 5 0 1 1
	check_case folio_alloc 5 9 1 512
	check_case get_free_pages 5 0 1 1
	check_case get_free_pages 5 3 1 8
	check_case get_zeroed_page 7 0 1 1
	check_case irq 5 1 1 2
	# Every page of a split block can be freed by itself, so it is a call.
	check_case split_page 5 4 16 16
	# 8 pages are allocated for 5, and 3 of them given back.
	check_case alloc_pages_exact 5 5 5 5
	check_case bulk_array 3 0 48 48
	kernel_at_least 6 14 || check_case bulk_list 3 0 48 48
	check_bulk_holes
	# The array of page pointers of 512 pages is in a slab and so not ours,
	# that of 1536 pages takes 3 pages of its own.
	check_case vmalloc 3 512 512 512
	check_case vzalloc 3 7 7 7
	# Where pages are larger, a block has as many.
	[ $PAGE -gt 4096 ] || check_case kvmalloc 2 1536 1539 1539
	check_case kmalloc 5 3 1 4
	check_case kmalloc_size 5 3 1 4
	check_case kmalloc_size 2 300 1 512
	check_case kmalloc_node 5 5 1 8
	# shellcheck disable=SC2086 # names are words
	check_case page_frag 5 0 1 $((PAGE < FRAG_CACHE ? FRAG_CACHE / PAGE : 1)) $FRAG_SITES
	# A pool of pages fetches 64 at a time.
	# shellcheck disable=SC2086
	check_case page_pool 3 48 64 64 $POOL_SITES
	if grep -q '^CmaTotal: *[1-9]' /proc/meminfo; then
		# As many as are wanted, and each can be freed by itself.
		# shellcheck disable=SC2086
		check_case dma_coherent 5 3 3 3 $CMA_SITES
	else
		# shellcheck disable=SC2086
		check_case dma_coherent 5 3 1 4 $DMA_SITES
	fi
}

# The bulk allocator is given an array in which another function has already
# put 18 pages and that has 30 holes.
check_bulk_holes() {
	local prefilled
	helper alloc bulk_prefill 1
	prefilled=$(site pgtag_test_bulk_prefill)
	is "$prefilled" "$((18 * PAGE)) 18" "bulk_prefill: bytes and calls"
	check_case bulk_fill 3 0 30 30
	is "$(site pgtag_test_bulk_prefill)" "$prefilled" \
		"bulk_fill: pages that were there keep their site"
	helper free bulk_prefill
	is "$(site pgtag_test_bulk_prefill)" "0 0" \
		"bulk_prefill: nothing is left after the free"
}

# A few cases, one for each way in which allocations and what becomes of them are
# seen, for tests of what may come in that way.
check_key_cases() {
	check_case alloc_pages 3 0 1 1
	check_case extra_reference 3 3 1 1
	check_case folio_alloc 3 9 1 512
	check_case irq 3 1 1 2
	check_case split_page 3 4 16 16
	check_case alloc_pages_exact 3 5 5 5
	check_case bulk_array 3 0 48 48
	check_case contig 1 512 512 512
	check_case vmalloc 3 512 512 512
	check_case kmalloc 3 3 1 4
}

# --- the system as a whole ---

# vmstat EVENT: how often it has happened.
vmstat() {
	awk -v key="$1" '$1 == key { print $2 }' /proc/vmstat
}

THP=/sys/kernel/mm/transparent_hugepage

# Those of 2 MiB, which the programs here ask for. Realtime kernels have none, and with
# larger pages they are larger, too.
have_huge_pages() {
	[ "$(cat $THP/hpage_pmd_size 2>/dev/null)" = $((2 << 20)) ]
}

# Huge pages are only for who asks for them, and nobody makes new ones out of
# small ones behind our back.
huge_pages_on_request() {
	have_huge_pages || return 0
	echo madvise >$THP/enabled
	echo 100000000 >$THP/khugepaged/scan_sleep_millisecs
}

# audit_ok TEXT: every counter equals what the memory map shows. All of the
# audit is shown if not.
audit_ok() {
	local audit
	audit=$(cat "$PGTAG/audit" 2>&1)
	if [ "$(echo "$audit" | tail -n 1)" = "audit: ok" ]; then
		ok "$1"
	else
		not_ok "$1" "$(echo "$audit" | tail -n 20)"
	fi
}

# impossible: lines of allocinfo that can never be true of a tag at rest.
impossible() {
	awk 'NR > 2 && ($1 < 0 || !$1 != !$2) { print }' "$PGTAG/allocinfo"
}

# --- the program hold: memory of a process, see progs/hold.c ---

# hold_start MEGABYTES small|huge|hugetlb: sets hold_pid, hold_from and hold_to.
hold_start() {
	local ready
	rm -f /tmp/hold.in /tmp/hold.out
	mkfifo /tmp/hold.in /tmp/hold.out
	hold "$@" </tmp/hold.in >/tmp/hold.out &
	hold_job=$!
	exec 8>/tmp/hold.in 9</tmp/hold.out
	# shellcheck disable=SC2034 # for the tests
	read -r ready hold_pid hold_from hold_to <&9
	[ "$ready" = ready ] || bail "hold $* gets its memory"
}

# hold_site MEGABYTES small|huge: starts it, and sets site, whose its memory is, and
# by how many bytes and calls that grew. For huge pages that is a place: on arm64 the
# function allocates page tables, too.
hold_site() {
	local names=functions
	[ "$2" = small ] || names=places
	$names >/tmp/before
	hold_start "$@"
	$names >/tmp/after
	grown /tmp/before /tmp/after >/tmp/grown
	# shellcheck disable=SC2034 # for the tests
	read -r site bytes calls </tmp/grown
	diag "site $site grew by $bytes bytes, $calls calls"
}

# hold_do COMMAND...: prints the answer.
hold_do() {
	local answer
	echo "$*" >&8
	read -r answer <&9
	echo "$answer"
}

hold_stop() {
	echo quit >&8
	exec 8>&- 9<&-
	wait $hold_job
}
