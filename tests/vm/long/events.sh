# shellcheck shell=dash
# vm: timeout=600 files="tests/vm/lib/tracers.sh"
# Others who watch the functions and trace events that are hooked here, all kinds
# at once: the function tracer, probes on entries and returns, trace events.
. ./lib.sh
. ./tracers.sh

# shellcheck disable=SC2046,SC2086 # names are words
set -- $(traceable $HOOKED_ALLOC $HOOKED_CHANGE $HOOKED_FREE)
diag "$*"
# The events of fprobes came with 6.5.
kinds='p r'
grep -q 'f\[:' $TRACING/README && kinds='p r f x'

# add_probe KIND FUNCTION
add_probe() {
	case $1 in
	f | x) spec="f:pgtag_$1/$1_$2 $2" ;;
	*) spec="$1:pgtag_$1/$1_$2 $2" ;;
	esac
	[ "$1" != x ] || spec="$spec%return"
	echo "$spec" >>$TRACING/dynamic_events || not_ok "a probe: $spec"
}

# listen TEXT FUNCTION...
listen() {
	text=$1
	shift
	for function; do
		for kind in $kinds; do
			add_probe "$kind" "$function"
		done
	done
	echo "$@" >$TRACING/set_ftrace_filter
	echo function >$TRACING/current_tracer
	for group in $kinds; do
		echo 1 >$TRACING/events/pgtag_$group/enable
	done
	for event in mm_page_alloc mm_page_free; do
		echo 1 >$TRACING/events/kmem/$event/enable
	done
	is "$(grep -c pgtag_ $TRACING/dynamic_events)" \
		"$(($(echo "$kinds" | wc -w) * $#))" "$text: probes on $# functions"
	listening "$text"
}

# listening TEXT: each of them sees allocations. With the buffer this small, the
# newest are in it.
listening() {
	echo 1 >$TRACING/tracing_on
	helper alloc vmalloc 1 4
	helper free vmalloc
	echo 0 >$TRACING/tracing_on
	for kind in $kinds; do
		like "$(cat $TRACING/trace)" " ${kind}_(__)?alloc_pages" \
			"$1: probes of kind $kind see the allocator"
		like "$(cat $TRACING/trace)" " ${kind}_vmalloc" \
			"$1: and the helper's vmalloc()"
	done
	like "$(cat $TRACING/trace)" ': mm_page_alloc: ' "$1: the trace event is on"
	like "$(cat $TRACING/trace)" ': vmalloc(_noprof)? <-pgtag_test_vmalloc' \
		"$1: the function tracer sees who calls"
	echo >$TRACING/trace
	echo 1 >$TRACING/tracing_on
}

hush() {
	echo nop >$TRACING/current_tracer
	echo >$TRACING/set_ftrace_filter
	echo 0 >$TRACING/events/enable
	echo >$TRACING/dynamic_events
	is "$(grep -c . $TRACING/dynamic_events)" 0 "$1: nobody listens any more"
}

expedite
load_helper
echo 256 >$TRACING/buffer_size_kb

listen "others first" "$@"
load
check_beside_others "others first"
hush "others first"
helper alloc alloc_pages 5 0
is "$(site pgtag_test_alloc_pages)" "$((5 * PAGE)) 5" "others gone: counts on"
helper free alloc_pages
audit_ok "others gone: audit"

listen "module first" "$@"
churn 1 2
check_beside_others "module first"
unload
is "$(walk)" "0 0" "with others listening: page->flags as before"
listening "module gone"
done_testing
