# shellcheck shell=dash
# After a reboot the module is there before anything that loads drivers, and the command
# says where all memory is, and who leaks.
. ../vm/lib.sh
. ./lib.sh

loaded_early
works
diag "$(grep -E '^(at start|earlier|coverage)' "$PGTAG"/status)"
unit=$(systemctl show -p Result -p ExecMainExitTimestampMonotonic pgtag_compress)
like "$unit" '^Result=success' "systemd finds it loaded"
unlike "$unit" 'Monotonic=0$' "and has looked"

adds_up
# On 6.1 that is inline.
fault=do_anonymous_page
grep -q " $fault" /proc/kallsyms || fault=__handle_mm_fault
like "$(pgtag top -o)" "^ *[0-9.]+ MiB .*$fault" "pgtag top has the memory of processes"
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
