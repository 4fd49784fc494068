# shellcheck shell=dash
# Memory that breaks: a page that is about to is moved away, one that is broken is
# never used again, and nobody is charged for either.
# vm: kmods="hwpoison_inject"
# vm: kernels=ends
. ./lib.sh

# broken: how many pages.
broken() {
	awk -v page=$PAGE '$1 == "HardwareCorrupted:" { print $2 * 1024 / page }' /proc/meminfo
}

if ! grep -q HardwareCorrupted /proc/meminfo; then
	skip "broken pages" "this kernel knows none"
	done_testing
fi
huge_pages_on_request
kernel_module hwpoison_inject || bail "broken pages can be mended"
load
hold_site 16 small

# Its content is moved to another page, which is its site's instead.
soft=$(hold_do during "$site" poison soft)
like "$soft" '^same [1-9]' "about to break: $site is as before"
is "$(broken)" 1 "about to break: the page is in use no more"
is "$(hold_do check)" intact "about to break: the memory has its content"
audit_ok "about to break: audit"

# The kernel keeps the page, for nobody.
hard=$(hold_do during "$site" poison hard)
like "$hard" '^same [1-9]' "broken: $site is as before"
is "$(broken)" 2 "broken: the page is in use no more"
is "$(hold_do check)" intact "broken: the rest has its content"
audit_ok "broken: audit"

is "$(hold_do during "$site" mend "${soft#same }")" "same ok" "mended: nobody had the first"
answer=$(hold_do during "$site" mend "${hard#same }")
is "$(echo "$answer" | tr -d , | awk '{ print $4 - $1, $5 - $2, $6 }')" "-$PAGE -1 ok" \
	"mended: the second is $site's no more"
is "$(broken)" 0 "mended: both can be used again"
audit_ok "mended: audit"

# One that is found broken as it is freed is not given to anybody else.
load_helper
check_case broken 5 0 1 1
check_case broken 3 4 1 16
audit_ok "freed and broken: audit"
hold_stop
settle
audit_ok "audit at the end"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
