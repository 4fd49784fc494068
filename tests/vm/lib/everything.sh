# shellcheck shell=dash
# Everything a page can go through, on four CPUs at once. Source lib.sh first. Words for
# the kernel command line: torture_seed=N repeats what was drawn,
# torture_allocations=N goes on for as many.

UNITS=50000

# Pages of two processes with the same content become one, there is swap, and
# broken pages can be mended.
everything_on() {
	echo 1 >/sys/kernel/mm/ksm/run
	echo 1000 >/sys/kernel/mm/ksm/pages_to_scan
	swap_on
	kernel_module hwpoison_inject || echo "# broken pages stay broken"
}

# allocations: how many were counted, and are free again.
allocations() {
	awk -F'[:,] *' '$1 == "hook free" { frees = $3 + 0 }
		$1 == "untagged frees" { untagged = $2 }
		END { print frees - untagged }' $PGTAG/status
}

# What it is about. All of it happens in most rounds.
events='pgmigrate_success pswpin pswpout cow_ksm'
! have_huge_pages || events="$events thp_collapse_alloc thp_fault_alloc"

happened() {
	local event
	for event in $events; do
		grep -q "^$event [1-9]" /proc/vmstat || return
	done
}

# one_round SEED
one_round() {
	local worker
	churn 0 "$1" &
	worker=$!
	# So that the module's threads get most of the time.
	renice -n 5 -p $worker >/dev/null
	helper torture "$1" $UNITS
	kill -TERM $worker
	wait $worker
	settle
	audit_ok "seed $1: audit"
	is "$(impossible)" "" "seed $1: no tag has bytes and no calls, or less than none"
}

# torture PARAMETER...: with the module loaded like that.
torture() {
	local event rounds=0 seed wanted=${torture_allocations:-150000}
	seed=${torture_seed:-$(od -An -tu2 -N2 /dev/urandom | tr -d ' ')}
	everything_on
	load_helper
	load "$@"
	while [ "$(allocations)" -lt "$wanted" ] || { ! happened && [ $rounds -lt 10 ]; }; do
		one_round "$seed"
		seed=$((seed + 1))
		rounds=$((rounds + 1))
	done
	# A comment in any case: how much it was, and the seeds that it takes again.
	echo "# $(allocations) allocations"
	dmesg | sed -n 's/.*pgtag_test: seed/# seed/p'

	for event in $events; do
		like "$(grep "^$event " /proc/vmstat)" ' [1-9]' "there was $event"
	done
	is "$(status_value wrong)" 0 "no stack read wrongly"
	is "$(status_value dropped)" 0 "nothing dropped"
	unload
	is "$(walk)" "0 0" "page->flags as before"
}
