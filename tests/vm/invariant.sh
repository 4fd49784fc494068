# shellcheck shell=dash
# vm: timeout=900
# vm: kernels=ends
# At rest, for every tag, the calls are the pages that carry its index. The
# module's own audit says so, and so does a walk that knows nothing of the module.
. ./lib.sh

# What the walk finds: how many values of the field are on exactly N pages.
values_with() {
	echo "$walked" | grep -c " heads $1\$"
}

# carried HEADS CASE
carried() {
	is "$(site_calls "pgtag_test_$2")" "$1" "$2: calls"
	is "$(values_with "$1")" 1 "$2: one value of the field is on $1 heads"
}

walk_values() {
	lines=$(dmesg_lines)
	modload /modules/pgtag_walk.ko values=1 2>/dev/null
	walked=$(dmesg_since "$lines" | grep 'pgtag_walk: value')
}

load_helper
# The field whose values the walk prints.
load field=cpupid

for seed in 11 12 13; do
	churn 1 $seed
	audit_ok "after churn, seed $seed"
done

# Numbers of pages that no other site will have by chance.
helper alloc alloc_pages 1237 0
helper alloc folio_alloc 1409 1
helper alloc split_page 101 4
helper alloc bulk_array 29
helper alloc vmalloc 7 509
walk_values
carried 1237 alloc_pages
carried 1409 folio_alloc
carried 1616 split_page
carried 1392 bulk_array
carried 3563 vmalloc
helper free folio_alloc
helper free vmalloc
walk_values
is "$(values_with 1237) $(values_with 1409) $(values_with 1616)" "1 0 1" \
	"pages that were freed carry no value"
audit_ok "with the helper's pages"

# Readers while everything changes: they must not disturb, nor be disturbed.
churn 4 14 &
worker=$!
while kill -0 $worker 2>/dev/null; do
	cat $PGTAG/allocinfo $PGTAG/status /proc/allocinfo >/dev/null
	tail -n 1 $PGTAG/audit >>/tmp/audits &
	tail -n 1 $PGTAG/audit >>/tmp/audits
done
wait
# Under load an audit may find what is none: while it walks, a page can take the
# place of another without a counter ending up different.
diag "audits under load: $(sort /tmp/audits | uniq -c)"
audit_ok "after readers in parallel"

# A second listener on the events puts a function of the kernel's between.
for event in mm_page_alloc mm_page_free; do
	echo 1 >/sys/kernel/tracing/events/kmem/$event/enable
done
check_case get_free_pages 5 0 1 1
check_case folio_alloc 5 2 1 4
check_case kmalloc_size 5 3 1 4
check_case vzalloc 3 100 100 100
churn 1 15
audit_ok "with a second listener"
for event in mm_page_alloc mm_page_free; do
	echo 0 >/sys/kernel/tracing/events/kmem/$event/enable
done
unlike "$(cat $PGTAG/allocinfo)" 'traceiter|do_trace' "no helper of tracing is a site"
audit_ok "without it again"

is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"
for case in alloc_pages split_page bulk_array; do
	helper free $case
done
audit_ok "at the end"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
