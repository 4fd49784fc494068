# shellcheck shell=dash
# Run in the guest by scripts/bench: the clock counts instructions. The kernel
# command line says pgtag_bench=none or how the module is loaded.
# vm: smp=1 mem=1G timeout=200 accel=tcg cpu="max,-erms,-fsrm"
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: append="init_on_alloc=0 nokaslr"

rc=0
case $pgtag_bench in
none) ;;
off) insmod /modules/pgtag_compress.ko mem_profiling=0 || rc=1 ;;
on) insmod /modules/pgtag_compress.ko || rc=1 ;;
table) insmod /modules/pgtag_compress.ko storage=table || rc=1 ;;
depth4) insmod /modules/pgtag_compress.ko depth=4 || rc=1 ;;
*) rc=1 ;;
esac
[ $rc = 0 ] || echo -n "not "
echo "ok 1 - the module is as asked for"

# It measures while it is loaded and then refuses to stay.
insmod /modules/pgtag_bench.ko 2>/dev/null
dmesg | sed -nE 's/.*pgtag_bench: ([a-z0-9_]+ [0-9]+)$/bench: \1/p'
workload | sed 's/^/bench: /'
echo "1..1"
