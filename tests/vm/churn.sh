# shellcheck shell=dash
# vm: timeout=900 smp="2,sockets=2" append="numa_balancing=disable"
# vm: qemu="-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1"
# vm: kernels=ends
# However memory is used, every counter equals the memory map afterwards.
. ./lib.sh

load_helper
load
# Pages of the helper, which no process can reach.
helper alloc alloc_pages 100 0
helper alloc folio_alloc 10 4
helper alloc split_page 10 3
helper alloc vmalloc 5 100
ours() {
	site pgtag_test_alloc_pages
	site pgtag_test_folio_alloc
	site pgtag_test_split_page
	site pgtag_test_vmalloc
}
before=$(ours)

for seed in 1 2 3; do
	passes "round $seed: runs" churn 2 $seed
	audit_ok "round $seed: audit"
	is "$(ours)" "$before" "round $seed: the helper's pages as before"
done

# Whether a huge page of that was split is up to chance; of these some are.
if have_huge_pages; then
	hold_start 32 huge
	hold_do check >/dev/null	# drains the CPUs' lists
	echo 1 >/sys/kernel/debug/split_huge_pages
	hold_stop
	audit_ok "huge pages were split: audit"
fi

# The workload was one: what it is about did happen.
for event in thp_split_page compact_success thp_fault_alloc pgmigrate_success; do
	diag "$(grep "^$event " /proc/vmstat)"
done
events=pgmigrate_success
! have_huge_pages || events="$events thp_fault_alloc thp_split_page"
for event in $events; do
	like "$(grep "^$event " /proc/vmstat)" ' [1-9]' "there was $event"
done

is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"
helper free alloc_pages
helper free folio_alloc
helper free split_page
helper free vmalloc
audit_ok "audit at the end"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
