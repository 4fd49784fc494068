# shellcheck shell=dash
# append: pgtag_compress.bits=99
# A module that refuses to load does no harm to the boot, and can be removed.
. ../vm/lib.sh
. ./lib.sh

like "$(dmesg)" 'pgtag_compress: bits="99" is not' "it refuses its parameter"
is "$(lsmod | grep pgtag)" "" "it is not loaded"
is "$(systemctl is-active sysinit.target)" active "the boot goes on"

passes "dpkg --purge" dpkg --purge pgtag pgtag-dkms
is "$(ours)" "" "no file is left"
is "$(in_initramfs)" "" "nor anything in the initramfs"
done_testing
