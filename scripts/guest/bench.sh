# shellcheck shell=dash
# Run in the guest by scripts/bench: the clock counts instructions.
# vm: smp=1 mem=1G timeout=600 accel=tcg cpu="max,-erms,-fsrm"
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: append="init_on_alloc=0 nokaslr" files=scripts/guest/condition.sh
. /tests/condition.sh

# It measures while it is loaded and then refuses to stay.
insmod /modules/pgtag_bench.ko 2>/dev/null
dmesg | sed -nE 's/.*pgtag_bench: ([a-z0-9_]+ [0-9]+)$/bench: \1/p'
workload | sed 's/^/bench: /'
