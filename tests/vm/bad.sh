# shellcheck shell=dash
# Pages that the kernel finds bad when they are freed: it keeps them for ever, and
# nobody is charged for them.
# vm: append="init_on_alloc=1" allow="Bad page state|Call Trace:"
# vm: kernels=ends
. ./lib.sh

# finds_bad UNITS CASE ORDER: so many of them.
finds_bad() {
	local lines
	lines=$(dmesg_lines)
	check_case "$2" "$1" "$3" 1 $((1 << $3))
	at_least "$(dmesg_since "$lines" | grep -c 'BUG: Bad page state')" "$1" \
		"$2($3): the kernel finds them bad"
}

# bad CASE ORDER: three of them.
bad() {
	finds_bad 3 "$@"
	audit_ok "$1($2): audit"
}

load_helper
load
# Before 6.4 a stock kernel looks at blocks of pages only.
if kernel_at_least 6 4; then
	bad bad 0
else
	skip "bad 0" "this kernel does not look at single pages"
fi
bad bad 3
bad bad_compound 1
bad bad_compound 4
unload

# Freed with too large an order: the page behind is another's, and stays that. (The
# culprit has less than nothing then, which the audit would say.)
for storage in flags table; do
	load storage=$storage
	finds_bad 1 bad_behind 0
	unload
done
is "$(walk)" "0 0" "page->flags as before"
done_testing
