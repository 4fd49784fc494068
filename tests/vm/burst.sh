# shellcheck shell=dash
# More slabs at once than there are pieces of their size in stock, and there is no CPU on
# which a worker would fill the stock meanwhile.
# vm: smp=1 kernels=ends config=!PREEMPT_RT
. ./lib.sh

# burst CASE OBJECTS: sets calls, those that have a tag, and lost, those that have none:
# others may lose some, too. What the stock is filled with is objects, and does not.
burst() {
	lost=$(status_value 'dropped objects')
	helper alloc "$1" 1 "$2"
	calls=$(awk '/ func:pgtag_test_object_burst / && / kind:object / { print $2 }' $PGTAG/allocinfo)
	lost=$(($(status_value 'dropped objects') - lost))
	diag "$1: $calls; $(grep '^cells' $PGTAG/status)"
	settle
	audit_ok "$1: audit"
	helper free "$1"
	settle
	audit_ok "$1: audit after the free"
}

load_helper

# The stock is as it was at the start, for it grows. Larger pieces stand in for those that
# are out of stock, and the audit finds what is in these, too.
load slab=objects
burst object_burst_irqs_off 2700
at_least $((calls + lost)) 2700 "interrupts off: each object has a tag, or is known to have none"
at_least 2700 "$calls" "interrupts off: none has two"
at_least "$calls" 2500 "interrupts off: most of them have one"
at_least 100 "$lost" "interrupts off: few have none"
unload

load slab=objects
burst object_burst 20000
is "$calls $lost" "20000 0" "preemption off: each object has a tag"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
