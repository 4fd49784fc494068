# shellcheck shell=dash
# What pgtag top takes of a big machine, 5,000 sites and room for 64 CPUs: the clock
# counts instructions.
# vm: smp=1,maxcpus=64 timeout=600 accel=tcg cli=yes kernels=6.1 arch=x86
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
. ./lib.sh

# A second of a CPU, in millions of instructions: at 2 GHz one a cycle.
SECOND=2000
PERIOD=3
TIMES=4

now() {
	# By its path: the chroot of busybox would take its own.
	in_debian /bin/date +%s%N
}

# top N: as often, with pauses of a tenth of a second.
top() {
	in_debian /tests/pgtag top -o -d 0.1 -n "$1" >/dev/null
}

# cat_times N
cat_times() {
	local i
	for i in $(seq "$1"); do
		cat $PGTAG/allocinfo >/dev/null
	done
}

# took COMMAND N: nanoseconds, the least of three times: the others had something of the
# guest's own in them.
took() {
	local i start time least=''
	for i in 1 2 3; do
		start=$(now)
		"$1" "$2"
		time=$(($(now) - start))
		[ -n "$least" ] && [ "$time" -ge "$least" ] || least=$time
	done
	echo "$least"
}

# millions COMMAND PAUSE: millions of instructions each time, beside what it does but
# once, and what a pause took.
millions() {
	local once
	once=$(took "$1" 1)
	echo $((($(took "$1" $((TIMES + 1))) - once) / TIMES / 1000000 - $2))
}

is "$(cat /sys/devices/system/cpu/possible)" 0-63 "there is room for 64 CPUs"
load
modload /modules/pgtag_many.ko sites=5000
at_least "$(wc -l <$PGTAG/allocinfo)" 5000 "there are 5,000 sites"
cat $PGTAG/allocinfo >/dev/null
top 1
cat=$(millions cat_times 0)
top=$(millions top 100)
diag "cat: $cat million instructions, pgtag top: $top million"
at_least $((cat * 3)) "$top" "pgtag top takes at most three times what cat does"
at_least $((SECOND * PERIOD * 2 / 100)) "$top" "and at most 2 % of a CPU"
like "$(in_debian /tests/pgtag top --help)" "refreshes, $PERIOD if not said" \
	"every $PERIOD seconds"
done_testing
