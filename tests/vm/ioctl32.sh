# shellcheck shell=dash
# The ioctls of /proc/allocinfo, called as x86's programs of 32 bits do.
# vm: config=IA32_EMULATION kernels=ends
. ./lib.sh

load_helper
load
helper alloc alloc_pages 3 0
passes "programs of 32 bits get the same" records compat
helper free alloc_pages
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
