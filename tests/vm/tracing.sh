# shellcheck shell=dash
# vm: timeout=1500 allow="stack going in the wrong direction"
# vm: append="watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=300"
# Tracers replace return addresses on the stack. Sites are what they are without.
#
# The kernel's unwinder, whoever asks it, says that the stack goes in the wrong
# direction when an interrupt came between two instructions of return_to_handler.
#
# To trace all functions the kernel patches each of them without a pause, which takes
# half a minute of a slow host, with the module or without: no lockup before two.
# vm: files="tests/vm/lib/tracers.sh"
# vm: kernels=ends
. ./lib.sh
. ./tracers.sh

tracing_on() {
	echo "r:pgtag_a $alloc" >>$TRACING/kprobe_events
	echo "r:pgtag_v $vmalloc" >>$TRACING/kprobe_events
	for probe in a v; do
		echo 1 >$TRACING/events/kprobes/pgtag_$probe/enable
	done
	echo function_graph >$TRACING/current_tracer
	is "$(cat $TRACING/current_tracer)" function_graph "$1: function_graph is on"
	is "$(grep -c ^r $TRACING/kprobe_events)" 2 "$1: two return probes are on"
}

tracing_off() {
	# That they were there.
	for probe in a v; do
		like "$(grep "pgtag_$probe " $TRACING/kprobe_profile)" \
			' [1-9][0-9]* ' "$1: return probe $probe was hit"
	done
	graph_saw_returns "$1"
	echo nop >$TRACING/current_tracer
	for probe in a v; do
		echo 0 >$TRACING/events/kprobes/pgtag_$probe/enable
	done
	echo >$TRACING/kprobe_events
	echo >$TRACING/trace
}

alloc=$(traceable alloc_pages_noprof alloc_pages alloc_pages_mpol \
	__alloc_pages_noprof __alloc_pages | head -n 1)
vmalloc=$(traceable vmalloc_noprof vmalloc | head -n 1)
diag "return probes on $alloc and $vmalloc"
load_helper

trace_some() {
	for names in '*alloc*' '*page*' '*folio*' 'pgtag_test*'; do
		echo "$names" >>$TRACING/set_ftrace_filter
	done
}

# All functions, once, but where the kernel checks each of its own steps: there it
# would be hours.
[ ! -e /sys/kernel/debug/kmemleak ] || trace_some

tracing_on "tracing first"
load
check_key_cases
no_trampolines "tracing first"
audit_ok "tracing first: audit"
tracing_off "tracing first"
helper alloc alloc_pages 5 0
is "$(site pgtag_test_alloc_pages)" "$((5 * PAGE)) 5" "tracing gone: counts on"
helper free alloc_pages
unload
is "$(walk)" "0 0" "tracing first: page->flags as before"

load
trace_some
tracing_on "module first"
check_key_cases
no_trampolines "module first"
audit_ok "module first: audit"
is "$(status_value wrong)" 0 "module first: no stack read wrongly"
unload
is "$(walk)" "0 0" "module first: page->flags as before"
tracing_off "module first"
done_testing
