# shellcheck shell=dash
# Who follows returns has one of 16 places in the kernel, which are given away in turn.
# Since 6.14 it calls whoever has place 0 for the returns that others follow, and
# warns if that is an fprobe: the module follows returns with kretprobes then.
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

# with_kretprobes TEXT: that is so, and nothing is degraded.
with_kretprobes() {
	like "$(cat $PGTAG/status)" 'hook alloc_bulk: [a-z_]+ kretprobe,' \
		"$1: by kretprobe"
	is "$(status_value degraded)" "$(and_lost no)" "$1: nothing is degraded"
	exact "$1"
}

# The next is 3, if there are any.
if grep -q ' fprobe_graph_ops$' /proc/kallsyms; then
	turn 12
	graph_on
	load
	with_kretprobes "place 0 and others"
	unload

	# Who was followed when it fell asleep may wake up now, or later.
	graph_off
	load
	graph_on
	with_kretprobes "place 0 and sleepers"
	unload
	graph_off
fi

graph_on
load
exact "function_graph first"
unload
graph_off
is "$(walk)" "0 0" "page->flags as before"
done_testing
