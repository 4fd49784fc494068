# shellcheck shell=dash
# The module goes while somebody has its files open, reads them, writes its
# sysctl, and allocates.
# vm: smp=4 timeout=300
# vm: kernels=ends
. ./lib.sh

TIMES=2
SYSCTL=/proc/sys/vm/mem_profiling

expedite
load_helper

# An open file in debugfs keeps the module.
load
exec 7<$PGTAG/allocinfo
read -r first <&7
is "$first" "allocinfo - version: 2.0" "a reader has allocinfo open"
rmmod pgtag_compress 2>/dev/null
is "$?" 1 "in debugfs: then the module stays"
is "$(status_value state)" on "and goes on"
is "$(cat <&7 | grep -c func:)" "$(grep -c func: $PGTAG/allocinfo)" "the reader can read on"
exec 7<&-
unload

# One in /proc does not, as everywhere in the kernel: it reads no more.
load
exec 7</proc/allocinfo
read -r first <&7
is "$first" "allocinfo - version: 2.0" "a reader has /proc/allocinfo open"
unload
is "$(cat <&7 2>/dev/null | grep -c func:)" 0 "the module goes, and there is no more to read"
exec 7<&-
is "$(walk)" "0 0" "page->flags as before"

# All at once, again and again.
use_proc() {
	while :; do
		cat /proc/allocinfo
		echo 0 >$SYSCTL
		echo 1 >$SYSCTL
	done >/dev/null 2>&1
}
use_debugfs() {
	while :; do
		cat $PGTAG/allocinfo $PGTAG/status $PGTAG/nodes
		echo "vmlinux shmem_alloc_folio 0x1 mm/shmem.c 1 it" >$PGTAG/lines
		echo +shmem_alloc_folio >$PGTAG/api
		sleep 0.2
	done >/dev/null 2>&1
}
use_proc &
first=$!
use_debugfs &
second=$!
churn 0 &
worker=$!
renice -n 19 -p $worker >/dev/null
unloaded=0
tries=0
slab=pages
while [ $unloaded -lt $TIMES ] && [ $tries -lt 400 ]; do
	[ -e /sys/module/pgtag_compress ] || load slab=$slab
	if rmmod pgtag_compress 2>/dev/null; then
		unloaded=$((unloaded + 1))
		slab=objects
	else
		sleep 0.05
	fi
	tries=$((tries + 1))
done
kill $first $second
wait $first $second 2>/dev/null
kill $worker
wait $worker 2>/dev/null
is $unloaded $TIMES "it goes $TIMES times while its files and its sysctl are in use"
diag "$tries tries: an open file in debugfs keeps it"
[ ! -e /sys/module/pgtag_compress ] || unload
is "$(walk)" "0 0" "page->flags as before after that"
load
helper alloc alloc_pages 10 3
is "$(site pgtag_test_alloc_pages)" "$((80 * PAGE)) 10" "it still counts"
helper free alloc_pages
audit_ok "audit"
unload
done_testing
