# shellcheck shell=dash
# slab=callers: the pages of slabs are those of whoever made the slab grow.
# vm: timeout=300 files="tests/vm/lib/leak.sh"
. ./lib.sh
. ./leak.sh

# What may not be a site then: the slab allocator, on every kernel.
SLAB='(allocate_slab|alloc_slab_page|new_slab|_*slab_alloc(_node)?|_*refill_(objects|sheaf)[a-z_]*|alloc_from_pcs|__pcs_replace_empty_main|__prefill_sheaf_[a-z]*|(__|)k[mz]alloc[a-z_]*|_*kmem_cache_[a-z]*alloc[a-z_]*|kmem_cache_(prefill|refill|return)_sheaf|kcalloc|kstrn?dup[a-z_]*|k?v?memdup[a-z_]*|kv?asprintf|mempool_alloc_slab|memcg_(alloc_slab|slab_post)[a-z_]*|alloc_slab_obj_exts)'

no_slab_sites() {
	unlike "$(cat $PGTAG/allocinfo)" " func:$SLAB([.][a-z.0-9]+)? " \
		"$1: no function of the slab allocator is a site"
}

load_helper
expedite
load slab=callers
is "$(status_value slab)" callers "the status says so"
for case in kmalloc_64 kstrdup; do
	leak $case pages
	most_of pgtag_test_$case "callers"
	helper free $case
done

# Caches with one user: all their slabs. Sheaves come from other caches, of which slabs may
# be had then, too, and stay: the first time makes room for the second time's on this CPU.
taskset -p 1 $$ >/dev/null
for case in cache_alloc cache_bulk; do
	helper alloc $case 1 5000
	helper free $case
	before=$(site pgtag_test_$case)
	at_least 4 "${before#* }" "$case: of what else was had few slabs stay"
	helper alloc $case 1 5000
	now=$(difference "$before" "$(site pgtag_test_$case)")
	is "$now" "$(caches 'pgtag_cache.*')" "$case: all slabs of its cache"
	at_least "${now#* }" 70 "$case: as many as 5000 objects take"
	helper free $case
	is "$(site pgtag_test_$case)" "$before" "$case: nothing is left after the free"
done
taskset -p 3 $$ >/dev/null
no_slab_sites callers

# They are built in, then.
for change in +allocate_slab -allocate_slab +new_slab; do
	said=$(echo $change 2>&1 >$PGTAG/api)
	like "$said" 'File exists|No such file' "$change is refused"
done
settle
audit_ok "callers: audit"
is "$(status_value wrong)" 0 "callers: no stack read wrongly"
is "$(status_value dropped)" 0 "callers: nothing dropped"
unload
is "$(walk)" "0 0" "callers: page->flags as before"

# Paths begin with the caller, and go on.
load slab=callers depth=4
leak kmalloc_64 pages
most_of pgtag_test_kmalloc_64 "paths"
like "$(cat $PGTAG/allocinfo)" \
	' pgtag_test_kmalloc_64\+0x[0-9a-f]+ \[pgtag_test\] func:pgtag_test_kmalloc_64 path:[^;]*alloc_(kmalloc_64|objects)' \
	"paths: the caller's caller is in its path"
no_slab_sites paths
helper free kmalloc_64
settle
audit_ok "paths: audit"
is "$(status_value wrong)" 0 "paths: no stack read wrongly"
unload

# As in-tree, without being asked.
load
is "$(status_value slab)" pages "default: pages"
leak kmalloc_64 pages
like "${grew%% *}" '^(allocate_slab|alloc_slab_page|new_slab)$' "pages: the slab allocator grew most"
is "$(site pgtag_test_kmalloc_64)" "0 0" "pages: its caller has none"
helper free kmalloc_64
audit_ok "pages: audit"
unload
is "$(walk)" "0 0" "pages: page->flags as before"
done_testing
