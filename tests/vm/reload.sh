# shellcheck shell=dash
# vm: smp=4 mem=2G timeout=7200 append="init_on_alloc=0"
# vm: kernels=ends
# The module comes and goes under torture, and returns every bit each time.
# reload_rounds=N on the kernel command line: so many times.
. ./lib.sh

ROUNDS=${reload_rounds:-2}

load_helper
is "$(walk)" "0 0" "page->flags before"

expedite
churn 0 &
worker=$!
renice -n 10 -p $worker >/dev/null
# Without end, as far as this test is concerned.
echo "torture 7 4000000000" >"$CONTROL" &
torture=$!
renice -n 10 -p $torture >/dev/null
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
	rmmod pgtag_compress && unloaded=$((unloaded + 1))
done
is $loaded $ROUNDS "loads under load"
is $unloaded $ROUNDS "unloads under load"
passes "the load was there until the end" kill -0 $worker $torture
kill -TERM $worker
kill -KILL $torture
wait
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
