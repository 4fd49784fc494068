# shellcheck shell=dash
# The kernel's own selftests of ftrace, but for those in ftrace.list.
# vm: packages="bash procps" selftests=ftrace
# vm: files="tests/suites/suite.sh tests/suites/ftrace.list" mem=1G timeout=5400
. ./lib.sh
. ./suite.sh

# one TEST: what ftracetest says of it, once for each instance it runs in.
one() {
	local rc=0 from
	from=$(date +%s)
	in_debian timeout -k 5 120 sh -c "cd /suite && ./ftracetest $1" \
		</dev/null >/tmp/out 2>&1 || rc=$?
	printf '\n--- %s\n' "$1" | cat - /tmp/out >/dev/ttyS0
	sed 's/\x1b\[[0-9;]*m//g' /tmp/out |
		sed -n 's/^\[[0-9]*\]\(.*\)[[:space:]]\[\([A-Z]*\)\].*/\1: \2/p' |
		while read -r line; do
			result "$1: $line"
		done
	result "$1: exit $rc"
	diag "  $(($(date +%s) - from)) s"
}

suite_start
suite_unpack ftrace
cd $SUITE || bail "the selftests are there"
for test in $(find test.d -name '*.tc' | sort); do
	grep -q "^skip $test " /tests/ftrace.list || one "$test"
done
cd /tests || bail "the tests are there"
suite_end
