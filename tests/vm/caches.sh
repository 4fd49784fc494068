# shellcheck shell=dash
# Compaction and dropped caches, again and again, under files and anonymous
# memory: what made the kernel's own allocation profiling go below zero.
# vm: timeout=600
# vm: kernels=ends
. ./lib.sh

ROUNDS=2

load
for round in $(seq $ROUNDS); do
	churn 1 $((30 + round)) &
	worker=$!
	times=0
	while kill -0 $worker 2>/dev/null; do
		echo 1 >/proc/sys/vm/compact_memory
		echo $((1 + times % 3)) >/proc/sys/vm/drop_caches
		times=$((times + 1))
	done
	wait $worker
	like "$times" '^[1-9]' "round $round: compacted and dropped while memory was used"
	settle
	audit_ok "round $round: audit"
	is "$(impossible)" "" "round $round: no tag has bytes and no calls, or less than none"
done
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
