# shellcheck shell=dash
# Every parameter: what it takes, what it refuses, and what it does.
# vm: kernels=newest
. ./lib.sh

HOOKED=/sys/kernel/tracing/enabled_functions

expedite

# The kernel complains about the first module from outside, not about ours.
load_helper

# good PARAMETERS KEY VALUE: it loads, and the status says so.
good() {
	local lines

	case $1 in
	mem_profiling=0* | mem_profiling=never*) lines=1 ;;
	*) lines=$(lines_at_load) ;;
	esac
	# shellcheck disable=SC2086 # parameters are words
	try_load $1
	is "$?" 0 "$1: loads"
	is "$(count_lines "$said")" "$lines" "$1: announces itself in one line"
	is "$(status_value "$2")" "$3" "$1: $2 is $3"
	rmmod pgtag_compress
}

# bad GRAMMAR PARAMETER VALUE [FURTHER]: the value in quotes, because it may have
# a space or be empty.
bad() {
	# shellcheck disable=SC2086
	try_load "$2=\"$3\"" ${4:-}
	# EINVAL
	is "$?" 22 "$2='$3'${4:+ $4}: is refused as invalid"
	is "$(count_lines "$said"), $(echo "$said" | grep -cF "$1")" "1, 1" \
		"$2='$3'${4:+ $4}: one line shows the grammar"
	is "$(ls -d /sys/module/pgtag_compress $PGTAG 2>/dev/null)" "" \
		"$2='$3'${4:+ $4}: nothing is left"
	rmmod pgtag_compress 2>/dev/null
}

good mem_profiling=0 state off
good mem_profiling=1 state on
good mem_profiling=never state never
good mem_profiling=1,compressed storage flags
good mem_profiling=0,compressed state off
good mem_profiling=never,compressed state never
for value in '' 2 x '1,' 1,foo 1,compressed,x ' 1' '1 ' -1 01 compressed \
	1,Compressed; do
	bad 'mem_profiling={0|1|never}[,compressed]' mem_profiling "$value"
done

good storage=auto storage flags
good storage=flags storage flags
good storage=table storage table
good 'mem_profiling=1,compressed storage=auto' storage flags
good 'mem_profiling=1,compressed storage=flags' storage flags
for value in '' x Table 'flags,table'; do
	bad 'storage={auto|flags|table}' storage "$value"
done
bad 'storage={auto|flags|table}' storage table mem_profiling=1,compressed

good overflow=disable state on
good overflow=share state on
for value in '' x Share shares; do
	bad 'overflow={disable|share}' overflow "$value"
done

good attach=events state on
good attach=functions state on
for value in '' x Events event; do
	bad 'attach={events|functions}' attach "$value"
done

for value in 1 2 8; do
	good depth=$value depth $value
done
for value in '' 0 9 -1 x 1x 100; do
	bad 'depth={1..8}' depth "$value"
done

good slab=pages slab pages
good slab=callers slab callers
good slab=objects slab objects
for value in '' x Callers 'pages,callers' object; do
	bad 'slab={pages|callers|objects}' slab "$value"
done

good totals=off totals off
good totals=on totals on
for value in '' x On 1 on,off; do
	bad 'totals={off|on}' totals "$value"
done

good 'bits=0 field=cpupid' capacity 16384
# One bit is the mark; 0 and 1 are no tags, and the last index with the mark would
# read as a field that the kernel has made anew.
for bits in 6 8 15; do
	good "bits=$bits field=cpupid" capacity $(((1 << (bits - 1)) - 3))
done
good 'bits=32 field=cpupid' capacity 16384
good 'bits=8 storage=table' capacity 126
for value in '' 1 3 33 -4 x 4x; do
	bad 'bits={0|4..32}' bits "$value"
done

good field=auto storage flags
for value in '' x Unused last_cpupid; do
	bad 'field={auto|unused|cpupid}' field "$value"
done
width=$(unused_width)
if [ "$width" -ge 4 ]; then
	most=$(((1 << (width - 1)) - 3))
	[ $most -le 16384 ] || most=16384
	good 'field=unused storage=flags' capacity $most
else
	good field=unused storage table
	try_load field=unused storage=flags
	# ENOSPC
	is "$?" 28 "field=unused storage=flags: is refused where there are none"
	like "$said" "page->flags has [0-9]+ unused bits" "and says so"
fi
if [ -e $BALANCING ]; then
	load field=cpupid
	like "$(status_value field)" "^LAST_CPUPID \(borrowed\)" "field=cpupid: is what it has"
	unload
fi

# More paths than two bytes can number want a wider table.
pages='[0-9]+ pages of'
load storage=table
like "$(status_value table)" "^$pages 2 bytes" "table: two bytes an index"
unload
load storage=table depth=2
like "$(status_value table)" "^$pages 4 bytes" "table: four bytes with paths"
check_case alloc_pages 3 2 1 4
audit_ok "table: audit with four bytes"
unload
load storage=table depth=2 bits=16
like "$(status_value table)" "^$pages 2 bytes" "table: two if so many bits are enough"
unload

# Without parameters it is on, in page->flags.
load
is "$(status_value state)" on "default: state"
is "$(status_value storage)" flags "default: storage"
is "$(status_value depth)" 1 "default: depth"
is "$(status_value slab)" pages "default: slab"
helper alloc alloc_pages 3 0
is "$(site pgtag_test_alloc_pages)" "$((3 * PAGE)) 3" "default: counts"
helper free alloc_pages
unload

try_load no_such_parameter=1
is "$?" 0 "an unknown parameter is no error of ours"
unload

# Off: nothing hot is attached, nothing is counted.
hooked=$(cat $HOOKED)
load mem_profiling=0
# The memory report is a matter of running out of memory, not of allocations.
is "$(grep -v '^__show_mem ' $HOOKED)" "$hooked" \
	"0: no function is hooked that was not before"
churn 1
hits=$(grep '^hook ' $PGTAG/status | grep -v '^hook memory_report')
is "$(echo "$hits" | grep . | grep -vE '(not attached|[^0-9]0 hits)$')" "" \
	"0: no hook is attached or has a hit"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
