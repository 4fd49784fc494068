# shellcheck shell=dash
# kernel.ftrace_enabled=0 takes function hooks away from everybody. From this
# module it cannot; and where it came first, profiling does not begin.
# vm: kernels=ends
. ./lib.sh

EBUSY=16
SWITCH=/proc/sys/kernel/ftrace_enabled
SYSCTL=/proc/sys/vm/mem_profiling

# put VALUE FILE: prints what the kernel has against it.
put() {
	{ echo "$1" >"$2"; } 2>&1 | sed 's/.*: //'
}

# One by a trace event and one by a function.
check_two_cases() {
	check_case alloc_pages 3 2 1 4
	check_case bulk_array 3 0 48 48
}

expedite
load_helper

# From 7.3 on nobody can: "Operation not supported".
unsupported=$(put 0 $SWITCH)
put 1 $SWITCH

load
for round in 1 2; do
	like "$(put 0 $SWITCH)" "${unsupported:-busy}" "round $round: switching ftrace off is refused"
	is "$(cat $SWITCH)" 1 "round $round: it is still on"
	is "$(put 1 $SWITCH)" "" "round $round: switching it on is nothing new"
done
check_key_cases
churn 1 5
audit_ok "audit"
unload
is "$(walk)" "0 0" "page->flags as before"

if [ -n "$unsupported" ]; then
	skip "profiling while ftrace is off" "ftrace cannot be switched off: $unsupported"
	done_testing
fi

load mem_profiling=0
is "$(put 0 $SWITCH)" "" "with profiling off, ftrace can be switched off"
lines=$(dmesg_lines)
like "$(put 1 $SYSCTL)" 'busy' "then profiling cannot be turned on"
like "$(dmesg_since "$lines")" 'pgtag_compress: .*kernel.ftrace_enabled' \
	"and the log says why"
is "$(cat $SYSCTL)" 0 "it stays off"
put 1 $SWITCH
is "$(put 1 $SYSCTL)" "" "once ftrace is on, it can"
check_two_cases
audit_ok "audit after that"
unload

for storage in auto flags table; do
	put 0 $SWITCH
	try_load storage=$storage
	is "$?" $EBUSY "storage=$storage: is not loaded while ftrace is off"
	like "$said" 'kernel.ftrace_enabled' "storage=$storage: and says why"
	diag "$said"
	is "$(ls -d $PGTAG /proc/allocinfo 2>/dev/null)" "" "storage=$storage: no files"
	is "$(walk)" "0 0" "storage=$storage: page->flags as before"
	put 1 $SWITCH
	load storage=$storage
	check_two_cases
	unload
done
is "$(walk)" "0 0" "at the end: page->flags as before"
done_testing
