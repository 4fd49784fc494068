# shellcheck shell=dash
# What is learned does not decay while modules come and go. The clock counts
# instructions, one a nanosecond. With KASAN those are others', and every module of
# that size lies in the same place.
# vm: smp=1 timeout=200 accel=tcg
# vm: qemu="-icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01,clock=vm"
# vm: kernels=ends config=!KASAN
. ./lib.sh

# Room for 16384 tags; each time the module's 8000 sites are elsewhere.
PLACES=5
MOST=20

expedite
load_helper
# The widest there is.
load field=cpupid

# many_at_new_place: its sites lie where they never were, or fail.
many_at_new_place() {
	local place
	modload /modules/pgtag_many.ko || bail "pgtag_many loads" "errno $?"
	place=$(cat /sys/module/pgtag_many/sections/.text)
	rmmod pgtag_many
	case " $places" in
	*" $place "*) return 1 ;;
	esac
	places="$places$place "
}

# A module that stays, in the place the other one had, moves it on.
places=''
seen=0
tries=0
while [ $seen -lt $PLACES ] && [ $tries -lt $MOST ]; do
	if many_at_new_place; then
		seen=$((seen + 1))
	fi
	modclone /modules/pgtag_clone000.ko $((tries * 4 + 1)) $((tries * 4 + 4))
	tries=$((tries + 1))
done
diag "$places, after $tries"
is $seen $PLACES "a module with 8000 call sites is loaded in $PLACES places"
is "$(status_value dropped)" 0 "nothing is dropped"

said=$(dmesg | grep -m 1 'pgtag_many: first')
diag "$said"
first=$(echo "$said" | sed 's/.* first \([0-9]*\).*/\1/')
last=$(echo "$said" | sed 's/.* last \([0-9]*\).*/\1/')
if [ "$last" -le $((first * 9 / 8)) ]; then
	ok "the last of 8000 sites is learned as fast as the first"
else
	not_ok "the last of 8000 sites is learned as fast as the first"
fi

check_case get_zeroed_page 7 0 1 1
check_case alloc_pages 3 1 1 2
few_tags() {
	[ "$(status_value tags)" -lt 2000 ]
}
passes "the indices are there for others again" within 20 few_tags

# What is known needs no lock.
helper alloc alloc_pages 1 0
learned=$(status_value learned)
unwound=$(status_value unwound)
asked=$(status_value asked)
helper alloc alloc_pages 5000 0
is "$(($(status_value learned) - learned))" 0 "5000 pages: nothing to learn"
is "$(($(status_value unwound) - unwound))" 0 "5000 pages: nobody is asked"
is "$(($(status_value asked) - asked))" 0 "5000 pages: not for a single frame"
helper free alloc_pages

audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
