# shellcheck shell=dash
# Whatever the kernel cannot give while the module loads: it is loaded and works, or
# it is not and leaves nothing behind. Each allocation that the module's own start
# makes, by itself or through what it asks of the kernel, fails in its turn.
#
# faults_from=N on the kernel command line begins with the Nth.
#
# The kernel prints where it was when it could not get memory.
# vm: smp=2 mem=512M timeout=3600 allow="Call Trace:"
. ./lib.sh

INJECT=/sys/kernel/debug

# What is there that was not before: files, hooks, probes.
traces() {
	[ ! -e "$PGTAG" ] || echo "$PGTAG"
	[ ! -e /proc/allocinfo ] || echo /proc/allocinfo
	[ ! -e /proc/sys/vm/mem_profiling ] || echo mem_profiling
	[ ! -e /sys/module/pgtag_compress ] || echo module
	cat /sys/kernel/debug/kprobes/list /sys/kernel/tracing/enabled_functions
}

# works N: it counts exactly, or says that it does not count.
works() {
	[ "$(status_value state)" = on ] || return
	helper alloc alloc_pages 7 1
	[ "$(site pgtag_test_alloc_pages)" = "$((14 * PAGE)) 7" ] ||
		not_ok "fault $1: counts" "$(site pgtag_test_alloc_pages)"
	helper free alloc_pages
	counted=$((counted + 1))
}

# bounds FUNCTION: its first address and the one after its last.
bounds() {
	sort /proc/kallsyms | grep -A 1 " $1\$" | awk '{ printf "%s0x%s", s, $1; s = " " }'
}

# fault N MODULE PARAMETER...: sets answer to whether there was so much that can fail.
fault() {
	answer=$(modload -n "$@" 2>/tmp/error)
	if [ -e /sys/module/pgtag_compress ]; then
		loaded=$((loaded + 1))
		works "$1"
		rmmod pgtag_compress || not_ok "fault $1: can be removed"
	else
		refused=$((refused + 1))
	fi
	[ "$(traces)" = "$before" ] || not_ok "fault $1: leaves nothing" "$(traces)"
	[ "$(walk)" = "0 0" ] || not_ok "fault $1: leaves no bit" "$(walk)"
}

if [ ! -e $INJECT/failslab ] || [ ! -e $INJECT/fail_page_alloc ]; then
	skip "faults" "this kernel cannot inject any"
	done_testing
fi
# The kernel's own work on any module that is loaded is left alone.
init=$(bounds do_one_initcall)
diag "do_one_initcall: $init"
for kind in failslab fail_page_alloc; do
	echo N >$INJECT/$kind/ignore-gfp-wait
	echo 0 >$INJECT/$kind/verbose
	echo "${init% *}" >$INJECT/$kind/require-start
	echo "${init#* }" >$INJECT/$kind/require-end
done
echo N >$INJECT/fail_page_alloc/ignore-gfp-highmem
echo 0 >$INJECT/fail_page_alloc/min-order

expedite
load_helper
# What a first load leaves for later ones in the kernel's own caches.
load
unload
before=$(traces)

# all_faults STORAGE: with as few tags as there may be, for each page of memory for
# tags is one more that can fail.
all_faults() {
	n=$((${faults_from:-1} - 1)) loaded=0 refused=0 counted=0 answer=injected
	while [ "$answer" = injected ]; do
		n=$((n + 1))
		fault $n "$MODULE" "storage=$1" bits=12
		[ $((n % 20)) -ne 0 ] ||
			echo "# $1: $n faults, $refused refused, $loaded loaded"
	done
	echo "# $1: $n faults, $refused refused, $loaded loaded, $counted of these count"
	like $refused '^[1-9]' "$1: loads were refused"
	like $loaded '^[1-9]' "$1: some faults are survived"
}

all_faults flags
all_faults table
load
works "after all"
audit_ok "audit after all"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
