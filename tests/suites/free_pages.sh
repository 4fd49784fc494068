# shellcheck shell=dash
# The kernel's own lib/test_free_pages.c: blocks freed while somebody else has a
# reference to their first page, two million times.
# vm: selftests=test_free_pages files="tests/suites/suite.sh" timeout=900
. ./lib.sh
. ./suite.sh

suite_start
tar -x -C /tmp -f /tests/test_free_pages.tar || bail "the module is there"
free_before=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
lines=$(dmesg_lines)
passes "test_free_pages loads" insmod /tmp/test_free_pages.ko
dmesg_since "$lines" | grep -o 'test_free_pages: T.*' | while read -r line; do
	result "$line"
done
# Seven pages lost in each round would be all memory, 150 times.
free_after=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
result "memory is back: $((free_before - free_after < 20000))"
if [ -z "$suite_without" ]; then
	sites=$(grep -F '[test_free_pages]' $PGTAG/allocinfo)
	diag "$sites"
	is "$(count_lines "$sites")" 2 "both allocations of the test are sites"
	is "$(echo "$sites" | awk '$1 || $2')" "" "nothing is left on them"
fi
rmmod test_free_pages
suite_end
