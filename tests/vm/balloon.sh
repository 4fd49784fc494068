# shellcheck shell=dash
# Pages that their driver moves itself, those of a balloon and those of zsmalloc, are
# still their own sites' after memory was compacted, or taken offline.
# vm: acpi=yes
# vm: mem="384M,slots=1,maxmem=1G" append="memhp_default_state=offline"
# vm: qemu="-object memory-backend-ram,id=mem0,size=256M -device pc-dimm,memdev=mem0 -device virtio-balloon-pci"
# vm: monitor=yes config=VIRTIO_BALLOON
# vm: kmods="virtio_pci virtio_balloon zram lzo-rle"
. ./lib.sh

DISK=/sys/block/zram0

# used: the memory of zsmalloc in bytes, as its user counts it.
used() {
	awk '{ print $3 }' $DISK/mm_stat
}

inflated() {
	[ "$(vmstat balloon_inflate)" -ge 8192 ]
}

deflated() {
	[ "$(vmstat balloon_deflate)" -ge 8192 ]
}

# hits HOOK
hits() {
	sed -n "s/^hook $1: .* \\([0-9]*\\) hits.*/\\1/p" $PGTAG/status
}

# The two blocks of memory at the end are a device's, only for pages that can be moved,
# and memory is taken from there first.
blocks=$(find /sys/devices/system/memory -name 'memory[0-9]*' | sort -t y -k 5 -n | tail -n 2)
last=$(echo "$blocks" | tail -n 1)

# offline TEXT BLOCK: and online again.
offline() {
	passes "$1: a block of memory is offline" sh -c "echo offline >$2/state"
	echo online_movable >"$2/state"
}

each_offline() {
	local block
	for block in $blocks; do
		offline each "$block"
	done
}

# moved TEXT HOOK COMMAND...: it moves pages of both; each that is moved by its driver
# is a hit.
moved() {
	local text=$1 hook=$2 pages hits before
	shift 2
	before=$(site "$balloon")
	pages=$(vmstat balloon_migrate)
	hits=$(hits "$hook")
	"$@"
	pages=$(($(vmstat balloon_migrate) - pages))
	hits=$(($(hits "$hook") - hits))
	at_least "$pages" 200 "$text: pages of the balloon were moved"
	is "$(site "$balloon")" "$before" "$text: the balloon's site is as before"
	at_least $((hits - pages)) 200 "$text: pages of zsmalloc were moved"
	is "$(site_bytes "$site")" "$(used)" "$text: all of zsmalloc still is $site's"
	audit_ok "$text: audit"
}

kernel_module virtio_pci
kernel_module virtio_balloon || bail "there is a balloon"
kernel_module zram || bail "there is zram"
kernel_module lzo-rle
echo 64M >$DISK/disksize || bail "zram has a size"
for block in $blocks; do
	echo online_movable >"$block/state" || bail "there is more memory"
done
load

# filled COMMAND...: it takes memory; sets $site, whose that is, $bytes and $calls.
filled() {
	functions >/tmp/before
	"$@"
	functions >/tmp/after
	grown /tmp/before /tmp/after >/tmp/grown
	read -r site bytes calls </tmp/grown
	diag "site $site grew by $bytes bytes, $calls calls"
}

fill_disk() {
	dd if=/dev/urandom of=/dev/zram0 bs=1M count=24 2>/dev/null
	sync
	echo 1 >/proc/sys/vm/drop_caches
}

fill_balloon() {
	monitor "balloon 608"
	passes "the balloon has 32 MB" within 60 inflated
	settle
}

filled fill_balloon
balloon=$site
is "$(site "$balloon")" "$((32 << 20)) 8192" "the balloon's site is $site"
filled fill_disk
is "$(site_bytes "$site")" "$(used)" "all of zsmalloc is $site's"

# All are in the first block then. Compaction moves to where small pages are free.
offline first "$last"
hold_start 160 small
is "$(hold_do thin)" ok "there are holes"
moved "compaction" compaction sh -c 'echo 1 >/proc/sys/vm/compact_memory'
hold_stop
moved "offline" migrate_target each_offline

echo 1 >$DISK/reset
is "$(site "$site")" "0 0" "zsmalloc: nothing is left at the end"
monitor "balloon 640"
passes "the balloon is empty" within 60 deflated
settle
is "$(site "$balloon")" "0 0" "balloon: nothing is left at the end"
audit_ok "audit at the end"

unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
