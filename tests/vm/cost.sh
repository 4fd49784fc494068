# shellcheck shell=dash
# What a page costs, in instructions, is no more than it was: the clock counts them.
#
# The figures are those of x86.
# vm: arch=x86
# vm: smp=1 mem=1G timeout=900 accel=tcg cpu="max,-erms,-fsrm" kernels=6.12
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: append="init_on_alloc=0 nokaslr" kaslr=yes
. ./lib.sh

# measure: "CASE INSTRUCTIONS" of each case, the less of two.
measure() {
	local lines
	lines=$(dmesg_lines)
	# busybox tries twice to load what refuses to stay.
	insmod /modules/pgtag_bench.ko 2>/dev/null
	dmesg_since "$lines" | sed -n 's/.*pgtag_bench: //p' |
		awk '!($1 in least) || $2 < least[$1] { least[$1] = $2 }
			END { for (name in least) print name, least[name] }'
}

# extra CASE: instructions more with the module than without.
extra() {
	awk -v name="$1" '$1 == name { print NR == FNR ? -$2 : $2 }' /tmp/none /tmp/on |
		awk '{ sum += $1 } END { print sum }'
}

# costs CASE FIGURE: no more than that and 3 in a hundred.
costs() {
	local got
	got=$(extra "$1")
	diag "$1: $got, it was $2"
	at_least $(($2 * 103 / 100)) "$got" "$1: no more than it was"
}

measure >/tmp/none
load
measure >/tmp/on
is "$(status_value dropped)" 0 "nothing dropped"
is "$(status_value wrong)" 0 "no stack read wrongly"
costs order0 97
costs get_free_page 104
costs order3_comp 106
costs order9_comp 106
unload
load slab=objects
measure >/tmp/on
is "$(status_value 'dropped objects')" 0 "slab=objects: nothing dropped"
is "$(status_value wrong)" 0 "slab=objects: no stack read wrongly"
costs kmalloc_64 117
costs order0 97
costs order3_comp 106
unload
load slab=objects totals=on
measure >/tmp/on
costs kmalloc_64 117
costs order0 97
costs order3_comp 106
costs order9_comp 106
unload
done_testing
