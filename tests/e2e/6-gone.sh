# shellcheck shell=dash
# After another reboot there is nothing of the module.
. ../vm/lib.sh
. ./lib.sh

is "$(dmesg | grep pgtag_compress)" "" "not loaded"
is "$(ours)" "" "no file is there"
is "$(ls -d "$PGTAG" /proc/allocinfo 2>/dev/null)" "" "no file of its own either"
done_testing
