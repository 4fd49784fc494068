# shellcheck shell=dash
# Allocations seen by the exits of functions: the same accounts as by events.
# vm: timeout=300
# vm: kernels=ends
. ./lib.sh

load_helper
load attach=functions
like "$(cat $PGTAG/status)" '^hook alloc: __alloc_[a-z_]+ (fprobe exit|kretprobe), [1-9]' \
	"the allocator's functions are hooked"
check_cases
for round in 1 2; do
	churn 1 $round
	audit_ok "round $round: audit"
done
diag "$(grep '^hook' $PGTAG/status)"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"

# What both ways say of the same work, function by function.
work() {
	helper alloc alloc_pages 50 2
	helper alloc folio_alloc 50 0
	helper alloc vmalloc 3 100
	functions | grep -E '^[1-9].* pgtag_test_'
	helper free alloc_pages
	helper free folio_alloc
	helper free vmalloc
}
by_functions=$(work)
unload
load
is "$(work | sort)" "$(echo "$by_functions" | sort)" "events give the same accounts"
is "$(count_lines "$by_functions")" 3 "of three functions"
audit_ok "events: audit"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
