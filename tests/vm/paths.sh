# shellcheck shell=dash
# Call paths; an allocator API that the user extends; the memory report.
# vm: smp=2 timeout=300
. ./lib.sh

load_helper
load depth=4
helper alloc alloc_pages 5 1
line=$(grep 'func:pgtag_test_alloc_pages ' $PGTAG/allocinfo)
like "$line" '^ +40960 +5 pgtag_test_alloc_pages\+0x[0-9a-f]+ \[pgtag_test\] func:pgtag_test_alloc_pages path:[^ ;]+\+0x[0-9a-f]+ \[pgtag_test\];' \
	"a path is printed after its site"
is "$(echo "$line" | tr -cd ';' | wc -c)" 2 "three callers of the site"
diag "$line"
churn 2
audit_ok "paths: audit"
is "$(status_value wrong)" 0 "paths: no stack read wrongly"
like "$(grep -c path: $PGTAG/allocinfo)" '^[1-9][0-9]' "there are many paths"
helper free alloc_pages
unload

load
echo +shmem_alloc_folio >$PGTAG/api
is "$(cat $PGTAG/api)" shmem_alloc_folio "api: a function is added"
dd if=/dev/zero of=/tmp/file bs=1M count=8 2>/dev/null
is "$(grep 'func:shmem_alloc_folio ' $PGTAG/allocinfo | awk '$1 > 0')" "" \
	"api: it has no pages any more"
like "$(sort -rn $PGTAG/allocinfo | head -n 1)" '^ +8[0-9]{6} .* func:shmem_' \
	"api: its caller has"
audit_ok "api: audit"
echo -shmem_alloc_folio >$PGTAG/api
is "$(cat $PGTAG/api)" "" "api: it is taken back"
dd if=/dev/zero of=/tmp/other bs=1M count=8 2>/dev/null
like "$(grep 'func:shmem_alloc_folio ' $PGTAG/allocinfo)" '^ +8388608 ' \
	"api: it has pages again"
for bad in shmem_alloc_folio +no_such_function +vmalloc_noprof_x -vmalloc + ''; do
	echo "$bad" 2>/dev/null >$PGTAG/api
	is "$(cat $PGTAG/api)" "" "api: \"$bad\" is refused"
done
audit_ok "api: audit at the end"

lines=$(dmesg_lines)
echo m >/proc/sysrq-trigger
said=$(dmesg_since "$lines" | sed 's/^\[[^]]*\] //')
like "$said" 'pgtag_compress: Memory allocations \(profiling is currently turned on\):' \
	"the memory report has call sites"
like "$(echo "$said" | grep -A 1 'Memory allocations' | tail -n 1)" \
	'[0-9.]+ MiB +[0-9]+ shmem_' "the biggest first"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
