# shellcheck shell=dash
# More call sites than indices, while all CPUs allocate and somebody reads.
# vm: smp=4 timeout=300
# vm: kernels=newest
. ./lib.sh

NR=29	# tags of 6 bits, one of them the mark, without NULL, EMPTY and the last

# Somebody reads all the time.
read_on() {
	while :; do
		cat $PGTAG/allocinfo /proc/allocinfo
	done >/dev/null 2>&1
}

# all_used: of $nr tags, if not yet by what is to come.
all_used() {
	[ "$(status_value tags)" = "$nr" ] && return
	seed=$((seed + 1))
	churn 1 $seed
	false
}

none_reads() {
	! pidof cat >/dev/null
}

# A hundred sites and those of churn, on all CPUs, and a reader.
too_many() {
	read_on &
	reader=$!
	churn 3 &
	worker=$!
	modload /modules/pgtag_visitor.ko all=1
	wait $worker
	kill $reader
	wait $reader 2>/dev/null
	within 10 none_reads
}

# too_many_for PARAMETER...: so loaded.
too_many_for() {
	lines=$(dmesg_lines)
	load "$@"
	too_many
}

# end_said: what the log has of the end since then.
end_said() {
	dmesg_since "$lines" | grep 'profiling is disabled'
}

# clear_up: without the module and what allocates.
clear_up() {
	unload
	rmmod pgtag_visitor
	helper free kept
}

load_helper

# Default: it ends, once and with numbers, and leaves nothing behind. The sites
# are not known from the calls alone: they are in the kernel, or called by pointer.
too_many_for bits=6
said=$(end_said)
is "$(count_lines "$said")" 1 "one line says that it ended"
like "$said" "[0-9]+ of $NR tags are in use \(storage=flags bits=6\)" "with numbers, and why"
diag "$said"
passes "the status says so" within 10 disabled
passes "allocinfo is gone" within 10 [ ! -e $PGTAG/allocinfo ]
passes "and so is that in /proc" within 10 [ ! -e /proc/allocinfo ]
is "$(cat /proc/sys/vm/mem_profiling)" 0 "the sysctl reads 0"
echo 1 2>/dev/null >/proc/sys/vm/mem_profiling
is "$(cat /proc/sys/vm/mem_profiling)" 0 "and refuses 1"
is "$(walk)" "0 0" "no page keeps an index"
clear_up

# A site that finds no index when it comes: no module has so many calls.
too_many_for bits=4
said=$(end_said)
is "$(count_lines "$said")" 1 "a new site: one line says that it ended"
passes "a new site: it has ended" within 10 disabled
is "$(walk)" "0 0" "a new site: no page keeps an index"
clear_up

# Shared: what comes late is counted together, exactly.
load bits=6 overflow=share
too_many
helper alloc alloc_pages 5 2
like "$(cat $PGTAG/allocinfo)" ' <overflow> func:<overflow> accurate:no $' \
	"share: one tag for the rest, said to be inaccurate"
is "$(status_value tags)" $NR "share: all tags are in use"
audit_ok "share: audit"
helper free alloc_pages
rmmod pgtag_visitor
helper free kept
audit_ok "share: audit at the end"
unload
is "$(walk)" "0 0" "share: page->flags as before"

# Unused bits, where there are few of them: filled by the paths of whatever goes on.
bits=$(unused_width)
if [ "$bits" -ge 4 ] && [ "$bits" -le 10 ]; then
	nr=$(((1 << (bits - 1)) - 3))
	set -- storage=flags field=unused depth=8
	too_many_for "$@"
	passes "unused bits: they are filled" within 20 disabled
	said=$(end_said)
	diag "$said"
	like "$said" "$nr of $nr tags are in use \(storage=flags bits=$bits\)" \
		"unused bits: with numbers"
	is "$(walk)" "0 0" "unused bits: no page keeps an index"
	clear_up
	load "$@" overflow=share
	too_many
	seed=0
	passes "unused bits, share: all tags are in use" within 3 all_used
	helper alloc alloc_pages 5 2
	like "$(cat $PGTAG/allocinfo)" \
		'^ *[1-9][0-9]* +([5-9]|[1-9][0-9]+) <overflow> func:<overflow> accurate:no $' \
		"unused bits, share: one tag for the rest"
	audit_ok "unused bits, share: audit"
	helper free alloc_pages
	rmmod pgtag_visitor
	helper free kept
	unload
fi
done_testing
