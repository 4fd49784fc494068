# shellcheck shell=dash
# append: pgtag_compress.bits=99
# A module that refuses to load does no harm to the boot. And another kernel comes, as
# an upgrade brings it: by the packages' hooks, without a word, it gets a module, too.
. ../vm/lib.sh
. ./lib.sh

like "$(dmesg)" 'pgtag_compress: bits="99" is not' "it refuses its parameter"
is "$(lsmod | grep pgtag)" "" "it is not loaded"
is "$(systemctl is-active sysinit.target)" active "the boot goes on"

passes "another kernel is installed" env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y --no-install-recommends /root/upgrade/*.deb
new=$(newest_kernel)
is "$(uname -r | grep -Fx "$new")" "" "a newer one"
like "$(dkms status -k "$new")" "^pgtag_compress.*: installed" "DKMS has the module for it"
like "$(in_initramfs "$new")" '/pgtag_compress\.ko' "so has its initramfs"
done_testing
