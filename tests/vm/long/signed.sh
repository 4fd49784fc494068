# shellcheck shell=dash
# A machine that is locked from its boot on, and a module with the kernel's own
# signature.
# vm: files="tests/vm/lib/locked.sh" append="lockdown=integrity"
. ./lib.sh
. ./locked.sh

if ! module_signed; then
	try_load
	is "$?" $EPERM "without a signature it is not loaded"
	skip "a signed module" "nobody but the distribution can sign for this kernel"
	done_testing
fi

# The signature ends in a line that says so.
head -c -1 $MODULE >/tmp/unsigned.ko
modload /tmp/unsigned.ko 2>/dev/null
is "$?" $EPERM "without a signature it is not loaded"
load
check_locked
load mem_profiling=0
is "$(status_value state)" off "signed it comes back"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
