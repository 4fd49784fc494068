# shellcheck shell=dash
# Run in the guest by scripts/bench: thousands of sites on a machine with room for many
# CPUs, what they take and what it takes to read them.
# vm: smp=64 timeout=400 marks=yes append="maxcpus=1"

# Room for all that pgtag_many could call.
modload /modules/pgtag_compress.ko field=cpupid
modload /modules/pgtag_many.ko sites=2000
instr true
instr cat /sys/kernel/debug/pgtag/allocinfo
instr cat /sys/kernel/debug/pgtag/allocinfo
echo "lines: $(wc -l </sys/kernel/debug/pgtag/allocinfo)"
grep -E '^(tags|tag memory):' /sys/kernel/debug/pgtag/status
echo "ok 1 - measured"
echo "1..1"
