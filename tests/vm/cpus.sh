# shellcheck shell=dash
# vm: smp=3 append="maxcpus=2"
# vm: kernels=ends
# CPUs come and go; what was counted on one that is gone still counts.
. ./lib.sh

# online CPU 0|1
online() {
	echo "$2" >/sys/devices/system/cpu/cpu"$1"/online ||
		not_ok "CPU $1 is set to $2"
}

# helper_on CPU COMMAND...: as helper does, on that CPU.
helper_on() {
	cpu=$1
	shift
	echo "$*" | taskset $((1 << cpu)) dd of="$CONTROL" bs=80 2>/tmp/helper ||
		not_ok "pgtag_test on CPU $cpu: $*" "$(cat /tmp/helper)"
}

# there_are CPUS TEXT
there_are() {
	is "$(cat /sys/devices/system/cpu/online)" "$1" "$2"
}

# allocated N TEXT
allocated() {
	is "$(site pgtag_test_alloc_pages)" "$(($1 * 2 * PAGE)) $1" "$2"
}

load_helper
load
there_are 0-1 "two CPUs when the module is loaded"

online 2 1
there_are 0-2 "a third one comes, for the first time"
helper_on 2 alloc alloc_pages 40 1
allocated 40 "it counts"
online 2 0
there_are 0-1 "it goes"
allocated 40 "and what it counted stays"
helper_on 1 free alloc_pages
allocated 0 "another CPU frees that"
audit_ok "audit"

huge_pages_on_request
churn 0 7 &
worker=$!
n=0
while [ $n -lt 120 ]; do
	for cpu in 1 2; do
		online $cpu 1
		helper_on $cpu alloc alloc_pages 10 1
		n=$((n + 10))
		online $cpu 0
	done
done
kill $worker
wait $worker 2>/dev/null
there_are 0 "under load, CPUs come and go 12 times"
allocated $n "what they counted is all there"
settle
audit_ok "audit with one CPU"
helper_on 0 free alloc_pages
allocated 0 "the last CPU frees it all"
online 1 1
online 2 1
check_key_cases
audit_ok "audit with all CPUs"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"

online 2 0
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
