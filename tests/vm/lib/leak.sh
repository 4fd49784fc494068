# shellcheck shell=dash
# A leak of slab objects beside a busy file system: who grew most? Source lib.sh first.

LEAKS=20	# portions
PORTION=1000	# objects of $SMALL bytes each
# What is there of an object of 64 bytes: arm64 had no smaller ones before 6.5.
SMALL=64
grep -q '^kmalloc-64 ' /proc/slabinfo || SMALL=128

# caches PREFIX: "BYTES SLABS" that the caches with this name have.
caches() {
	awk -v name="^$1\$" -v page="$PAGE" '$1 ~ name { slabs += $15; bytes += $15 * $6 * page }
		END { printf "%d %d\n", bytes, slabs }' /proc/slabinfo
}

# Some kernels have several, which callers are given at random.
KMALLOC_SMALL="kmalloc-([a-z0-9]+-)*$SMALL"

# Files come, are looked for, and go.
load_tmpfs() {
	while [ -e /tmp/busy ]; do
		mkdir /tmp/tree
		(cd /tmp/tree && touch $(seq 100))
		find /tmp/tree >/dev/null
		rm -r /tmp/tree
	done
}

busy_start() {
	touch /tmp/busy
	load_tmpfs &
	busy=$!
	sleep 1
}

busy_stop() {
	rm /tmp/busy
	wait $busy
}

# functions_of KIND: as functions, for pages or objects.
functions_of() {
	awk -v kind="$1" 'NR <= 2 || (/ kind:object / ? "objects" : "pages") == kind' \
		$PGTAG/allocinfo >/tmp/of_kind
	functions /tmp/of_kind
}

# leak CASE KIND: a little now and again, while the file system is busy. Sets grew, what
# the function that grew most has more now, and cache, what the caches have.
leak() {
	local before n=0
	busy_start
	functions_of "$2" >/tmp/before
	before=$(caches "$KMALLOC_SMALL")
	while [ $n -lt $LEAKS ]; do
		helper alloc "$1" 1 $PORTION
		n=$((n + 1))
	done
	functions_of "$2" >/tmp/after
	cache=$(difference "$before" "$(caches "$KMALLOC_SMALL")")
	busy_stop
	grew=$(grown /tmp/before /tmp/after)
	diag "$1: $grew; caches of $SMALL bytes: $cache"
}

# most_of FUNCTION TEXT: it grew most, by most of what the caches did.
most_of() {
	# shellcheck disable=SC2086 # figures are words
	set -- $grew $cache "$1" "$2"
	is "$1" "$6" "$7: $6 grew most"
	at_least "$2" $(($4 * 8 / 10)) "$7: by 80 % of what the slabs did, or more"
	at_least "$4" $((LEAKS * PORTION * SMALL * 8 / 10)) "$7: and that is the leak"
}
