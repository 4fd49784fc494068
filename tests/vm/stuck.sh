# shellcheck shell=dash
# The module goes while a task sleeps in the middle of an allocation: in a function
# whose exit is hooked, and which will return when nothing of the module is left.
#
# There is so little memory then that the kernel may get none where it swaps, and it
# prints where that was.
# vm: smp=2 mem=512M timeout=600 kmods="zram lzo-rle" allow="Call Trace:"
. ./lib.sh

STALL=/sys/module/pgtag_test/parameters/stall
STALLED=/sys/module/pgtag_test/parameters/stalled

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

wake() {
	kill -KILL $sleeper
	echo 0 >$STALL
	wait $sleeper
}

# stuck CASE FUNCTION [PARAMETER]...
stuck() {
	local case=$1 function=$2
	shift 2
	load "$@"
	fall_asleep "$case"
	# The helper allocates small things as well.
	tries=0
	while ! grep -q "$function" /proc/$sleeper/stack && [ $tries -lt 9 ]; do
		wake
		fall_asleep "$case"
		tries=$((tries + 1))
	done
	like "$(cat /proc/$sleeper/stack)" "$function" "$case: it is in $function"
	passes "$case: the module goes" timeout 60 rmmod pgtag_compress
	passes "$case: the task still sleeps" stalled
	wake
	is "$(walk)" "0 0" "$case: page->flags as before"
}

expedite
load_helper
# What can be swapped out is memory that can be reclaimed.
swap_on
hold_start 64 small

stuck bulk_array 'alloc_pages_bulk'
stuck bulk_array 'alloc_pages_bulk' attach=functions
stuck alloc_pages '__alloc_pages' attach=functions

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
