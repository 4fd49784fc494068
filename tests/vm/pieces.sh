# shellcheck shell=dash
# Pages that come and go in another shape than they were asked for, and that no
# trace event tells about: a range allocated at its place, and a block that is
# freed while somebody else still has its first page.
. ./lib.sh

load_helper
load

check_case contig 2 512 512 512
check_case contig 1 1024 1024 1024
audit_ok "contiguous ranges: audit"

for order in 1 2 3 9; do
	# Only the first page is left of each.
	check_case extra_ref 5 $order 1 1
done
helper alloc extra_ref 50 4
audit_ok "extra reference: audit while the first pages are left"
helper free extra_ref
audit_ok "extra reference: audit at the end"

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
