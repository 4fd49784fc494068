# shellcheck shell=dash
# More call sites than indices.
# vm: smp=4 timeout=300
. ./lib.sh

NR=14	# tags of 4 bits, without NULL and EMPTY

# Somebody reads all the time.
read_on() {
	while :; do
		cat $PGTAG/allocinfo /proc/allocinfo
	done >/dev/null 2>&1
}

# Default: it ends, once and with numbers, and leaves nothing behind.
lines=$(dmesg_lines)
load bits=4
read_on &
reader=$!
churn 2
settle
kill $reader
wait $reader 2>/dev/null
said=$(dmesg_since "$lines" | grep 'profiling is disabled')
is "$(count_lines "$said")" 1 "one line says that it ended"
like "$said" "$NR tags .*bits=" "with numbers, and why"
is "$(status_value state)" "disabled, out of indices" "the status says so"
is "$(ls $PGTAG/allocinfo /proc/allocinfo 2>/dev/null)" "" "allocinfo is gone"
is "$(cat /proc/sys/vm/mem_profiling)" 0 "the sysctl reads 0"
echo 1 2>/dev/null >/proc/sys/vm/mem_profiling
is "$(cat /proc/sys/vm/mem_profiling)" 0 "and refuses 1"
is "$(walk)" "0 0" "no page keeps an index"
unload

# Shared: what comes late is counted together, exactly.
load_helper
load bits=4 overflow=share
churn 2
helper alloc alloc_pages 5 2
like "$(cat $PGTAG/allocinfo)" ' <overflow> func:<overflow> accurate:no $' \
	"share: one tag for the rest, said to be inaccurate"
is "$(status_value tags)" $NR "share: all tags are in use"
audit_ok "share: audit"
helper free alloc_pages
audit_ok "share: audit at the end"
unload
is "$(walk)" "0 0" "share: page->flags as before"
done_testing
