# shellcheck shell=dash
# Memory that a hypervisor takes back through virtio-mem is never freed: it is
# allocated, and then it goes offline.
# vm: mem="512M,maxmem=2G" smp=2 monitor=yes kmods="virtio_pci virtio_mem" timeout=180 config=VIRTIO_MEM
# vm: qemu="-object memory-backend-ram,id=vmem,size=512M -device virtio-mem-pci,id=vm0,memdev=vmem,requested-size=0"
# vm: kernels=ends
. ./lib.sh

MEMORY=/sys/devices/system/memory
TAKER=virtio_mem_fake_offline

# size MEGABYTES: what the device is to have.
size() {
	monitor "qom-set /machine/peripheral/vm0 requested-size ${1}M"
}

has() {
	[ "$(find $MEMORY -name 'memory[0-9]*' | wc -l)" -eq $((before + $1 / 128)) ]
}

round() {
	local text=$1
	load storage="$text"
	size 512
	passes "$text: memory comes" within 20 has 512
	hold_start 64 small
	size 0
	passes "$text: it goes" within 60 has 0
	settle
	is "$(site $TAKER)" "0 0" "$text: nobody is charged for it"
	audit_ok "$text: audit"
	is "$(hold_do check)" intact "$text: what was there has been moved"
	hold_stop
	unload
	is "$(walk)" "0 0" "$text: page->flags as before"
}

expedite
echo online_movable >$MEMORY/auto_online_blocks
before=$(find $MEMORY -name 'memory[0-9]*' | wc -l)
kernel_module virtio_pci
kernel_module virtio_mem || bail "there is virtio-mem"
round flags
round table
done_testing
