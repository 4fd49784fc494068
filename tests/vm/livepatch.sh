# shellcheck shell=dash
# Only one may redirect a function. Whoever comes second is refused, and the
# first one goes on.
# vm: files="tests/vm/lib/tracers.sh"
# vm: kernels=ends
. ./lib.sh
. ./tracers.sh

EBUSY=16
PATCH=/sys/kernel/livepatch/pgtag_livepatch

if [ ! -e /modules/pgtag_livepatch.ko ]; then
	skip "a livepatch of the cpupid exchange" "this kernel has none, or no livepatches"
	done_testing
fi

settled() {
	[ "$(cat $PATCH/transition 2>/dev/null)" != 1 ]
}

# patched 0|1 TEXT: wait until every task has the function, or has it no more.
patched() {
	within 30 settled
	is "$(cat $PATCH/enabled 2>/dev/null || echo 0)" "$1" "$2"
}

patch() {
	modload /modules/pgtag_livepatch.ko function="$exchange" 2>/tmp/patch
}

exchange=$(traceable folio_xchg_last_cpupid page_cpupid_xchg_last)
diag "the exchange is $exchange"
expedite
load_helper

patch
is "$?" 0 "livepatch first: it is loaded"
patched 1 "livepatch first: it patches"
try_load storage=flags
is "$?" $EBUSY "livepatch first: storage=flags is refused"
is "$(count_lines "$said")" 1 "livepatch first: in one line"
like "$said" "$exchange\(\).*livepatch.*storage=table" \
	"livepatch first: that says who has what, and what to do"
diag "$said"
is "$(walk)" "0 0" "livepatch first: page->flags as before"

load storage=table
check_case alloc_pages 3 2 1 4
unload
load
diag "$said"
like "$(status_value storage)" '^table' "livepatch first: by default the table is taken"
is "$(status_value degraded)" uncompressed "livepatch first: that is degraded"
like "$(cat $PGTAG/status)" 'What to do: the log says' "livepatch first: and explained in the log"
check_key_cases
audit_ok "livepatch first: audit"
unload
is "$(walk)" "0 0" "livepatch first: page->flags as before again"
is "$(cat $PATCH/enabled)" 1 "livepatch first: it still patches"
echo 0 >$PATCH/enabled
patched 0 "livepatch first: it can be taken back"
passes "livepatch first: it can be removed" rmmod pgtag_livepatch

load
like "$(status_value field)" "^$FIELD\\b" "module first: the field is $FIELD"
patch
is "$?" $EBUSY "module first: the kernel refuses the livepatch"
check_key_cases
hold_start 32 small
hold_do thin >/dev/null
hold_do compact >/dev/null
is "$(hold_do check)" intact "module first: memory that moved has its content"
hold_stop
churn 1 21
audit_ok "module first: audit"
is "$(status_value wrong)" 0 "module first: no stack read wrongly"
unload
is "$(walk)" "0 0" "module first: page->flags as before"

patch
is "$?" 0 "module gone: the livepatch is loaded"
patched 1 "module gone: and patches"
done_testing
