# shellcheck shell=dash
# The module goes while a task sleeps in the middle of an allocation: in a function
# whose exit is hooked, and which will return when nothing of the module is left.
#
# There is so little memory then that the kernel may get none where it swaps, and it
# prints where that was.
# vm: smp=1 mem=512M timeout=600 kmods="zram lzo-rle" allow="Call Trace:"
# vm: kernels=ends
. ./lib.sh

STALL=/sys/module/pgtag_test/parameters/stall
STALLED=/sys/module/pgtag_test/parameters/stalled
TRACING=/sys/kernel/tracing
REUSE=/sys/module/pgtag_reuse/parameters

# The task sleeps: 6.1 warns if the stack of one that runs is asked for while an exit
# is hooked.
stalled() {
	[ "$(cat $STALLED)" = Y ] && grep -q '^State:.D' "/proc/$sleeper/status"
}

# fall_asleep CASE: allocate until memory must be reclaimed. Sets sleeper.
fall_asleep() {
	echo 1 >$STALL
	echo "alloc $1 1000000" >"$CONTROL" 2>/dev/null &
	sleeper=$!
	passes "$1: a task sleeps in reclaim" within 60 stalled
}

# wake: it keeps what it has got.
wake() {
	kill -KILL $sleeper
	echo 0 >$STALL
	wait $sleeper
}

# fall_asleep_in FUNCTION CASE: the helper allocates small things as well.
fall_asleep_in() {
	local naps=0
	fall_asleep "$2"
	while ! grep -q "$1" /proc/$sleeper/stack && [ $naps -lt 9 ]; do
		wake
		helper free "$2"
		fall_asleep "$2"
		naps=$((naps + 1))
	done
	like "$(cat /proc/$sleeper/stack)" "$1" "$2: it is in $1"
}

# stuck CASE FUNCTION [PARAMETER]...
stuck() {
	local case=$1 function=$2
	shift 2
	load "$@"
	fall_asleep_in "$function" "$case"
	passes "$case: the module goes" timeout 60 rmmod pgtag_compress
	passes "$case: the task still sleeps" stalled
	wake
	is "$(walk)" "0 0" "$case: page->flags as before"
	helper free "$case"
}

# load_again [PARAMETER]...: until one of its hooks is where one was before.
load_again() {
	unload
	echo 0 >$REUSE/reused
	load "$@"
	[ "$(cat $REUSE/reused)" = Y ]
}

# reloaded CASE FUNCTION [PARAMETER]...: it is there again when the task wakes, with a hook
# where there was one, and has seen fewer call sites.
reloaded() {
	local case=$1 function=$2 tries=0
	shift 2
	modload /modules/pgtag_reuse.ko "function=$function" || bail "pgtag_reuse loads"
	load "$@"
	churn 1
	fall_asleep_in "pgtag_test_$case" "$case"
	until load_again "$@" || [ $tries -gt 20 ]; do
		tries=$((tries + 1))
	done
	if [ "$(cat $REUSE/reused)" = Y ]; then
		ok "$case, reloaded: a hook is where one was"
	else
		skip "$case, reloaded: a hook is where one was" "in none of $tries loads"
	fi
	passes "$case, reloaded: the task still sleeps" stalled
	wake
	is "$(site "pgtag_test_$case")" "0 0" "$case, reloaded: nothing is added"
	audit_ok "$case, reloaded: audit"
	helper free "$case"
	audit_ok "$case, reloaded: audit after the free"
	unload
	rmmod pgtag_reuse
}

expedite
load_helper
# What can be swapped out is memory that can be reclaimed.
swap_on
hold_start 64 small

stuck bulk_array 'alloc_pages_bulk'
stuck bulk_array 'alloc_pages_bulk' attach=functions
stuck alloc_pages "$(allocator)" attach=functions
# Somebody else's hook of an exit keeps function graph's part for fprobes where it is.
if grep -q ' fprobe_graph_ops$' /proc/kallsyms; then
	echo 'f:keep msleep%return' >>$TRACING/dynamic_events
	echo 1 >$TRACING/events/fprobes/keep/enable
	reloaded alloc_pages __alloc_frozen_pages_noprof attach=functions
fi

# And it still works.
load
helper alloc alloc_pages 10 3
is "$(site pgtag_test_alloc_pages)" "$((80 * PAGE)) 10" "counts after all that"
helper free alloc_pages
hold_stop
settle
audit_ok "audit"
unload
is "$(walk)" "0 0" "page->flags as before, at the end"
done_testing
