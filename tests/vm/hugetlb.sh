# shellcheck shell=dash
# Pages of hugetlb: large, gigantic, demoted, and with most of their part of the
# memory map given back. One gigantic page is there from the boot, without a tag.
# vm: mem=6G smp=2 timeout=300 append="init_on_alloc=0 hugepagesz=1G hugepages=1"
. ./lib.sh

LARGE=/sys/kernel/mm/hugepages/hugepages-2048kB
GIGANTIC=/sys/kernel/mm/hugepages/hugepages-1048576kB

# pool DIRECTORY N: have so many pages; sets $site, which grew by $bytes, $calls.
pool() {
	local tries=0
	functions >/tmp/before
	echo "$2" >"$1/nr_hugepages"
	# Something in the way of a gigantic page may move.
	while [ "$(cat "$1/nr_hugepages")" != "$2" ] && [ $tries -lt 10 ]; do
		echo 3 >/proc/sys/vm/drop_caches
		echo 1 >/proc/sys/vm/compact_memory
		functions >/tmp/before
		echo "$2" >"$1/nr_hugepages"
		tries=$((tries + 1))
	done
	functions >/tmp/after
	grown /tmp/before /tmp/after >/tmp/grown
	read -r site bytes calls </tmp/grown
	is "$(cat "$1/nr_hugepages")" "$2" "the pool has $2 pages"
	diag "site $site grew by $bytes bytes, $calls calls"
}

empty() {
	echo 0 >$LARGE/nr_hugepages
	[ ! -e $GIGANTIC ] || echo 0 >$GIGANTIC/nr_hugepages
	is "$(site "$site")" "0 0" "$1: nothing is left at the end"
	audit_ok "$1: audit at the end"
}

if ! [ -e $GIGANTIC ]; then
	skip "hugetlb" "no gigantic pages here"
	done_testing
fi
load

# There may be sizes in between.
echo 2M >$GIGANTIC/demote_size
is "$(cat $GIGANTIC/nr_hugepages)" 1 "one gigantic page is from the boot"
pool $GIGANTIC 2
is "$bytes $calls" "$((1 << 30)) 1" "gigantic: bytes and calls"
audit_ok "gigantic: audit"

# The one without a tag may lie next to the other.
both_demoted() {
	echo 2 >$GIGANTIC/demote
	is "$(cat $GIGANTIC/nr_hugepages) $(cat $LARGE/nr_hugepages)" "0 1024" \
		"both demoted: the pool has large pages"
	is "$(site "$site")" "$((1 << 30)) 512" "both demoted: a call for each piece of one"
	audit_ok "both demoted: audit"
}

if unseen_demotion; then
	like "$(cat $PGTAG/status)" '^# .*that are demoted stay with their site' \
		"both demoted: status says that this is not seen"
else
	both_demoted
fi
empty "both demoted"

pool $LARGE 16
is "$bytes $calls" "$((32 << 20)) 16" "large: bytes and calls"
audit_ok "large: audit"
empty large

optimized() {
	echo 1 >$OPTIMIZE
	pool $LARGE 16
	is "$bytes $calls" "$((32 << 20)) 16" "large, optimized: bytes and calls"
	audit_ok "large, optimized: audit"
	empty "large, optimized"
	demoted "demoted, optimized"
	echo 0 >$OPTIMIZE
}

# demoted TEXT: a gigantic page falls into large ones.
demoted() {
	pool $GIGANTIC 1
	is "$bytes $calls" "$((1 << 30)) 1" "$1: one call before"
	echo 1 >$GIGANTIC/demote
	is "$(cat $GIGANTIC/nr_hugepages) $(cat $LARGE/nr_hugepages)" "0 512" \
		"$1: the pool has large pages"
	is "$(site "$site")" "$((1 << 30)) 512" "$1: a call each"
	audit_ok "$1: audit"
	echo 100 >$LARGE/nr_hugepages
	is "$(site "$site")" "$((100 << 21)) 100" "$1: some of them freed"
	audit_ok "$1: audit after that"
	empty "$1"
}

pool $GIGANTIC 1
empty gigantic
unseen_demotion || demoted demoted
case $(uname -r) in
6.12.*) skip "optimized" "this kernel finds bad pages then, without any module" ;;
*)
	if [ -e $OPTIMIZE ]; then
		optimized
	else
		skip "optimized" "this kernel does not"
	fi
	;;
esac

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
