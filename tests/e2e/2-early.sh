# shellcheck shell=dash
# After a reboot the module is there before anything that loads drivers.
. ../vm/lib.sh
. ./lib.sh

# first: which of these the kernel's log has first.
first() {
	dmesg | grep -oE 'pgtag_compress: [a-z]+|virtio_blk|systemd\[1\]' | head -n 1
}

diag "$(dmesg | grep -E 'pgtag_compress:|virtio_blk|systemd\[1\]: systemd ')"
like "$(first)" pgtag_compress "loaded before the disk's driver and systemd"
works
diag "$(grep -E '^(at start|earlier|coverage)' "$PGTAG"/status)"
unit=$(systemctl show -p Result -p ExecMainExitTimestampMonotonic pgtag_compress)
like "$unit" '^Result=success' "systemd finds it loaded"
unlike "$unit" 'Monotonic=0$' "and has looked"
done_testing
