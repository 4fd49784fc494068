# shellcheck shell=dash
# Every stressor of memory that stress-ng has, one after the other, except those of
# stress.list.
# vm: packages="bash stress-ng" files="tests/suites/suite.sh tests/suites/stress.list"
# vm: mem=2G timeout=3600
. ./lib.sh
. ./suite.sh

stressors() {
	local class
	for class in vm memory; do
		in_debian stress-ng --class "$class?" 2>&1 |
			sed -n 's/^class .* stressors: //p' | tr ' ' '\n'
	done | sort -u
}

# one STRESSOR: its files are on the disk. stress-ng exits with 3 or 4 where a
# stressor can do nothing, and does not start those it calls pathological.
one() {
	local rc=0 why
	in_debian timeout -k 5 60 stress-ng --temp-path /var/tmp "--$1" 1 --timeout 2 \
		</dev/null >/tmp/out 2>&1 || rc=$?
	printf '\n--- %s\n' "$1" | cat - /tmp/out >/dev/ttyS0
	why=$(grep -E 'disabled|skip|not implemented' /tmp/out | head -n 1)
	case $rc:$why in
	0:*) ok "$1" ;;
	[34]:* | 1:*"may hang or reboot"*) skip "$1" "$why" ;;
	*) not_ok "$1" "exit $rc" "$(tail -n 10 /tmp/out)" ;;
	esac
}

suite_start
names=$(stressors)
unlike "$names" '^$' "stress-ng has stressors"
for name in $names; do
	if left_out stress.list "$name"; then
		skip "$name" "$reason"
	else
		one "$name"
	fi
done
suite_end
