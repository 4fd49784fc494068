# shellcheck shell=dash
# The module is installed as the README says, and works.
. ../vm/lib.sh
. ./lib.sh

is "$(ours)" "" "nothing is there yet"
passes "make dkms-install" make -C /root dkms-install
like "$(dkms status -k "$(uname -r)")" "^pgtag_compress.*: installed" "DKMS has it installed"
like "$(in_initramfs)" '/pgtag_compress\.ko' "the initramfs has the module"
is "$(lsmod | grep pgtag)" "" "it is not loaded yet"
passes "modprobe" modprobe pgtag_compress
works
done_testing
