# shellcheck shell=dash
# Every stressor of memory that stress-ng has, one after the other, except those of
# stress.list.
# vm: packages="bash stress-ng" files="tests/suites/suite.sh tests/suites/stress.list"
# vm: mem=2G timeout=3600
. ./lib.sh
. ./suite.sh

stressors() {
	for class in vm memory; do
		in_debian stress-ng --class $class? 2>&1 |
			sed -n 's/^class .* stressors: //p' | tr ' ' '\n'
	done | sort -u
}

suite_start
for name in $(stressors); do
	! grep -q "^skip $name " stress.list || continue
	rc=0
	from=$(date +%s)
	in_debian timeout -k 5 60 stress-ng --temp-path /tmp "--$name" 1 --timeout 2 \
		</dev/null >/tmp/out 2>&1 || rc=$?
	printf '\n--- %s\n' "$name" | cat - /tmp/out >/dev/ttyS0
	result "$name: exit $rc"
	diag "  $(($(date +%s) - from)) s"
done
suite_end
