# shellcheck shell=dash
# For tests of whoever else traces; to be sourced after lib.sh, a test names it in
# its head (files=).

TRACING=/sys/kernel/tracing

# Functions that are hooked here, or lead to one that is, on any kernel.
HOOKED_ALLOC='alloc_pages_noprof alloc_pages alloc_pages_mpol __alloc_pages_noprof
	__alloc_pages __alloc_frozen_pages_noprof folio_alloc_noprof folio_alloc
	alloc_pages_bulk_noprof __alloc_pages_bulk alloc_contig_range
	alloc_contig_range_noprof alloc_contig_frozen_range_noprof vmalloc
	vmalloc_noprof'
HOOKED_CHANGE='split_page split_page_memcg folio_split_memcg_refs
	prep_compound_page folio_migrate_flags page_cpupid_xchg_last folio_xchg_last_cpupid'
HOOKED_FREE='__free_pages free_pages free_unref_page free_frozen_pages'

# traceable FUNCTION...: those of them that ftrace can trace here.
traceable() {
	[ -s /tmp/traceable ] ||
		cut -d' ' -f1 $TRACING/available_filter_functions >/tmp/traceable
	for function; do
		! grep -qxF "$function" /tmp/traceable || echo "$function"
	done
}

# no_trampolines TEXT: what tracers put in the place of a return address is in no
# name.
no_trampolines() {
	unlike "$(cat $PGTAG/allocinfo)" \
		'return_to_handler|ftrace_stub|trampoline|kretprobe_|rethook|bpf_tramp|bpf_prog_[0-9a-f]{16}|ftrace_graph|ftrace_caller|fprobe' \
		"$1: no trampoline is a site"
}

# graph_saw_returns TEXT: function_graph has seen functions return, for it knows how
# long they took: at the end of a function's body, or beside its name if nothing was
# called in it.
graph_saw_returns() {
	like "$(head -n 200 $TRACING/trace)" '^ .*[0-9] us .*[};]' \
		"$1: function_graph saw returns"
}

# check_beside_others TEXT: every kind of event, of known size and not, while others
# listen.
check_beside_others() {
	check_key_cases
	hold_start 32 small
	hold_do thin >/dev/null
	is "$(hold_do compact)" ok "$1: pages are migrated"
	is "$(hold_do check)" intact "$1: the memory has its content"
	hold_stop
	no_trampolines "$1"
	audit_ok "$1: audit"
	is "$(status_value wrong)" 0 "$1: no stack read wrongly"
	is "$(status_value dropped)" 0 "$1: nothing dropped"
}
