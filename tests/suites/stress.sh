# shellcheck shell=dash
# Every stressor of memory that stress-ng has, one after the other, except those of
# stress.list.
# vm: packages="bash stress-ng" files="tests/suites/suite.sh tests/suites/stress.list"
# vm: mem=2G timeout=3600
. ./lib.sh
. ./suite.sh

# What stress-ng exits with when there is nothing a stressor could do here.
NO_RESOURCE=3
NOT_IMPLEMENTED=4

stressors() {
	local class
	for class in vm memory; do
		in_debian stress-ng --class "$class?" 2>&1 |
			sed -n 's/^class .* stressors: //p' | tr ' ' '\n'
	done | sort -u
}

# Files are on the disk.
one() {
	local rc=0
	in_debian timeout -k 5 60 stress-ng --temp-path /var/tmp "--$1" 1 --timeout 2 \
		</dev/null >/tmp/out 2>&1 || rc=$?
	printf '\n--- %s\n' "$1" | cat - /tmp/out >/dev/ttyS0
	case $rc in
	0) ok "$1" ;;
	"$NO_RESOURCE" | "$NOT_IMPLEMENTED") skip "$1" "$(tail -n 2 /tmp/out | tr '\n' ' ')" ;;
	*) not_ok "$1" "exit $rc" "$(tail -n 10 /tmp/out)" ;;
	esac
}

suite_start
names=$(stressors)
unlike "$names" '^$' "stress-ng has stressors"
for name in $names; do
	if grep -q "^skip $name " stress.list; then
		skip "$name" "$(sed -n "s/^skip $name //p" stress.list)"
	else
		one "$name"
	fi
done
suite_end
