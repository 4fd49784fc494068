# shellcheck shell=dash
# What each site has allocated in all, and the most it had in use: exactly, since the load
# or a reset, in every storage.
# vm: smp=2 timeout=300 kernels=newest
. ./lib.sh

TOTALS=$PGTAG/totals
SYSCTL=/proc/sys/vm/mem_profiling
ROUNDS=30
# Bytes of a unit of order 2.
UNIT=$((4 * PAGE))

# past FUNCTION: "CALLS BYTES PEAK" of its sites together.
past() {
	awk -v name=" func:$1 " 'index($0, name) {
			for (i = 3; i <= NF; i++) {
				split($i, pair, ":")
				sum[pair[1]] += pair[2]
			}
		}
		END {
			printf "%d %d %d\n", sum["total_calls"], sum["total_bytes"],
				sum["peak_bytes"]
		}' $TOTALS
}

# in_use FUNCTION: "BYTES CALLS", as the totals file has it.
in_use() {
	functions $TOTALS | awk -v name="$1" '$3 == name { print $1, $2 }'
}

reset() {
	passes "$mode: reset" dd of=$TOTALS if=/tmp/reset
}

# rounds_later N: the worker has looked at all tags so often again.
rounds_later() {
	[ "$(status_value 'peak rounds')" -ge $((rounds + $1)) ]
}

# pages: what becomes of blocks of pages.
pages() {
	local site=pgtag_test_alloc_pages other

	helper alloc alloc_pages 3 2
	is "$(past $site)" "3 $((3 * UNIT)) $((3 * UNIT))" "$mode: three are allocated"
	helper free alloc_pages
	is "$(in_use $site), $(past $site)" "0 0, 3 $((3 * UNIT)) $((3 * UNIT))" \
		"$mode: they are freed"
	helper alloc alloc_pages 2 2
	is "$(past $site)" "5 $((5 * UNIT)) $((3 * UNIT))" "$mode: two more, and no more at once"
	helper alloc alloc_pages 4 2
	is "$(past $site)" "9 $((9 * UNIT)) $((6 * UNIT))" "$mode: and four"
	reset
	is "$(past $site)" "0 0 $((6 * UNIT))" "$mode: then the peak is what is in use"
	helper free alloc_pages
	is "$(past $site)" "0 0 $((6 * UNIT))" "$mode: what is freed was no allocation"
	reset
	is "$(past $site)" "0 0 0" "$mode: there is nothing any more"
	helper alloc alloc_pages 1 2
	is "$(past $site)" "1 $UNIT $UNIT" "$mode: it begins anew"
	helper free alloc_pages

	# Nobody reads the file while there are more.
	rounds=$(status_value 'peak rounds')
	helper alloc alloc_pages 8 2
	passes "$mode: the worker looks" within 30 rounds_later 2
	helper free alloc_pages
	is "$(past $site)" "9 $((9 * UNIT)) $((8 * UNIT))" "$mode: it has seen the peak"

	reset
	for other in $(seq 100); do
		helper alloc alloc_pages 1 2
		helper free alloc_pages
	done
	is "$(past $site | cut -d' ' -f1,2)" "100 $((100 * UNIT))" "$mode: one after the other"
	at_least $UNIT "$(past $site | cut -d' ' -f3)" "$mode: is never more than one at once"
}

# counted CASE UNITS ARG CALLS PAGES: in all, whatever becomes of it then. CALLS is "any"
# where the kernel asks for as large blocks as there are, and splits them.
counted() {
	local fields=1,2 want="$4 $(($5 * PAGE))"
	[ "$4" != any ] || { fields=2 && want=$(($5 * PAGE)); }
	helper alloc "$1" "$2" "$3"
	is "$(past "pgtag_test_$1" | cut -d' ' -f$fields)" "$want" "$mode: $1: in all"
	is "$(in_use "pgtag_test_$1")" "$(site "pgtag_test_$1")" "$mode: $1: now"
	helper free "$1"
	is "$(past "pgtag_test_$1" | cut -d' ' -f$fields)" "$want" \
		"$mode: $1: freeing changes nothing"
	is "$(in_use "pgtag_test_$1")" "0 0" "$mode: $1: nothing is left"
}

kinds() {
	# What is split, or freed in part, was one allocation all the same.
	counted split_page 5 4 5 80
	counted alloc_pages_exact 5 5 5 40
	counted extra_reference 5 3 5 40
	counted folio_alloc 2 9 2 1024
	counted irq 5 1 5 10
	counted bulk_array 3 0 144 144
	counted contig 1 512 512 512
	counted vmalloc 3 512 any 1536
}

# One that ends in "reset" is no reset either.
refusals() {
	local before lines text
	helper alloc alloc_pages 1 2
	before=$(past pgtag_test_alloc_pages)
	for text in '' x Reset 'reset x' resetreset 'reset 1' 'reset


reset'; do
		lines=$(dmesg_lines)
		like "$(echo "$text" 2>&1 >$TOTALS)" 'Invalid argument' \
			"$mode: '$(echo "$text" | tr '\n' ' ')' is refused"
		is "$(dmesg_since "$lines" | grep -c 'pgtag_compress: write reset to the totals file')" 1 \
			"$mode: a line says what is to be written"
	done
	is "$(past pgtag_test_alloc_pages)" "$before" "$mode: nothing has changed"
	helper free alloc_pages
}

# switched: turned off, nothing is allocated; turned on, it goes on.
switched() {
	local site=pgtag_test_alloc_pages
	reset
	helper alloc alloc_pages 3 2
	echo 0 >$SYSCTL
	helper alloc alloc_pages 2 2
	is "$(past $site)" "3 $((3 * UNIT)) $((3 * UNIT))" "$mode: turned off, nothing is added"
	echo 1 >$SYSCTL
	helper alloc alloc_pages 4 2
	is "$(past $site)" "7 $((7 * UNIT)) $((7 * UNIT))" "$mode: turned on, it goes on"
	helper free alloc_pages
	is "$(in_use $site), $(past $site)" "0 0, 7 $((7 * UNIT)) $((7 * UNIT))" \
		"$mode: and nothing is left"
}

# visit: a module allocates twice, gives the pages away, and goes; then they go.
visit() {
	modload /modules/pgtag_visitor.ko && rmmod pgtag_visitor && helper free kept
}

few_tags() {
	[ "$(status_value tags)" -le $most ]
}

# modules: indices are used again, by others.
modules() {
	local visits=0 lines former
	visit
	most=$(($(status_value tags) + 8))
	while [ $visits -lt $ROUNDS ] && visit; do
		visits=$((visits + 1))
	done
	is $visits $ROUNDS "$mode: a module comes and goes"
	visit
	passes "$mode: indices are used again" within 10 few_tags
	visit
	# Those who were there may be there still, as they were.
	former=$(grep ' func:pgtag_visitor_' $TOTALS)
	modload /modules/pgtag_visitor.ko
	rmmod pgtag_visitor
	lines=$(grep ' func:pgtag_visitor_' $TOTALS | grep -vxF "$former")
	at_least "$(count_lines "$lines")" 2 "$mode: it is there"
	is "$(echo "$lines" | grep -v " total_calls:1 total_bytes:$((2 * PAGE)) peak_bytes:$((2 * PAGE)) \$")" "" \
		"$mode: as if nobody had been there before"
	helper free kept
}

# size_of CASE: of each object, with what the allocator adds; there are some.
size_of() {
	case $1 in
	object_variable) echo 256 ;;
	object_percpu) echo $((64 * cpus + 64 / 4 * 8)) ;;
	object_bulk) cat /sys/kernel/slab/pgtag_objects*/slab_size | tail -n 1 ;;
	*) echo 64 ;;
	esac
}

# objects CASE
objects() {
	local function=pgtag_test_$1
	helper alloc "$1" 3 50
	set -- "$1" "$(size_of "$1")"
	is "$(past "$function")" "150 $((150 * $2)) $((150 * $2))" "$1: objects are allocated"
	helper free "$1"
	passes "$1: they are freed" within 20 nothing_left "$function"
	is "$(past "$function")" "150 $((150 * $2)) $((150 * $2))" "$1: that changes nothing"
	helper alloc "$1" 1 50
	is "$(past "$function")" "200 $((200 * $2)) $((150 * $2))" "$1: and some more"
	helper free "$1"
}

nothing_left() {
	[ "$(in_use "$1")" = "0 0" ]
}

# check [PARAMETER]...
check() {
	mode=$*
	load totals=on "$@"
	is "$(status_value totals)" on "$mode: the status says so"
	is "$(sed -n 1p $TOTALS)" "totals - version: 1.0" "$mode: the file says what it is"
	pages
	kinds
	refusals
	switched
	modules
	audit_ok "$mode: audit"
	unlike "$(cat $TOTALS)" 0xffff "$mode: no address"
	is "$(awk 'NR > 2 { for (i = 3; i <= NF; i++) if ($i ~ /^(total|peak)_/) {
			split($i, pair, ":"); has[pair[1]] = pair[2] }
		if (has["peak_bytes"] < $1 || has["total_bytes"] < 0) print }' $TOTALS)" "" \
		"$mode: no peak is below what is in use"
	unload
	is "$(walk)" "0 0" "$mode: page->flags as before"
}

echo reset >/tmp/reset
expedite
load_helper
check storage=flags
check storage=table
check storage=table depth=4

mode=slab=objects
load totals=on slab=objects
cpus=$(($(sed 's/.*[-,]//' /sys/devices/system/cpu/possible) + 1))
for case in object_kmalloc object_node object_memdup object_variable object_bulk \
	object_percpu; do
	objects $case
done
reset
is "$(past pgtag_test_object_kmalloc)" "0 0 0" "$mode: begins anew"
audit_ok "$mode: audit"
diag "$(grep -E '^(tags|tag memory|peak rounds)' $PGTAG/status)"
unload

load
is "$(status_value totals)" off "nobody asked for them"
is "$(ls $TOTALS 2>/dev/null)" "" "and there is no file"
diag "$(grep -E '^(tags|tag memory)' $PGTAG/status)"
unload
done_testing
