# shellcheck shell=dash
# The module and the command are installed as packages; DKMS builds, and it works.
. ../vm/lib.sh
. ./lib.sh

is "$(ours)" "" "nothing is there yet"
passes "dpkg --install" dpkg --install /root/deb-*/pgtag_*.deb /root/deb-*/pgtag-dkms_*.deb
like "$(dkms status -k "$(uname -r)")" "^pgtag_compress.*: installed" "DKMS has it installed"
like "$(in_initramfs)" '/pgtag_compress\.ko' "the initramfs has the module"
is "$(lsmod | grep pgtag)" "" "it is not loaded yet"
passes "modprobe" modprobe pgtag_compress
works
done_testing
