# shellcheck shell=dash
# The kernel's own selftests of tracing, all but those of ftrace.list: whoever else
# traces gets what was asked for, beside the module.
# vm: packages="bash procps" selftests=ftrace
# vm: files="tests/suites/suite.sh tests/suites/ftrace.list" mem=1G timeout=3600
. ./lib.sh
. ./suite.sh

# one TEST: its result, and that of a second run in an instance of its own, stands
# at the end of the line that has its title.
one() {
	local rc verdicts
	in_debian timeout -k 5 180 bash -c "cd /suite && ./ftracetest -v -l /tmp/logs $1" \
		</dev/null >/tmp/out 2>&1
	rc=$?
	printf '\n--- %s\n' "$1" | cat - /tmp/out >/dev/ttyS0
	rm -rf /tmp/logs
	verdicts=$(sed 's/\x1b\[[0-9;]*m//g' /tmp/out |
		sed -n 's/^\[[0-9]*\].*\[\([A-Z]*\)\]$/\1/p')
	# shellcheck disable=SC2086 # words
	result "$1:" ${verdicts:-exit $rc}
}

suite_start
suite_unpack ftrace
for test in $(cd $SUITE && find test.d -name '*.tc' | sort); do
	left_out ftrace.list "${test#test.d/}" || one "$test"
done
suite_end
