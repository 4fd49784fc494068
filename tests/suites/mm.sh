# shellcheck shell=dash
# The kernel's own selftests of memory management, those of mm.list. Addresses are not
# drawn by lot, for some of them fail if another mapping is where they want one.
# vm: packages="bash libcap2 libnuma1 liburing2 procps" selftests=mm
# vm: files="tests/suites/suite.sh tests/suites/mm.list" kmods="hwpoison_inject"
# vm: mem=2G timeout=3600 append="norandmaps"
. ./lib.sh
. ./suite.sh

# parts COMMAND: what its output says of its parts, without addresses and what was
# measured. Each suite writes that in its own way.
parts() {
	tr '\r' '\n' </tmp/out | sed 's/\x1b\[[0-9;]*m//g; s/^[# ]*//
		s/0x[0-9a-f]*/HEX/g; s/Extra pages .*/Extra pages/; s/with [0-9]*MB/with N MB/' |
		grep -aE '^((not )?ok [0-9]|\[(PASS|FAIL|SKIP|OK)\])|\.\.\. *(OK|Fail|Skip)$' |
		while read -r line; do
			result "$1: $line"
		done
}

# one HUGEPAGES COMMAND
one() {
	local rc from
	rm -f $SUITE/huge/*
	echo "$1" >/proc/sys/vm/nr_hugepages
	from=$(date +%s)
	# By line, or what is in a buffer is written by each child as well; through
	# a pipe, to wait for those that the command leaves behind.
	{
		in_debian timeout -k 5 600 bash -c "cd /suite && stdbuf -oL ./$2"
		echo $? >/tmp/rc
	} </dev/null 2>&1 | cat >/tmp/out
	read -r rc </tmp/rc
	printf '\n--- %s\n' "$2" | cat - /tmp/out >/dev/ttyS0
	parts "$2"
	result "$2: exit $rc"
	diag "  $(($(date +%s) - from)) s"
}

# listed PROGRAM: mm.list says what to do with it.
listed() {
	left_out mm.list "$1" ||
		awk -v name="$1" '$3 == name { found = 1 } END { exit !found }' mm.list
}

# Some tests take back that they called a page broken. Debian 6.1 cannot do it.
kernel_module hwpoison_inject

suite_start
suite_unpack mm
# Where 6.1's tests of hugetlb have their file.
mkdir $SUITE/huge
mount -t hugetlbfs hugetlbfs $SUITE/huge
unlisted=''
for program in "$SUITE"/*; do
	name=$(basename "$program")
	[ -d "$program" ] || [ ! -x "$program" ] || listed "$name" || unlisted="$unlisted $name"
done
is "$unlisted" "" "every program is in mm.list"
while read -r release huge command; do
	# shellcheck disable=SC2254 # a pattern
	case $(uname -r) in
	$release)
		[ ! -e "$SUITE/${command%% *}" ] ||
			one "$huge" "$command"
		;;
	esac
done <mm.list
echo 0 >/proc/sys/vm/nr_hugepages
suite_end
