# shellcheck shell=dash
# On which NUMA nodes pages are, in every storage. The node between the two that have
# memory has none.
# vm: smp="3,sockets=3" append="numa_balancing=disable" timeout=300
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m2,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1 -numa node,nodeid=2,cpus=2,memdev=m2"
# vm: kernels=ends config=NUMA
. ./lib.sh

SIZE=$((64 << 20))

# columns FUNCTION: bytes on node 0 and on node 2.
columns() {
	awk -v name=" func:$1" 'index($0, name) { first += $3; second += $4 }
		END { printf "%d %d\n", first, second }' $PGTAG/nodes
}

# wrong FILE: lines whose columns are not what they have in all.
wrong() {
	awk 'NR > 2 && $1 != $3 + $4' "$1"
}

# of_helper FILE: what the helper has, function by function.
of_helper() {
	functions "$1" | grep ' pgtag_test_' | sort
}

# agree: what allocinfo has before and after is in nodes as well. Lines may move away
# and back meanwhile, but few do.
agree() {
	cat $PGTAG/allocinfo >/tmp/before
	cat $PGTAG/nodes >/tmp/nodes
	cat $PGTAG/allocinfo >/tmp/after
	awk 'FILENAME != last { last = FILENAME; file++; line = 0 }
		++line <= 2 || !$1 { next }
		file == 2 { $3 = $4 = "" }
		{ $1 = $1; gsub(/ +/, " "); seen[$0]++ }
		END {
			for (i in seen)
				if (seen[i] == 3)
					same++
				else if (seen[i] == 2)
					print "not in all: " i >"/tmp/not"
			print same + 0
		}' /tmp/before /tmp/nodes /tmp/after
}

# check [PARAMETER]...
check() {
	load "$@"
	is "$(sed -n 1p $PGTAG/nodes)" "nodes - version: 1.0" "$*: the file says what it is"
	is "$(sed -n 2p $PGTAG/nodes | tr -s ' ')" "# <size> <calls> <node0> <node2> <tag info>" \
		"$*: a column for each node with memory"

	hold_site 64 small
	for node in 2 0; do
		is "$(hold_do bind $node)" 16384 "$*: all of $site are moved to node $node"
		columns "$site" >/tmp/columns
		read -r first second </tmp/columns
		diag "$first on node 0, $second on node 2"
		[ $node = 2 ] || { other=$first; first=$second; second=$other; }
		at_least "$second" $SIZE "$*: its column has them"
		at_least $((SIZE / 2)) "$first" "$*: the other has not"
	done
	hold_stop

	helper alloc alloc_pages 5 3
	helper alloc extra_reference 5 3
	helper alloc compound 5 4
	helper alloc folio_alloc 2 9
	helper alloc split_page 3 4
	helper alloc alloc_pages_exact 3 5
	helper alloc bulk_array 3 0
	helper alloc vmalloc 3 512
	helper alloc contig 1 512
	is "$(of_helper $PGTAG/nodes)" "$(of_helper $PGTAG/allocinfo)" \
		"$*: bytes and calls of each function as in allocinfo"
	at_least "$(of_helper $PGTAG/nodes | grep -cv '^0 ')" 9 "$*: of all of them"
	at_least "$(agree)" 5 "$*: what is at rest is the same in both"
	[ ! -e /tmp/not ] || diag "$(cat /tmp/not)"
	is "$(wrong /tmp/nodes)" "" "$*: a line's columns add up to what it has"
	unlike "$(cat $PGTAG/nodes)" 0xffff "$*: no address"
	audit_ok "$*: audit"

	# It says what was there when it was opened.
	exec 7<$PGTAG/nodes
	read -r said <&7
	for case in alloc_pages extra_reference compound folio_alloc split_page \
		alloc_pages_exact bulk_array vmalloc contig; do
		helper free $case
	done
	cat <&7 >/tmp/nodes
	exec 7<&-
	is "$(grep -c " func:pgtag_test_compound " /tmp/nodes)" \
		"$(grep -c "^ *[1-9].* func:pgtag_test_compound " /tmp/nodes)" \
		"$*: what was freed since it was opened is still in it"
	is "$(of_helper $PGTAG/nodes | grep -v '^0 0 ')" "" "$*: but not the next time"
	unload
	is "$(walk)" "0 0" "$*: page->flags as before"
}

is "$(cat /sys/devices/system/node/has_memory)" "0,2" "two nodes have memory"
is "$(cat /sys/devices/system/node/online)" "0-2" "there are three"
expedite
load_helper
check storage=flags
check storage=table
check storage=table depth=4

load mem_profiling=0
is "$(wc -l <$PGTAG/nodes)" 2 "turned off there is nothing"
unload

# All tags go while it is open.
load storage=table bits=4
exec 7<$PGTAG/nodes
churn 1
passes "profiling ends" within 10 disabled
is "$(wc -l <&7)" 2 "then there is nothing left of what was found before"
exec 7<&-
is "$(wc -l <$PGTAG/nodes)" 2 "nor later"
unload
done_testing
