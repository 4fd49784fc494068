# shellcheck shell=dash
# vm: smp="2,sockets=2" append="numa_balancing=enable"
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1"
# vm: kernels=ends
# NUMA balancing and the borrowed field keep each other out, both ways.
. ./lib.sh

DEBUG=/sys/kernel/debug/sched/numa_balancing
FTRACE=/proc/sys/kernel/ftrace_enabled

# set_to FILE VALUE: prints what went wrong, nothing if nothing did.
set_to() {
	echo "$2" | dd of="$1" 2>&1 >/dev/null | sed -n 's/^dd:.*: //p'
}

if ! [ -e $BALANCING ]; then
	skip "NUMA balancing" "not in this kernel"
	done_testing
fi
load_helper
# Newer kernels never allow it, whoever asks.
ftrace_off=$(set_to $FTRACE 0)
set_to $FTRACE 1
is "$(cat $BALANCING)" 1 "NUMA balancing is on"
# Until pages have a last cpupid of their own, and some are on their way to one:
# the kernel looks out for who uses a page by making it inaccessible. It waits a
# second before, and takes its time.
echo 10 >$DEBUG/scan_delay_ms
echo 10 >$DEBUG/scan_period_min_ms
hold_start 64 small
set_before=0
tries=0
while [ "$set_before" -lt 100 ] && [ $tries -lt 10 ]; do
	is "$(hold_do use 2)" ok "memory is in use while balancing is on"
	set_before=$(walk | cut -d' ' -f1)
	tries=$((tries + 1))
done
if [ "$set_before" -ge 100 ]; then
	ok "many pages have a last cpupid"
else
	not_ok "many pages have a last cpupid" "$set_before"
fi

try_load mem_profiling=1,compressed field=cpupid
# EBUSY
is "$?" 16 "compressed is refused while balancing is on"
is "$(count_lines "$said")" 1 "one line says why"
like "$said" 'kernel\.numa_balancing' "and what to do"
diag "$said"
is "$(ls -d /sys/module/pgtag_compress $PGTAG 2>/dev/null)" "" "nothing is left"
is "$(cat $BALANCING)" 1 "NUMA balancing is still on"

is "$(set_to $BALANCING 0)" "" "balancing can be turned off"
try_load mem_profiling=1,compressed field=cpupid
is "$?" 0 "then it loads"
like "$(status_value field)" LAST_CPUPID "and the field is LAST_CPUPID"
is "$(walk | cut -d' ' -f2)" 0 "the unused bits stay unused"
# Accesses that the kernel still waits for find it no longer interested.
is "$(hold_do use 2)" ok "the memory is in use after that"
churn 1
audit_ok "audit: values from before are no tags"

lines=$(dmesg_lines)
like "$(set_to $BALANCING 1)" 'Device or resource busy' \
	"balancing cannot be turned on"
said=$(dmesg_since "$lines")
is "$(count_lines "$said")" 1 "one line in the log"
like "$said" 'rmmod pgtag_compress' "it says how to get it back"
is "$(cat $BALANCING)" 0 "reading gives 0"
like "$(set_to $BALANCING 2)" 'Device or resource busy' \
	"memory tiering is refused too"
is "$(cat $BALANCING)" 0 "reading still gives 0"

is "$(set_to $FTRACE 0)" "${ftrace_off:-Device or resource busy}" "ftrace cannot be switched off"
is "$(cat $FTRACE)" 1 "ftrace is still on"
helper alloc alloc_pages 5 0
is "$(site pgtag_test_alloc_pages)" "$((5 * PAGE)) 5" "it still counts"
helper free alloc_pages
is "$(hold_do check)" intact "the memory has its content"
audit_ok "audit"

unload
is "$(walk)" "0 0" "page->flags as if balancing had never been on"
hold_stop
is "$(set_to $BALANCING 1)" "" "balancing can be turned on again"
is "$(cat $BALANCING)" 1 "and is on"
is "$(set_to $FTRACE 0)" "$ftrace_off" "ftrace can be switched off as before"
is "$(set_to $FTRACE 1)" "" "and on"
done_testing
