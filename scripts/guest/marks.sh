# shellcheck shell=dash
# Run in the guest by scripts/bench: QEMU's plugin counts what a page costs beside
# instructions. Not under -icount, where 6.1 brings up no second CPU.
# vm: smp=4 mem=1G timeout=400 accel="tcg,thread=single" cpu="max,-erms,-fsrm" marks=yes
# vm: qemu="-seed 1"
# vm: append="init_on_alloc=0 nokaslr" files=scripts/guest/condition.sh
. /tests/condition.sh

# The first and the last function of the module, if it is there.
functions() {
	awk '$4 == "[pgtag_compress]" && tolower($2) == "t" { print "0x" $1 }' /proc/kallsyms |
		sort | sed -n '1p; $p' | paste -s -d ,
}

own=$(functions)
modload /modules/pgtag_bench.ko marks=1 ${own:+own=$own}
dmesg | sed -nE 's/.*pgtag_bench: (marks .*)/\1/p'
