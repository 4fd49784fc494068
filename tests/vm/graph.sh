# shellcheck shell=dash
# Who follows returns has one of 16 places in the kernel, which are given away in turn.
# Since 6.14 it calls whoever has place 0 for the returns that others follow, and
# warns if that is an fprobe: the module leaves it.
# vm: timeout=600 files="tests/vm/lib/tracers.sh"
# vm: kernels=ends
. ./lib.sh
. ./tracers.sh

graph_on() {
	echo function_graph >$TRACING/current_tracer
}

graph_off() {
	echo nop >$TRACING/current_tracer
}

# turn N: the next N places are taken and given back.
turn() {
	for i in $(seq "$1"); do
		graph_on
		graph_off
	done
}

# exact TEXT: what has its hook at an exit is counted, while others follow returns.
exact() {
	check_case bulk_array 3 0 48 48
	check_case contig 1 512 512 512
	graph_saw_returns "$1"
	audit_ok "$1: audit"
}

echo schedule >$TRACING/set_ftrace_filter
load_helper

# Place 0 is the first after boot.
load
graph_on
exact "module first"
unload
graph_off

# The next is 3, if there are any.
if grep -q ' fprobe_graph_ops$' /proc/kallsyms; then
	turn 12
	graph_on
	load
	like "$(dmesg)" 'stop the tracer, load this module again' \
		"place 0 and others: is explained"
	like "$(cat $PGTAG/status)" 'hook alloc_bulk: .*not attached' \
		"place 0 and others: hooks of exits are not attached"
	is "$(status_value degraded)" hooks "place 0 and others: that is degraded"
	like "$(cat $PGTAG/status)" '^#   pages allocated in bulk have no tag$' \
		"place 0 and others: status says what is lost"
	helper alloc bulk_array 3
	helper free bulk_array
	audit_ok "place 0 and others: audit"
	graph_off
	unload

	load
	unlike "$(cat $PGTAG/status)" 'not attached' "place 0 alone: all is attached"
	is "$(status_value degraded)" no "place 0 alone: nothing is degraded"
	graph_on
	exact "place 0 alone"
	unload
	graph_off
	turn 13
fi

graph_on
load
exact "function_graph first"
unload
graph_off
is "$(walk)" "0 0" "page->flags as before"
done_testing
