# shellcheck shell=dash
# vm: timeout=1500
# The module comes and goes under load, and returns every bit each time.
. ./lib.sh

ROUNDS=20

load_helper
is "$(walk)" "0 0" "page->flags before"

churn 0 &
worker=$!
loaded=0
unloaded=0
for round in $(seq $ROUNDS); do
	if try_load; then
		loaded=$((loaded + 1))
	else
		diag "load $round: $said"
	fi
	# Some time at work, of another length each time.
	sleep 0.$((round % 10))
	cat $PGTAG/allocinfo >/dev/null
	helper alloc alloc_pages 10 "$((round % 4))"
	rmmod pgtag_compress && unloaded=$((unloaded + 1))
	helper free alloc_pages
done
is $loaded $ROUNDS "loads under load"
is $unloaded $ROUNDS "unloads under load"
if kill -0 $worker; then
	ok "the workload ran until the end"
else
	not_ok "the workload ran until the end"
fi
kill -TERM $worker
wait $worker
is "$(walk)" "0 0" "page->flags as before"

# And it still works.
load
helper alloc alloc_pages 10 3
is "$(site pgtag_test_alloc_pages)" "$((80 * PAGE)) 10" "counts after all that"
helper free alloc_pages
audit_ok "audit"
unload
is "$(walk)" "0 0" "page->flags as before, again"
done_testing
