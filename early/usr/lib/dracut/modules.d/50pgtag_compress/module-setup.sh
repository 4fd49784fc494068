#!/bin/bash
# Put pgtag_compress into dracut's initramfs, if this kernel has it, and load it
# before udev starts. Not by force_drivers, which a boot waits for however long it
# takes: by the script that is there for initramfs-tools.

# shellcheck disable=SC2154 # $kernel and $moddir are dracut's
check() {
	modinfo -k "$kernel" pgtag_compress >/dev/null 2>&1
}

depends() {
	return 0
}

installkernel() {
	hostonly='' instmods pgtag_compress
}

# shellcheck disable=SC2154
install() {
	inst_multiple sleep rm
	inst_script /usr/share/initramfs-tools/scripts/init-top/pgtag_compress \
		/sbin/pgtag_compress-early
	inst_hook pre-udev 10 "$moddir/pgtag_compress.sh"
}
