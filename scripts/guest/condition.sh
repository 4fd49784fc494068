# shellcheck shell=dash
# Sourced by the guest's part of the benches: have the machine in the condition that
# the kernel command line says, pgtag_bench=WORD, or fail.

. /tests/lib.sh

# A stack for each page that is in use, as bcc's memleak keeps them.
follow() {
	in_debian env BPFTRACE_MAX_MAP_KEYS=1000000 bpftrace -e '
		BEGIN { printf("listening\n"); }
		rawtracepoint:mm_page_alloc { @stack[arg0] = kstack; }
		rawtracepoint:mm_page_free { delete(@stack[arg0]); }' \
		>/tmp/bpftrace 2>&1 &
	within 300 grep -q ^listening /tmp/bpftrace && return
	cat /tmp/bpftrace
	return 1
}

as_asked() {
	case $pgtag_bench in
	none) ;;
	off) insmod /modules/pgtag_compress.ko mem_profiling=0 ;;
	on) insmod /modules/pgtag_compress.ko ;;
	table) insmod /modules/pgtag_compress.ko storage=table ;;
	depth4) insmod /modules/pgtag_compress.ko depth=4 ;;
	depth8) insmod /modules/pgtag_compress.ko depth=8 ;;
	callers) insmod /modules/pgtag_compress.ko slab=callers ;;
	objects) insmod /modules/pgtag_compress.ko slab=objects ;;
	page_ext) [ "$(cat /proc/sys/vm/mem_profiling)" = 1 ] ;;
	compressed) dmesg | grep -q 'profiling is enabled with compression' ;;
	page_owner) [ -n "$(head -c 1 /sys/kernel/debug/page_owner)" ] ;;
	kretprobe) insmod /modules/pgtag_kretprobe.ko symbol="$(allocator)" ;;
	bpftrace) follow ;;
	*) false ;;
	esac
}

if as_asked; then
	echo "ok 1 - the machine is as asked for"
else
	echo "not ok 1 - the machine is as asked for"
fi
echo "1..1"
