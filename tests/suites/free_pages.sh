# shellcheck shell=dash
# The kernel's own lib/test_free_pages.c: blocks freed while somebody else has a
# reference to their first page, two million times.
# vm: selftests=test_free_pages files="tests/suites/suite.sh" timeout=900
. ./lib.sh
. ./suite.sh

# Kilobytes of free memory.
free_memory() {
	awk '/^MemFree/ { print $2 }' /proc/meminfo
}

suite_start
tar -x -C /tmp -f /tests/test_free_pages.tar || bail "the module is there"
before=$(free_memory)
passes "test_free_pages runs" insmod /tmp/test_free_pages.ko
# Pieces lost in one round of a hundred would be 560 MB. What is in the lists of the
# CPUs does not count as free.
passes "the memory is free again" [ $((before - $(free_memory))) -lt 200000 ]
sites=$(grep -F '[test_free_pages]' $PGTAG/allocinfo)
diag "$sites"
like "$sites" ' func:' "its allocations are sites"
is "$(echo "$sites" | awk '$1 || $2')" "" "nothing is left on them"
rmmod test_free_pages
suite_end
