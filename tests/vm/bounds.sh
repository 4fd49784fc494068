# shellcheck shell=dash
# Thousands of tags on a machine with room for many CPUs: a memory report, which may
# come with interrupts off, looks at as many as it may, and says so.
# vm: smp=64 append="maxcpus=1" timeout=200
# vm: kernels=newest
. ./lib.sh

SPAN=/sys/module/pgtag_span/parameters
# Counters that may be read.
BUDGET=131072

report() {
	lines=$(dmesg_lines)
	echo 0 >$SPAN/took
	echo m >/proc/sysrq-trigger
}

said_since() {
	dmesg_since "$lines" | sed -n 's/^\[[^]]*\] pgtag_compress: *//p'
}

load_helper
modload /modules/pgtag_span.ko || bail "pgtag_span loads" "errno $?"
load
echo 1 >$SPAN/begin
# What is printed to the console is not what is measured.
dmesg -n 1

report
said=$(said_since)
is "$(echo "$said" | grep -c '^Memory allocations')" 1 "few tags: one report"
unlike "$said" 'looked at' "few tags: of all of them"

modload /modules/pgtag_many.ko || bail "pgtag_many loads" "errno $?"
# Somebody who comes late takes most.
helper alloc alloc_pages 800 5
tags=$(status_value tags)
at_least "$tags" 8000 "there are thousands of tags"

# all_said: a report of all of them was made.
all_said() {
	said_since | grep -q '^all [0-9]* tags were looked at'
}

# Others have this machine too: the best of some tries.
least=1000000
for i in 1 2 3 4 5; do
	report
	took=$(cat $SPAN/took)
	unit=$(cat $SPAN/unit)
	# In counters, by what one takes.
	now=$((took / (unit / 64000 + 1)))
	diag "try $i: $took, as much as $now counters of $((tags * 64))"
	[ $now -ge $least ] || least=$now
	within 30 all_said || break
done
if [ $least -le $((BUDGET * 2)) ]; then
	ok "the report takes no longer than it may"
else
	not_ok "the report takes no longer than it may" "as long as $least counters"
fi
passes "the rest is said later" all_said
said=$(said_since)
diag "$said"
like "$said" "^$((BUDGET / 64)) of [0-9]+ tags were looked at, all of them will be\$" \
	"the first report says how many it looked at"
is "$(echo "$said" | awk '/^Memory allocations/ { n = NR; reports++ }
	reports == 2 && NR == n + 1 { print $6 }')" "func:pgtag_test_alloc_pages" \
	"the second one has who took most"

# Turned off, it waits for the pages.
echo 0 >/proc/sys/vm/mem_profiling
sleep 2
is "$(status_value state)" "off, tagged pages are left" "it waits for the last page"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
