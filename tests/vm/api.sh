# shellcheck shell=dash
# An allocator API that the user extends.
# vm: kernels=ends
. ./lib.sh

SYMBOL=shmem_alloc_folio

load
echo +$SYMBOL >$PGTAG/api
is "$(cat $PGTAG/api)" $SYMBOL "a function is added"
dd if=/dev/zero of=/tmp/file bs=1M count=8 2>/dev/null
is "$(grep "func:$SYMBOL " $PGTAG/allocinfo | awk '$1 > 0')" "" \
	"it has no pages any more"
like "$(sort -rn $PGTAG/allocinfo | head -n 1)" '^ +8[0-9]{6} .* func:shmem_' \
	"its caller has"
audit_ok "audit"
echo -$SYMBOL >$PGTAG/api
is "$(cat $PGTAG/api)" "" "it is taken back"
dd if=/dev/zero of=/tmp/other bs=1M count=8 2>/dev/null
like "$(grep "func:$SYMBOL " $PGTAG/allocinfo)" '^ +8388608 ' \
	"it has pages again"

# refused TEXT: with one line in the log that says why.
refused() {
	local lines
	lines=$(dmesg_lines)
	echo "$1" 2>/dev/null >$PGTAG/api
	is "$(cat $PGTAG/api)" "" "\"$1\" is refused"
	is "$(dmesg_since "$lines" | grep -c pgtag_compress:)" 1 "\"$1\": one line says why"
}
for bad in $SYMBOL +no_such_function +vmalloc_noprof_x -vmalloc + '' \
	"+$SYMBOL x" ++; do
	refused "$bad"
done
echo +$SYMBOL >$PGTAG/api
is "$(cat $PGTAG/api)" $SYMBOL "it can be added again"
audit_ok "audit at the end"
unload
is "$(walk)" "0 0" "page->flags as before"

# It does not outlive the module.
load
is "$(cat $PGTAG/api)" "" "the next time nothing is added"
unload
done_testing
