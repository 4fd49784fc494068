# shellcheck shell=dash
# After a reboot the module is there before anything that loads drivers, and it
# can be removed.
. ../vm/lib.sh
. ./lib.sh

# order: which of these the kernel's log has first.
order() {
	dmesg | grep -oE 'pgtag_compress: [a-z]+|virtio_blk|systemd\[1\]' | head -n 1
}

diag "$(dmesg | grep -E 'pgtag_compress|virtio_blk|systemd\[1\]: systemd')"
like "$(order)" pgtag_compress "loaded before the disk's driver and systemd"
works
diag "$(grep -E '^(at start|earlier|coverage)' "$PGTAG"/status)"
is "$(systemctl is-failed systemd-modules-load)" active \
	"systemd finds it loaded"

passes "make dkms-remove" make -C /root dkms-remove
is "$(ours)" "" "no file is left"
is "$(in_initramfs)" "" "nor anything in the initramfs"
done_testing
