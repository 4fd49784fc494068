# shellcheck shell=dash
# Run in the guest by scripts/bench: QEMU's plugin counts what it takes to load, to
# walk over all pages and to unload. Each line says what the plugin's next one is.
# vm: smp=1 mem=6G timeout=400 accel=tcg cpu="max,-erms,-fsrm" marks=yes
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: append="init_on_alloc=0 nokaslr"

# count WHAT COMMAND...
count() {
	echo "whole: $1"
	shift
	instr "$@" || echo "not ok - $1"
}

# The kernel has things to do after it has booted.
sleep 5
modload /modules/pgtag_bench.ko map=1 2>/dev/null
echo "whole: read"
count nothing true
count load modload /modules/pgtag_compress.ko
count audit cat /sys/kernel/debug/pgtag/audit
count unload rmmod pgtag_compress
echo "pages: $(dmesg | sed -n 's/.*pgtag_bench: map //p')"
echo "ok 1 - measured"
echo "1..1"
