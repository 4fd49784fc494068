# shellcheck shell=dash
# As bench.sh, with a disk that has bpftrace.
# vm: smp=1 mem=1G timeout=600 accel=tcg cpu="max,-erms,-fsrm" packages=bpftrace
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: append="init_on_alloc=0 nokaslr"
# vm: files="scripts/guest/condition.sh scripts/guest/bench.sh"
. /tests/bench.sh
killall -9 bpftrace
