# shellcheck shell=dash
# vm: packages="bpftrace linux-perf" mem=1500M timeout=1500
# vm: files="tests/vm/lib/tracers.sh"
# bpftrace and perf on the functions and trace events that are hooked here. BPF
# returns of functions are seen through a trampoline that calls the function.
. ./lib.sh
. ./tracers.sh

# Functions that only lead to the allocator are called through trampolines too.
# shellcheck disable=SC2046,SC2086 # names are words
set -- $(traceable $HOOKED_ALLOC $HOOKED_CHANGE $HOOKED_FREE)

program() {
	for function; do
		echo "kfunc:$function { @entries = count(); }"
		echo "kretfunc:$function { @exits = count(); }"
		echo "kprobe:$function { @probes = count(); }"
		echo "kretprobe:$function { @returns = count(); }"
	done
	echo 'tracepoint:kmem:mm_page_alloc { @allocs = count(); }'
	echo 'tracepoint:kmem:mm_page_free { @frees = count(); }'
	echo 'BEGIN { printf("listening\n"); }'
}

listen() {
	program "$@" >/tmp/program.bt
	in_debian bpftrace -v /tmp/program.bt >/tmp/bpftrace 2>&1 &
	bpftrace=$!
	within 120 grep -q ^listening /tmp/bpftrace ||
		bail "bpftrace listens" "$(cat /tmp/bpftrace)"
	in_debian perf record -q -a -g -e kmem:mm_page_alloc -e cpu-clock \
		-o /tmp/perf.data -m 64 >/tmp/perf 2>&1 &
	perf=$!
	sleep 2
}

# hush TEXT: what they saw. How far perf's own call graphs go through the others'
# trampolines is not our matter.
hush() {
	killall bpftrace perf
	wait $bpftrace $perf
	for map in entries exits probes returns allocs frees; do
		like "$(cat /tmp/bpftrace)" "^@$map: [1-9]" "$1: bpftrace counted $map"
	done
	in_debian perf script -i /tmp/perf.data -F event,ip,sym >/tmp/script 2>/dev/null
	for event in kmem:mm_page_alloc cpu-clock; do
		like "$(grep -c "$event" /tmp/script)" '^[1-9]' "$1: perf recorded $event"
	done
	rm /tmp/perf.data
}

load_helper

listen "$@"
load
check_beside_others "others first"
# Every page is asked for through a trampoline now. The unwinder finds the way
# through each time, but nobody takes the lock for it.
helper alloc alloc_pages 1 0
learned=$(status_value learned)
asked=$(status_value asked)
helper alloc alloc_pages 2000 0
learned=$(($(status_value learned) - learned))
at_least $(($(status_value asked) - asked)) 2000 "through BPF: the unwinder is asked"
diag "learned $learned"
at_least 100 $learned "through BPF: there is next to nothing to learn"
helper free alloc_pages
hush "others first"
helper alloc alloc_pages 5 0
is "$(site pgtag_test_alloc_pages)" "$((5 * PAGE)) 5" "others gone: counts on"
helper free alloc_pages
audit_ok "others gone: audit"

listen "$@"
check_beside_others "module first"
unload
is "$(walk)" "0 0" "with others listening: page->flags as before"
hush "module first"
done_testing
