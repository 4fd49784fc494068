# shellcheck shell=dash
# Lockdown in integrity mode, as with secure boot. It is locked when the module is
# in, for there is no key of a stock kernel to sign it with.
# vm: files="tests/vm/lib/locked.sh"
# vm: kernels=ends
. ./lib.sh
. ./locked.sh

if [ ! -e $LOCKDOWN ]; then
	skip "lockdown" "this kernel has none"
	done_testing
fi

# Everything that is looked up in the kernel is so when profiling is turned on.
load mem_profiling=0
echo integrity >$LOCKDOWN
echo 1 >$SYSCTL
is "$(cat $SYSCTL)" 1 "profiling can be turned on"
check_locked
if module_signed; then
	skip "without a signature it does not come back" "it is signed"
else
	try_load
	is "$?" $EPERM "without a signature it does not come back"
fi
done_testing
