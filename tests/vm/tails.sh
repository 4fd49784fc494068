# shellcheck shell=dash
# Tail pages keep no index when the module goes, be their part of the memory map their
# own or given back.
#
# The second gigabyte is nobody's in this machine: there is a zone above it that is
# taken from first, and the kernel stays in the first. On arm64 memory begins a gigabyte
# higher, and so does what is said here.
# vm: mem=5G append=nokaslr timeout=180
. ./lib.sh

GIGANTIC=/sys/kernel/mm/hugepages/hugepages-1048576kB
OPTIMIZE=/proc/sys/vm/hugetlb_optimize_vmemmap

filled() {
	echo 1 >$GIGANTIC/nr_hugepages
	[ "$(cat $GIGANTIC/nr_hugepages)" = 1 ]
}

# round TEXT: a gigantic page is allocated while the module is loaded, and freed
# when it is loaded again.
round() {
	load storage=flags
	passes "$1: there is a gigantic page" within 20 filled
	unload
	is "$(walk)" "0 0" "$1: no page keeps an index, head or tail"
	load storage=flags
	echo 0 >$GIGANTIC/nr_hugepages
	is "$(impossible)" "" "$1: its free is nobody's"
	audit_ok "$1: audit"
	unload
	is "$(walk)" "0 0" "$1: page->flags as before"
}

if ! [ -e $GIGANTIC ]; then
	skip "gigantic pages" "none here"
	done_testing
fi
expedite
round "own map"
case $(uname -r) in
6.12.*) skip "map given back" "this kernel finds bad pages then, without any module" ;;
*)
	if [ -e $OPTIMIZE ]; then
		echo 1 >$OPTIMIZE
		round "map given back"
	else
		skip "map given back" "this kernel does not"
	fi
	;;
esac
done_testing
