# shellcheck shell=dash
# A node without memory, and nodes that interleave: memory that lies above node 2
# comes to node 0.
# vm: smp="2,sockets=2" mem="512M,slots=2,maxmem=2G" monitor=yes timeout=180 append="numa_balancing=disable"
# vm: qemu="-object memory-backend-ram,id=m0,size=256M -object memory-backend-ram,id=m1,size=256M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1 -numa node,nodeid=2,memdev=m1"
# vm: kernels=ends config=NUMA
. ./lib.sh

NODES=/sys/devices/system/node

# pages NODE: that it spans, and those there are, all zones together.
pages() {
	awk -v node="$1," '$1 == "Node" { mine = $2 == node }
		mine && $1 == "spanned" { spanned += $2 }
		mine && $1 == "present" { present += $2 }
		END { print spanned + 0, present + 0 }' /proc/zoneinfo
}

came() {
	[ "$(cat $NODES/node0/memory*/state | grep -cx online)" -ge 4 ]
}

round() {
	local text=$1
	shift
	passes "$text: loads" timeout 30 modload "$MODULE" "$@"
	churn 1
	settle
	audit_ok "$text: audit"
	unload
	is "$(walk)" "0 0" "$text: page->flags as before"
}

modload /modules/pgtag_word.ko 2>/dev/null
is $? $EAGAIN "a write to what has become read-only is passed over"
expedite
is "$(cat $NODES/online)" 0-2 "there are three nodes"
is "$(pages 1)" "0 0" "one has no memory"
round "flags" storage=flags
round "table" storage=table

# Memory can come with ACPI alone, and then that kernel takes none of QEMU's nodes, for
# its flash memory is of no node.
if is_arm64; then
	skip "nodes interleave" "not with both ACPI and nodes here"
	done_testing
fi
echo online_movable >/sys/devices/system/memory/auto_online_blocks
monitor "object_add memory-backend-ram,id=mem,size=256M"
monitor "device_add pc-dimm,id=dimm,memdev=mem,node=0"
passes "node 0 has memory above node 2" within 10 came
diag "$(pages 0; pages 2)"
round "interleaved, flags" storage=flags
round "interleaved, table" storage=table
done_testing
