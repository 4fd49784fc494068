# shellcheck shell=dash
# Turned off and on at run time: off nothing new is tagged, frees are still
# subtracted, and on again the numbers are still exact. modes_times=N on the kernel
# command line: off and on so many times under load.
# vm: smp=2 timeout=900
# vm: kernels=ends
. ./lib.sh

SYSCTL=/proc/sys/vm/mem_profiling

# set_sysctl VALUE: the errno-like status of the write
set_sysctl() {
	echo "$1" 2>/dev/null >$SYSCTL
}

load_helper

load mem_profiling=0
is "$(cat $SYSCTL)" 0 "loaded with 0: the sysctl reads 0"
is "$(cat /proc/sys/vm/mem_profiling_compressed)" 0 "and nothing is compressed"
passes "it can be turned on" set_sysctl 1
is "$(status_value state)" on "then it is on"
is "$(cat /proc/sys/vm/mem_profiling_compressed)" 1 "and compressed"
helper alloc alloc_pages 5 2
is "$(site pgtag_test_alloc_pages)" "$((20 * PAGE)) 5" "it counts"

passes "it can be turned off" set_sysctl 0
is "$(cat $SYSCTL)" 0 "then the sysctl reads 0"
helper alloc alloc_pages 3 2
helper alloc bulk_array 3
is "$(site pgtag_test_alloc_pages)" "$((20 * PAGE)) 5" "off: nothing is added"
is "$(site pgtag_test_bulk_array)" "0 0" "off: nor in bulk"
helper free alloc_pages
is "$(site pgtag_test_alloc_pages)" "0 0" "off: frees are still subtracted"
helper free bulk_array
audit_ok "off: audit"

passes "it can be turned on again" set_sysctl 1
helper alloc alloc_pages 4 0
is "$(site pgtag_test_alloc_pages)" "$((4 * PAGE)) 4" "on again: it counts"
audit_ok "on again: audit"
for value in 2 -1 x; do
	set_sysctl $value
	is "$(cat $SYSCTL)" 1 "$value is refused"
done

# Under load, many times.
TIMES=${modes_times:-150}
churn 0 >/dev/null 2>&1 &
worker=$!
# So that this shell gets to run.
renice -n 19 -p $worker >/dev/null
expedite
i=0
while [ $i -lt $TIMES ] && echo 0 >$SYSCTL && echo 1 >$SYSCTL; do
	i=$((i + 1))
done
is $i $TIMES "off and on $TIMES times under load"
kill $worker
wait $worker 2>/dev/null
helper free alloc_pages
audit_ok "audit after that"
unload
is "$(walk)" "0 0" "page->flags as before"

load mem_profiling=never
is "$(cat $SYSCTL)" 0 "never: the sysctl reads 0"
is "$(stat -c %a $SYSCTL)" 444 "never: and can only be read"
is "$(status_value state)" never "never: the status says so"
unload
done_testing
