# shellcheck shell=dash
# Call paths: the frames are those of the stack, for every allocation, and the
# paths of a site add up to it.
# vm: smp=2 timeout=600
. ./lib.sh

DEPTH=8

load_helper
load depth=4
helper alloc alloc_pages 5 1
line=$(grep 'func:pgtag_test_alloc_pages ' $PGTAG/allocinfo)
like "$line" '^ +40960 +5 pgtag_test_alloc_pages\+0x[0-9a-f]+ \[pgtag_test\] func:pgtag_test_alloc_pages path:[^ ;]+\+0x[0-9a-f]+ \[pgtag_test\];' \
	"a path is printed after its site"
is "$(echo "$line" | tr -cd ';' | wc -c)" 2 "three callers of the site"
diag "$line"
helper free alloc_pages
unload

# What all the ways to get pages are counted as does not depend on the depth.
load depth=$DEPTH
check_cases

# Compared with the kernel's own stack trace at each allocation.
passes "a witness is there" modload /modules/pgtag_stack.ko depth=$DEPTH
churn 2 21
i=0
while [ $i -lt 50 ]; do
	busybox true
	i=$((i + 1))
done
mkdir /tmp/tree
dd if=/dev/urandom of=/tmp/tree/file bs=64k count=60 2>/dev/null
tar -cf - /tmp/tree 2>/dev/null | gzip -1 | zcat | tar -tf - >/dev/null
for i in 1 2 3; do
	modload /modules/pgtag_visitor.ko all=1
	rmmod pgtag_visitor
done
nc -l -p 99 >/dev/null &
listener=$!
sleep 0.5
dd if=/dev/zero bs=64k count=64 2>/dev/null | nc 127.0.0.1 99
wait $listener
lines=$(dmesg_lines)
rmmod pgtag_stack
said=$(dmesg_since "$lines" | grep 'pgtag_stack: compared')
diag "$said"
like "$said" 'compared [0-9]{5,} ' "tens of thousands of paths were compared"
like "$said" 'different 0$' "every frame is the stack's"
[ "${said%different 0}" != "$said" ] || diag "$(dmesg | grep 'pgtag_stack: frame')"
like "$said" ' short 0 ' "every path is as deep as was asked for, or as the stack"

helper free kept
settle
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"
diag "$(grep -c path: $PGTAG/allocinfo) paths, $(status_value 'tag memory')"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
