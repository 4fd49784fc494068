# shellcheck shell=dash
# Every way to get pages is counted exactly, at the function that asked.
# vm: kaslr=yes
. ./lib.sh

# Every case but those that are not about an allocation of their own, those that the
# kernel complains of, and a range, for which it empties whole blocks of pages, if these
# are half of the memory.
all_cases() {
	local block range=''

	block=$(awk '/^Pages per block:/ { print $4 }' /proc/pagetypeinfo)
	has_room $((block * 2)) || range=contig
	cut -d' ' -f1 $CONTROL |
		grep -vx -e bulk_fill -e percpu -e kept -e 'bad.*' -e "$range"
}

# Pages of the time before the module, with holes in the array for later.
load_helper
helper alloc bulk_prefill 1
for case in $(all_cases); do
	helper alloc "$case" 2
done

load
is "$(functions | grep -c pgtag_test_)" 0 "what was there before is not counted"
check_case bulk_fill 3 0 30 30
is "$(site pgtag_test_bulk_prefill)" "0 0" \
	"bulk_fill: untagged pages in the array stay untagged"
for case in $(all_cases); do
	helper free "$case"
done
is "$(functions | awk '/ pgtag_test_/ && ($1 || $2)')" "" \
	"frees of what is not counted change no count"
audit_ok "audit after those frees"

check_cases

# Per-CPU memory grows by whole chunks of pages, which the kernel's own total
# counts too. This is the first use of per-CPU memory in bulk, so only growth
# falls between the two readings.
percpu() {
	awk '$1 == "Percpu:" { print $2 * 1024 }' /proc/meminfo
}
populate='pcpu_populate_chunk pcpu_alloc_pages'
before=$(percpu) bytes=$(site_bytes $populate) calls=$(site_calls $populate)
helper alloc percpu 64
grown=$(($(percpu) - before))
if [ $grown -gt 0 ]; then
	ok "percpu: has grown"
else
	not_ok "percpu: has grown" "$grown"
fi
is "$(($(site_bytes $populate) - bytes))" $grown "percpu: bytes"
is "$(($(site_calls $populate) - calls))" $((grown / PAGE)) "percpu: calls"
helper free percpu

settle
audit_ok "audit at the end"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"

# Tags of a module that went keep their name while they count anything, and
# nothing here does.
unload_helper
audit_ok "audit without the helper"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
