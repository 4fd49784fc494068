# shellcheck shell=dash
# After a reboot the module is there before anything that loads drivers, and the command
# says where all memory is, and who leaks.
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

gap=$(pgtag show | tee /run/show | sed -n 's/.*nobody explains .* (-*\([0-9]*\)\.[0-9]* %)/\1/p')
is "$gap" 0 "pgtag show adds up to MemTotal within one percent"
diag "$(cat /run/show)"
like "$(pgtag top -o)" '^ *[0-9.]+ MiB .*do_anonymous_page' "pgtag top has the memory of processes"
passes "a module that leaks is built" \
	make -C "/lib/modules/$(uname -r)/build" M=/root/tests/e2e/leak modules
cat "$PGTAG"/allocinfo >/run/before
passes "and loaded" insmod /root/tests/e2e/leak/leak.ko
passes "pgtag record" pgtag record -d 1 -n 10 --drop-caches /run/leak.pgtag
pgtag diff /run/before >/run/diff
like "$(sed -n 3p /run/diff)" ' leak_some\+0x[^ ]* \[leak\]' "pgtag diff has the leak first"
pgtag report /run/leak.pgtag >/run/report
is "$?" 1 "pgtag report has candidates"
like "$(sed -n 5p /run/report)" ' leak_some\+0x[^ ]* \[leak\]' "the leak first"
diag "$(cat /run/diff /run/report)"
done_testing
