# shellcheck shell=dash
# Indices in a table, where NUMA balancing has the bits of page->flags or where
# that was asked for.
# vm: smp="2,sockets=2" append="numa_balancing=enable"
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1"
# vm: kernels=ends
. ./lib.sh

load_helper
if [ -e $BALANCING ]; then
	is "$(cat $BALANCING)" 1 "NUMA balancing is on"
	# Nobody said where to keep tags: then it works, and says how.
	load
	if grep -q '^field: unused, ' $PGTAG/status; then
		ok "the unused bits are enough, and balancing does not use them"
		unload
		load field=cpupid
	fi
	is "$(status_value storage)" table "a plain load takes the table"
	like "$said" 'without compression .*NUMA balancing' "and says why"
else
	load storage=table
fi
is "$(cat /proc/sys/vm/mem_profiling_compressed)" 0 "the sysctl says so too"
table=$(status_value table)
# "N pages of 2 bytes an index, M bytes"
pages=${table%% *}
bytes=${table##*, }
is "${bytes% bytes}" "$((pages * 2))" "it takes two bytes a page"
diag "$table"
check_cases

# Balancing at work: it looks out for who uses a page, and moves some.
balance() {
	local before tries=0
	echo 10 >/sys/kernel/debug/sched/numa_balancing/scan_delay_ms
	echo 10 >/sys/kernel/debug/sched/numa_balancing/scan_period_min_ms
	hold_start 64 small
	before=$(vmstat numa_hint_faults)
	while [ $(($(vmstat numa_hint_faults) - before)) -lt 100 ] && [ $tries -lt 10 ]; do
		is "$(hold_do use 2)" ok "memory is in use while balancing is on"
		tries=$((tries + 1))
	done
	if [ $(($(vmstat numa_hint_faults) - before)) -ge 100 ]; then
		ok "NUMA balancing is running"
	else
		not_ok "NUMA balancing is running" "$(($(vmstat numa_hint_faults) - before)) hint faults"
	fi
	audit_ok "audit with memory of a process"
	is "$(hold_do check)" intact "the memory has its content"
	hold_stop
}
[ ! -e $BALANCING ] || balance
churn 3
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
if [ -e $BALANCING ]; then
	is "$(cat $BALANCING)" 1 "NUMA balancing is still on"
	echo 0 >$BALANCING
fi
unload

# Insisted on.
load storage=table
is "$(status_value storage)" table "storage=table takes the table"
check_case alloc_pages 5 3 1 8
audit_ok "storage=table: audit"
unload
load storage=flags
is "$(status_value storage)" flags "storage=flags takes the flags"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
