# shellcheck shell=dash
# Run in the guest by scripts/demo: work a little, then show who has the memory.
# vm: mem=2G timeout=200

pgtag=/sys/kernel/debug/pgtag
busy=/tmp/busy

# Trees in tmpfs packed and unpacked, sorted, compressed; many processes.
work() {
	mkdir -p $busy/tree && cd $busy || exit
	for i in 1 2 3 4 5 6 7 8; do
		mkdir tree/$i
		for j in 1 2 3 4 5 6 7 8 9 10; do
			dd if=/bin/busybox of=tree/$i/$j bs=32k count=$j 2>/dev/null
		done
	done
	for i in 1 2 3; do
		mkdir copy$i
		tar -cf - tree | tar -xf - -C copy$i
	done
	dd if=/dev/zero of=zeroes bs=1M count=200 2>/dev/null
	find / -xdev | sort >names
	seq 1 60000 | sort -r | gzip -1 >numbers.gz
	zcat numbers.gz | sort -n | tail -n 1 >last
	find copy1 copy2 -type f -exec md5sum {} + | sort | uniq -c | wc -l >sums
	i=0
	while [ $i -lt 200 ]; do
		/bin/busybox true
		i=$((i + 1))
	done
	for i in 1 2 3 4 5; do
		sleep 300 >/dev/null 2>&1 &
	done
	rm -rf copy3
	cd /
}

# What a longer life would bring: files in ramfs, control groups, a trace buffer,
# a connection whose reader is slow, a program with large pages, another module.
live() {
	mkdir /tmp/ramfs && mount -t ramfs ramfs /tmp/ramfs
	dd if=/bin/busybox of=/tmp/ramfs/file bs=64k 2>/dev/null
	mkdir /sys/fs/cgroup/1 /sys/fs/cgroup/2 /sys/fs/cgroup/3
	echo 2048 >/sys/kernel/tracing/buffer_size_kb
	nc -l -p 99 -e sleep 300 >/dev/null 2>&1 &
	sleep 1
	dd if=/dev/zero bs=64k count=64 2>/dev/null | nc 127.0.0.1 99 >/dev/null 2>&1 &
	sleep 300 | hold 32 huge >/dev/null 2>&1 &
	insmod /modules/pgtag_test.ko
	sleep 1
}

human='function human(n) {
	if (n >= 1048576)
		return sprintf("%.1f MiB", n / 1048576)
	return sprintf("%.0f KiB", n / 1024)
}'

meminfo() {
	awk -v key="$1:" '$1 == key { print $2 * 1024 }' /proc/meminfo
}

show() {
	echo "The head of $pgtag/allocinfo:"
	echo
	head -n 8 $pgtag/allocinfo | sed 's/^/    /'
	echo
	echo "Call sites with pages in use: $sites"
	echo
	echo "The ten that hold most:"
	echo
	tail -n +3 $pgtag/allocinfo | sort -rn | head -n 10 | awk "$human"'
		{ bytes = $1; $1 = $2 = ""; sub(/^ +/, ""); printf "    %12s  %s\n", human(bytes), $0 }'
	echo
	awk -v tagged="$(sed -n 's/^tagged bytes: *//p' $pgtag/status)" \
		-v used="$(($(meminfo MemTotal) - $(meminfo MemFree)))" "$human"'
		BEGIN {
			printf "Tagged: %s of %s in use (%d %%); the rest was allocated before the module came.\n",
				human(tagged), human(used), 100 * tagged / used
		}'
	echo
	grep '^field:' $pgtag/status
	echo "$audit"
}

if ! insmod /modules/pgtag_compress.ko; then
	echo "not ok 1 - the module loads"
	echo "1..1"
	exit
fi
echo "ok 1 - the module loads"
work
live 2>/dev/null
sites=$(awk 'NR > 2 && $1 > 0' $pgtag/allocinfo | wc -l)
audit=$(tail -n 1 $pgtag/audit)

echo "demo: begin"
show
echo "demo: end"

[ "$sites" -ge 15 ] || echo -n "not "
echo "ok 2 - at least 15 call sites have pages"
[ "$audit" = "audit: ok" ] || echo -n "not "
echo "ok 3 - the memory map agrees with every counter"
echo "1..3"
