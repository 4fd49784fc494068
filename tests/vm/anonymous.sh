# shellcheck shell=dash
# What becomes of the memory of a process: swapped out and in, merged with what
# is the same and copied again, made huge.
# vm: kmods="zram lzo-rle"
# vm: kernels=ends
. ./lib.sh

SMALL=$((8 * 256))	# pages that hold has
MOST=$((SMALL * 9 / 10))

# hold_small: sets site, whose hold's pages are, and how many calls it has then.
hold_small() {
	hold_site 8 small
	at_least "$calls" $SMALL "$1: $site has the memory"
	calls=$(site_calls "$site")
}

# lost: how many of these calls it has no more.
lost() {
	echo $((calls - $(site_calls "$site")))
}

has_lost() {
	[ "$(lost)" -ge $MOST ]
}

shared() {
	[ "$(cat /sys/kernel/mm/ksm/pages_sharing)" -ge $MOST ]
}

check_all() {
	is "$(hold_do check)" intact "$1: the memory has its content"
	settle
	audit_ok "$1: audit"
}

huge_pages_on_request
swap_on
load

hold_small swap
out=$(vmstat pswpout)
is "$(hold_do swap)" ok "swap: out"
at_least $(($(vmstat pswpout) - out)) $MOST "swap: it went"
at_least "$(lost)" $MOST "swap: and $site has lost it"
settle
audit_ok "swap: audit while it is out"
check_all "swap: in again"
at_least "$(vmstat pswpin)" $MOST "swap: it came"
hold_stop
audit_ok "swap: audit at the end"

hold_small merge
echo 10000 >/sys/kernel/mm/ksm/pages_to_scan
echo 1 >/sys/kernel/mm/ksm/run
hold_do same >/dev/null
hold_do merge >/dev/null
passes "merge: pages are shared" within 30 shared
passes "merge: $site has lost those that are not needed" within 30 has_lost
settle
audit_ok "merge: audit"
copies=$(vmstat cow_ksm)
hold_do same >/dev/null
at_least $(($(vmstat cow_ksm) - copies)) $MOST "merge: who writes gets a copy"
echo 2 >/sys/kernel/mm/ksm/run
settle
audit_ok "merge: audit with copies"
hold_stop
audit_ok "merge: audit at the end"

if have_huge_pages; then
	hold_small collapse
	huge=$(vmstat thp_collapse_alloc)
	is "$(hold_do collapse)" ok "collapse: into huge pages"
	at_least $(($(vmstat thp_collapse_alloc) - huge)) 4 "collapse: four of them"
	at_least "$(lost)" $MOST "collapse: $site has lost the small ones"
	check_all "collapse"
	hold_stop
	audit_ok "collapse: audit at the end"
else
	skip "collapse" "this kernel has no huge pages"
fi

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
