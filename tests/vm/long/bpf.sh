# shellcheck shell=dash
# vm: packages="bpftrace linux-perf" mem=1500M timeout=1500
# bpftrace and perf on the functions and trace events that are hooked here. BPF
# returns of functions are seen through a trampoline that calls the function.
. ./lib.sh

# Functions that only lead to the allocator are called through trampolines too.
# shellcheck disable=SC2046,SC2086 # names are words
set -- $(traceable $HOOKED_ALLOC $HOOKED_CHANGE $HOOKED_FREE)

# Those of static functions are not in BTF under every compiler.
program() {
	for function; do
		[ "$function" != make_alloc_exact ] || continue
		echo "kfunc:$function { @entries = count(); }"
		echo "kretfunc:$function { @exits = count(); }"
		echo "kprobe:$function { @probes = count(); }"
		echo "kretprobe:$function { @returns = count(); }"
	done
	echo 'tracepoint:kmem:mm_page_alloc { @allocs = count(); }'
	echo 'tracepoint:kmem:mm_page_free { @frees = count(); }'
	echo 'BEGIN { printf("listening\n"); }'
}

# wait_for TEXT FILE
wait_for() {
	local tries=0
	until grep -q "$1" "$2"; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || bail "$1 comes" "$(cat "$2")"
		sleep 0.2
	done
}

listen() {
	program "$@" >/tmp/program.bt
	in_debian bpftrace -v /tmp/program.bt >/tmp/bpftrace 2>&1 &
	bpftrace=$!
	wait_for ^listening /tmp/bpftrace
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

work() {
	check_key_cases
	hold_start 16 small
	hold_do thin >/dev/null
	is "$(hold_do compact)" ok "$1: pages are migrated"
	is "$(hold_do check)" intact "$1: the memory has its content"
	hold_stop
	no_trampolines "$1"
	audit_ok "$1: audit"
	is "$(status_value wrong)" 0 "$1: no stack read wrongly"
	is "$(status_value dropped)" 0 "$1: nothing dropped"
}

load_helper

listen "$@"
load
work "others first"
hush "others first"
helper alloc alloc_pages 5 0
is "$(site pgtag_test_alloc_pages)" "$((5 * PAGE)) 5" "others gone: counts on"
helper free alloc_pages
audit_ok "others gone: audit"

listen "$@"
work "module first"
unload
is "$(walk)" "0 0" "with others listening: page->flags as before"
hush "module first"
done_testing
