# shellcheck shell=dash
# More slabs at once than there are pieces of their size in stock: larger ones stand in
# for them, and the audit finds what is in these, too. There is no second CPU, on which
# the stock would be filled meanwhile.
# vm: smp=1 kernels=ends
. ./lib.sh

load_helper
load slab=objects
helper alloc object_burst 1
calls=$(awk '/ func:pgtag_test_object_burst / && / kind:object / { print $2 }' $PGTAG/allocinfo)
lost=$(status_value 'dropped objects')
# Others may lose some, too; what the stock is filled with is objects, and does not.
at_least $((calls + lost)) 2700 "each object has a tag, or is known to have none"
at_least 2700 "$calls" "none has two"
at_least "$calls" 2500 "most of them have one"
at_least 100 "$lost" "few have none"
diag "$calls; $(grep '^cells' $PGTAG/status)"
settle
audit_ok "audit"
helper free object_burst
settle
audit_ok "audit after the free"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
