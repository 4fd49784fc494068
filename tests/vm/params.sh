# shellcheck shell=dash
# What the parameter mem_profiling takes, and what it does.
. ./lib.sh

HOOKED=/sys/kernel/tracing/enabled_functions

# The kernel complains about the first module from outside, not about ours.
load_helper

# good VALUE STATE
good() {
	try_load "mem_profiling=$1"
	is "$?" 0 "$1: loads"
	is "$(count_lines "$said")" 1 "$1: announces itself in one line"
	is "$(status_value state)" "$2" "$1: state"
	rmmod pgtag_compress
}

# bad VALUE: in quotes, because it may have a space or be empty.
bad() {
	try_load "mem_profiling=\"$1\""
	# EINVAL
	is "$?" 22 "'$1': is refused as invalid"
	is "$(echo "$said" | grep -cF 'mem_profiling={0|1|never}[,compressed]')" 1 \
		"'$1': one line shows the grammar"
	is "$(ls -d /sys/module/pgtag_compress $PGTAG 2>/dev/null)" "" \
		"'$1': nothing is left"
	rmmod pgtag_compress 2>/dev/null
}

good 0 off
good 1 on
good never never
good 1,compressed on
good 0,compressed off

for value in '' 2 x '1,' 1,foo 1,compressed,x ' 1' '1 ' -1 01 compressed \
	1,Compressed; do
	bad "$value"
done

# Without the parameter it is on.
load
is "$(status_value state)" on "default: state"
helper alloc alloc_pages 3 0
is "$(site pgtag_test_alloc_pages)" "$((3 * PAGE)) 3" "default: counts"
helper free alloc_pages
unload

# Off: nothing hot is attached, nothing is counted.
hooked=$(cat $HOOKED)
load mem_profiling=0
# The memory report is a matter of running out of memory, not of allocations.
is "$(grep -v '^__show_mem ' $HOOKED)" "$hooked" \
	"0: no function is hooked that was not before"
churn 1
hits=$(grep '^hook ' $PGTAG/status | grep -v '^hook memory_report')
is "$(echo "$hits" | grep . | grep -vE '(not attached|[^0-9]0 hits)$')" "" \
	"0: no hook is attached or has a hit"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
