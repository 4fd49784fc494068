# shellcheck shell=dash
# Pages that the kernel finds bad when they are freed: it keeps them for ever, and
# nobody is charged for them.
# vm: append="init_on_alloc=1" allow="Bad page state|Call Trace:"
# vm: kernels=ends
. ./lib.sh

# bad CASE ORDER: three of them.
bad() {
	local lines
	lines=$(dmesg_lines)
	check_case "$1" 3 "$2" 1 $((1 << $2))
	at_least "$(dmesg_since "$lines" | grep -c 'BUG: Bad page state')" 3 \
		"$1($2): the kernel finds them bad"
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
	bad_before=$(dmesg | grep -c 'BUG: Bad page state')
	check_case bad_behind 1 0 1 1
	at_least "$(dmesg | grep -c 'BUG: Bad page state')" $((bad_before + 1)) \
		"bad_behind: the kernel finds it bad"
	unload
done
is "$(walk)" "0 0" "page->flags as before"
done_testing
