# shellcheck shell=dash
# append: pgtag_compress.slab=objects
# Every slab object of a whole system has its tag, at no more bytes an object than half of
# what the kernel's own profiling has: when it has booted, and when its files were looked at.
. ../vm/lib.sh
. ./lib.sh

# frugal STATE: at most 4 bytes in use for each object in a slab. What is in stock does not
# grow with them.
frugal() {
	local cells in_use objects

	cells=$(status_value cells | awk '{ print $4 - $6, $6 }')
	in_use=${cells% *}
	objects=$(awk 'NR > 2 { sum += $2 } END { print sum }' /proc/slabinfo)
	at_least $((4 * objects)) "$in_use" "$1, cells take at most 4 bytes an object"
	diag "$objects objects in slabs, $(status_value "object calls") with a tag," \
		"cells of $in_use bytes, ${cells#* } more in stock"
}

loaded_early
works
frugal "after the boot"
frugal "after $(find / -xdev -printf '%s\n' | wc -l) files"
is "$(status_value "dropped objects")" 0 "none found no room"
audit_ok "audit after that"
done_testing
