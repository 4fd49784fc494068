# shellcheck shell=dash
# ftrace dies, then profiling is turned off: what cannot be detached then keeps the
# module from being removed.
# vm: kernels=ends
. ./lib.sh

SYSCTL=/proc/sys/vm/mem_profiling
EBUSY=16

stays() {
	dmesg | grep -q 'pgtag_compress: cannot detach from .* has to stay until the next boot'
}

load_helper
load
helper alloc alloc_pages 5 2
modload /modules/pgtag_kill.ko 2>/dev/null
is $? $EAGAIN "ftrace dies"
echo 0 >$SYSCTL
passes "turned off: it says what it cannot detach" within 30 stays
is "$(status_value state)" "off, tagged pages are left" "turned off: and follows pages"
helper free alloc_pages
is "$(site pgtag_test_alloc_pages)" "0 0" "turned off: frees are subtracted"
audit_ok "turned off: audit"
rmmod pgtag_compress 2>/tmp/rmmod
is $? 1 "it cannot be removed"
like "$(cat /tmp/rmmod)" 'in use|unavailable' "and rmmod says that it is in use"
churn 1
helper alloc bulk_array 3
helper free bulk_array
is "$(site pgtag_test_bulk_array)" "0 0" "nothing is added"
audit_ok "audit at the end"
done_testing
