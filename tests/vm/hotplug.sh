# shellcheck shell=dash
# Memory that comes and goes under load, with both storages.
# vm: acpi=yes config=ACPI_HOTPLUG_MEMORY
# vm: mem="512M,slots=2,maxmem=2G" smp=2 timeout=600 monitor=yes
# vm: kernels=ends
. ./lib.sh

MEMORY=/sys/devices/system/memory
NEW=256	# megabytes

# In kilobytes.
total() {
	awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo
}

# blocks STATE: the blocks of memory that are in it.
blocks() {
	grep -lx "$1" $MEMORY/memory*/state | xargs -rn1 dirname
}

came() {
	[ "$(blocks offline | wc -l)" -ge 2 ]
}

went() {
	[ "$(find $MEMORY -name 'memory[0-9]*' | wc -l)" -eq "$blocks_before" ]
}

# table: what is said of it if it is for all memory that is there.
table() {
	local pages
	pages=$(($(blocks online | wc -l) * 0x$(cat $MEMORY/block_size_bytes) / PAGE))
	echo "$pages pages of 2 bytes an index, $((pages * 2)) bytes"
}

# Only pages that can be moved get there, or it could not be taken away again.
online() {
	local block
	for block in $(blocks offline); do
		echo online_movable >"$block/state"
	done
}

# plug: sets $dimm.
dimms=0
plug() {
	dimms=$((dimms + 1))
	dimm=$dimms
	monitor "object_add memory-backend-ram,id=mem$dimm,size=${NEW}M"
	monitor "device_add pc-dimm,id=dimm$dimm,memdev=mem$dimm"
	passes "$1: a device of ${NEW} MB is there" within 10 came
	online
}

# The kernel takes its blocks offline, if it can move what lies there just then.
unplug() {
	local tries=0
	while ! went && [ $tries -lt 120 ]; do
		monitor "device_del dimm$dimm"
		sleep 0.5
		tries=$((tries + 1))
	done
	passes "$1: the device is gone" went
	monitor "object_del mem$dimm"
}

echo offline >$MEMORY/auto_online_blocks
blocks_before=$(find $MEMORY -name 'memory[0-9]*' | wc -l)
before=$(total)
load_helper

for storage in flags table; do
	load storage=$storage
	churn 0 7 &
	worker=$!
	helper alloc folio_alloc 20 2
	plug "$storage"
	is "$(($(total) - before))" $((NEW * 1024)) "$storage: it is in use"
	[ $storage = flags ] ||
		is "$(status_value table)" "$(table)" "$storage: the table has grown"
	# What a process has lies in the new memory first, and is moved away.
	hold_start 64 small
	unplug "$storage"
	is "$(hold_do check)" intact "$storage: the memory has its content"
	hold_stop
	is "$(total)" "$before" "$storage: memory is as before"
	kill -TERM $worker
	wait $worker 2>/dev/null
	settle
	audit_ok "$storage: audit"
	helper free folio_alloc
	[ $storage = flags ] ||
		is "$(status_value table)" "$(table)" "$storage: the table has shrunk"
	# Memory that comes once more does not bring back what it had.
	plug "$storage, again"
	audit_ok "$storage, again: audit"
	unload
	is "$(walk)" "0 0" "$storage: page->flags as before"
	unplug "$storage, again"
done
done_testing
