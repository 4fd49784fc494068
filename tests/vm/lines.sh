# shellcheck shell=dash
# Source lines that a user writes to the lines file: taken whole or refused, printed in
# the place of offsets.
# vm: smp=2 timeout=300
# vm: kernels=newest
. ./lib.sh

LINES=$PGTAG/lines
SYSCTL=/proc/sys/vm/mem_profiling

# records NAME [FILE]: a record for each site of allocinfo, in NAME.c.
records() {
	awk -v name="$1" '$3 ~ /.+[+]0x/ {
		split($3, at, "+")
		module = $4 ~ /^\[/ ? substr($4, 2, length($4) - 2) : "vmlinux"
		print module, at[1], at[2], name ".c", NR, name NR
	}' "${2:-$PGTAG/allocinfo}"
}

# line_of FUNCTION FILE: what matches what allocinfo has for the record of a symbol in
# FILE, from the site on.
line_of() {
	awk -v symbol="$1" '$2 == symbol {
		print $4 ":" $5, $1 == "vmlinux" ? "func:" $6 : "\\[" $1 "] func:" $6
	}' "$2" | tail -n 1
}

# put FILE [BYTES]: in writes of so many. Prints what went wrong.
put() {
	dd if="$1" of=$LINES bs="${2:-65536}" 2>&1 | sed -n 's/^dd:.*: //p'
}

known() {
	status_value lines
}

# shown FILE TEXT: the pages of the helper are at the line that FILE says.
shown() {
	is "$(grep -c "^ *$((3 * PAGE)) *3 $(line_of pgtag_test_alloc_pages "$1") \$" \
		$PGTAG/allocinfo)" 1 "$2"
}

# areas BYTES: pieces of kernel memory of that size; there is a page more to each.
areas() {
	awk -v size=$(($1 + PAGE)) '$2 == size && /pages=/ { n++ } END { print n + 0 }' /proc/vmallocinfo
}
TABLE=266240
# Of text as large as this, so that there is nothing else of that size.
TEXT=65536

expedite
load_helper
unloaded="$(areas $TABLE) $(areas $TEXT)"
load
helper alloc alloc_pages 3 0
dd if=/dev/zero of=/tmp/pages bs=64k count=4 2>/dev/null
records first >/tmp/first
tac /tmp/first >/tmp/turned
records second >/tmp/second
grep -e pgtag_test_alloc_pages -e shmem /tmp/first >/tmp/few
sites=$(sort -u /tmp/first | wc -l)
is "$(known)" "0 call sites, 0 bytes" "nobody knows lines yet"

# --- what is good ---

is "$(put /tmp/first)" "" "lines are written"
like "$(known)" "^$sites call sites, [0-9]+ bytes\$" "all of them are known"
shown /tmp/first "allocinfo has file, line and function of a module's site"
like "$(cat $PGTAG/allocinfo)" \
	"^ *[1-9][0-9]* +[0-9]+ $(line_of "$(tmpfs_site)" /tmp/first) \$" \
	"and of the kernel's"
awk '{ print $2 "+" $3 }' /tmp/first >/tmp/sites
is "$(awk 'NR > 2 { print $3 }' /proc/allocinfo | grep -cxFf /tmp/sites)" 0 \
	"no site that has a line is without"
like "$(cat $PGTAG/audit)" '^audit: ok' "audit"
lines=$(dmesg_lines)
echo m >/proc/sysrq-trigger
like "$(dmesg_since "$lines")" ' first\.c:[0-9]+ func:first[0-9]+' "the memory report has them"
unlike "$(cat $PGTAG/allocinfo)" '0xffff' "no address"

is "$(put /tmp/second)" "" "others are written"
shown /tmp/second "they take their place"
unlike "$(cat $PGTAG/allocinfo)" 'first' "nothing is left of the former"
put /tmp/few
is "$(known | cut -d' ' -f1)" "$(wc -l </tmp/few)" "so do fewer"
unlike "$(cat $PGTAG/allocinfo)" 'second' "the other sites have none"
for bytes in 1 61; do
	put /tmp/second
	is "$(put /tmp/few $bytes)" "" "written in pieces of $bytes"
	shown /tmp/few "pieces of $bytes: they are known"
done
for bytes in 1023 131072; do
	put /tmp/few
	is "$(put /tmp/turned $bytes)" "" "all of them in pieces of $bytes, in another order"
	shown /tmp/first "pieces of $bytes: they are known"
	like "$(known)" "^$sites call sites" "pieces of $bytes: all of them"
done
tr ' ' '\t' </tmp/second >/tmp/tabs
put /tmp/tabs
shown /tmp/second "tabs do as well"
put /tmp/first
(head -c 50 /tmp/second; tail -c +51 /tmp/second) >$LINES
shown /tmp/second "one file, written by two processes, cut inside of a record"
(cat /tmp/first; echo "pgtag_test pgtag_test_alloc_pages $(awk '$2 == "pgtag_test_alloc_pages" {
	print $3 }' /tmp/first | tail -n 1) again.c 7 it") >/tmp/twice
put /tmp/twice
like "$(known)" "^$sites call sites" "of two for one site"
like "$(grep '\[pgtag_test\]' $PGTAG/allocinfo)" ' again\.c:7 \[pgtag_test\] func:it $' "the later one counts"
{
	echo "vmlinux no_such_function 0x1 x.c 1 x"
	echo "no_such_module x 0x1 x.c 1 x"
	cat /tmp/first
} >/tmp/unknown
is "$(put /tmp/unknown)" "" "nobody minds a symbol or module that is not there"
shown /tmp/first "nor do the others"

# --- what is not ---

# refused TEXT FILE ERROR REGEX [BYTES]: and nothing has changed.
refused() {
	local lines said before
	before=$(known)
	lines=$(dmesg_lines)
	is "$(put "$2" "${5:-}")" "$3" "$1: refused"
	said=$(dmesg_since "$lines" | grep pgtag_compress:)
	is "$(count_lines "$said")" 1 "$1: one line says why"
	like "$said" "pgtag_compress: lines: $4; all of the file is refused\$" "$1: it says"
	is "$(known)" "$before" "$1: nothing has changed"
	shown /tmp/first "$1: allocinfo has what it had"
}

GRAMMAR='is not \{vmlinux\|module\} symbol offset file line function, .*'
number=0
while read -r bad; do
	number=$((number + 1))
	{
		head -n $number /tmp/second
		echo "$bad"
		cat /tmp/second
	} >/tmp/bad
	refused "\"$bad\"" /tmp/bad "Invalid argument" "line $((number + 1)) $GRAMMAR"
done <<'END'
vmlinux a 0x1 b.c 1

END
{
	cat /tmp/few
	awk 'BEGIN { for (i = 0; i < 1025; i++) printf "x"; print "" }'
} >/tmp/bad
few=$(wc -l </tmp/few)
refused "a long line" /tmp/bad "Invalid argument" "line $((few + 1)) $GRAMMAR"
refused "a long line in pieces" /tmp/bad "Invalid argument" "line $((few + 1)) $GRAMMAR" 100
{
	cat /tmp/few
	printf 'vmlinux a 0x1 b\0c 1 c\n'
} >/tmp/bad
refused "a NUL" /tmp/bad "Invalid argument" "line $((few + 1)) $GRAMMAR"
{
	cat /tmp/few
	printf 'vmlinux a 0x1 b.c 1 c'
} >/tmp/bad
refused "no newline at the end" /tmp/bad "Invalid argument" "line $((few + 1)) $GRAMMAR"
awk 'BEGIN { for (i = 0; i <= 16384; i++) print "m s", i, "f 1 f" }' >/tmp/bad
refused "more sites than there may be" /tmp/bad "No space left on device" \
	"more call sites than 16384"
head -n 16384 /tmp/bad >/tmp/most
is "$(put /tmp/most)" "" "as many as there may be"
like "$(known)" '^16384 call sites' "are known"
put /tmp/first
yes "m s 1 $(head -c 1000 /dev/zero | tr '\0' x) 1 f" | head -c 4194305 >/tmp/bad
refused "more than 4 MiB" /tmp/bad "File too large" "more than 4 MiB"
rm /tmp/bad /tmp/most
like "$(cat $LINES 2>&1)" 'Permission denied' "the file cannot be read"
like "$(known)" "^$sites call sites" "and that changes nothing"

# --- who writes ---

mkfifo /tmp/fifo
cat /tmp/fifo >$LINES &
writer=$!
exec 7>/tmp/fifo
cat /tmp/second >&7
is "$(put /tmp/few)" "Device or resource busy" "there is one writer at a time"
lines=$(dmesg_lines)
kill -KILL $writer
wait $writer 2>/dev/null
exec 7>&-
shown /tmp/first "what a process wrote that was killed is not taken"
like "$(dmesg_since "$lines")" 'lines: who wrote them was killed; all' "the log says so"
{ sh -c 'echo $$ >/tmp/pid; exec cat /tmp/fifo'; true; } >$LINES 2>/dev/null &
writer=$!
exec 7>/tmp/fifo
cat /tmp/second >&7
kill -KILL "$(cat /tmp/pid)"
exec 7>&-
wait $writer
shown /tmp/first "nor if it was not the last to have the file open"

# Read all the time while it changes.
rm -f /tmp/enough /tmp/read
while [ ! -e /tmp/enough ]; do
	grep '\[pgtag_test\]' $PGTAG/allocinfo
done >/tmp/read &
reader=$!
for i in $(seq 8); do
	put /tmp/first
	put /tmp/second
	[ $((i % 4)) -ne 0 ] || : >$LINES
done
touch /tmp/enough
wait $reader
at_least "$(grep -c 'first.*first\|second.*second' /tmp/read)" 10 "beside writers, readers see lines"
is "$(grep -v -e ' first\.c:\([0-9]*\) \[pgtag_test\] func:first\1 $' \
	-e ' second\.c:\([0-9]*\) \[pgtag_test\] func:second\1 $' \
	-e ' \(pgtag_test_[a-z_]*\)+0x[0-9a-f]* \[pgtag_test\] func:\1 $' /tmp/read)" "" \
	"and each line is of one file"

# Two writers all the time: one of them is the last.
write_often() {
	for i in $(seq 8); do
		put "$1" >/dev/null
	done
}
write_often /tmp/first &
first=$!
write_often /tmp/second &
second=$!
wait $first $second
like "$(known)" "^$sites call sites" "two writers: there is the file of one of them"
is "$(grep -c ' first\.c:' $PGTAG/allocinfo | grep -c '^0$')" \
	"$(grep -c ' second\.c:' $PGTAG/allocinfo | grep -c '^[1-9]')" "and nothing of the other's"

# --- whose code comes and goes ---

put /tmp/first
echo 0 >$SYSCTL
helper free alloc_pages
echo 1 >$SYSCTL
helper alloc alloc_pages 3 0
shown /tmp/first "turned off and on, lines are still known"

modload /modules/pgtag_visitor.ko order=1 && rmmod pgtag_visitor
records gone >/tmp/gone
put /tmp/gone
like "$(cat $PGTAG/allocinfo)" "^ +$((2 * PAGE)) +1 $(line_of pgtag_visitor_core /tmp/gone) \$" \
	"a site whose module has gone has a line"
helper free kept
modload /modules/pgtag_visitor.ko order=1 && rmmod pgtag_visitor
like "$(cat $PGTAG/allocinfo)" "^ +$((2 * PAGE)) +1 $(line_of pgtag_visitor_core /tmp/gone) \$" \
	"and still has it when the module came again"
helper free kept

# --- memory ---

seq 2000 | sed 's/.*/m s & f.c 1 function/' >/tmp/large
: >$LINES
is "$(known)" "0 call sites, 0 bytes" "an empty file leaves nothing"
before="$(areas $TABLE) $(areas $TEXT)"
put /tmp/large
put /tmp/large
echo bad >/tmp/bad
put /tmp/bad >/dev/null
is "$(areas $TABLE) $(areas $TEXT)" "$(echo "$before" | awk '{ print $1 + 1, $2 + 1 }')" \
	"there is one table of lines, and its text"
is "$(known)" "2000 call sites, $((262168 + TEXT)) bytes" "so says status"
unload
is "$(areas $TABLE) $(areas $TEXT)" "$unloaded" "unloaded, it is gone with its text"

load depth=4
is "$(known)" "0 call sites, 0 bytes" "the next time nothing is known"
helper free alloc_pages
helper alloc alloc_pages 3 0
records deep >/tmp/deep
put /tmp/deep
like "$(cat $PGTAG/allocinfo)" \
	"^ +$((3 * PAGE)) +3 deep\.c:[0-9]+ \[pgtag_test\] func:deep[0-9]+ path:[^ ]+\+0x" \
	"with paths the site has its line"
helper free alloc_pages
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
