# shellcheck shell=dash
# The kernel that came last has the module as early as the first had it. Removed, it
# leaves nothing under either.
. ../vm/lib.sh
. ./lib.sh

is "$(uname -r)" "$(newest_kernel)" "the newer kernel runs"
loaded_early
works
adds_up

passes "dpkg --purge" dpkg --purge pgtag pgtag-dkms
is "$(ours)" "" "no file is left"
is "$(in_initramfs)" "" "nor anything in an initramfs"
done_testing
