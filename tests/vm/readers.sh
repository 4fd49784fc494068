# shellcheck shell=dash
# Whoever reads, whenever: all files are read over and over while profiling starts,
# is turned off and on, and ends, on every storage.
# vm: timeout=600
# vm: kernels=ends
. ./lib.sh

SYSCTL=/proc/sys/vm/mem_profiling
ROUNDS=1

# read_for_ever FILE
read_for_ever() {
	while [ ! -e /tmp/enough ]; do
		cat "$1" >/dev/null 2>&1
	done
}

records_for_ever() {
	while [ ! -e /tmp/enough ]; do
		echo list | records >/dev/null
	done
}

report_for_ever() {
	while [ ! -e /tmp/enough ]; do
		echo m >/proc/sysrq-trigger
		sleep 0.2
	done
}

reset_for_ever() {
	while [ ! -e /tmp/enough ]; do
		[ ! -e $PGTAG/totals ] || echo reset >$PGTAG/totals
		sleep 0.1
	done
}

start_readers() {
	local file
	rm -f /tmp/enough
	readers=''
	for file in $PGTAG/* /proc/allocinfo $SYSCTL; do
		read_for_ever "$file" &
		readers="$readers $!"
	done
	records_for_ever &
	readers="$readers $!"
	report_for_ever &
	readers="$readers $!"
	reset_for_ever &
	readers="$readers $!"
}

stop_readers() {
	touch /tmp/enough
	# shellcheck disable=SC2086 # processes are words
	wait $readers
}

# Only the first start finds nothing, so the module comes anew each time.
hammer() {
	local i
	for i in $(seq $ROUNDS); do
		load mem_profiling=0 "$@"
		start_readers
		for value in 1 0 1; do
			echo $value >$SYSCTL
			is "$(cat $SYSCTL)" $value "$*: turned to $value beside readers, $i"
		done
		stop_readers
		audit_ok "$*: audit, $i"
		unload
	done
	is "$(walk)" "0 0" "$*: page->flags as before"
}

# There are so few indices that profiling ends beside them.
hammer_end() {
	load mem_profiling=0 "$@"
	start_readers
	echo 1 >$SYSCTL
	churn 1
	passes "$*: ended beside readers" within 10 disabled
	stop_readers
	unload
	is "$(walk)" "0 0" "$*: page->flags as before"
}

expedite
hammer storage=flags
hammer storage=table
hammer storage=table depth=4
hammer slab=objects totals=on
hammer_end storage=flags bits=4
hammer_end storage=table bits=4 totals=on
hammer_end slab=objects bits=4
done_testing
