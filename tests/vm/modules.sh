# shellcheck shell=dash
# Modules that come and go: their sites keep their names while pages live, and
# their indices are used again after that.
# vm: smp=2 timeout=300
# vm: kernels=ends
. ./lib.sh

ROUNDS=50
ORDER=1

# visit: a module allocates twice, gives the pages away, and goes.
visit() {
	modload /modules/pgtag_visitor.ko order=$ORDER &&
		rmmod pgtag_visitor
}

lines_of() {
	grep " func:$1 " $PGTAG/allocinfo
}

load_helper
load
visit || bail "pgtag_visitor loads" "errno $?"
for function in pgtag_visitor_core pgtag_visitor_start; do
	like "$(lines_of $function)" \
		"^ +$((2 * PAGE)) +1 $function\+0x[0-9a-f]+ \[pgtag_visitor\] func:$function \$" \
		"the name stays while the page lives: $function"
done
helper free kept
is "$(site pgtag_visitor_core pgtag_visitor_start)" "0 0" "and owns nothing after that"
visit
is "$(lines_of pgtag_visitor_core | awk '$2 { n++ } END { print n }')" 1 \
	"loaded again, it starts clean"
helper free kept
visit
helper free kept

# Each time it loads, its pages of the time before are still there.
tags=$(status_value tags)
visits=0
while [ $visits -lt $ROUNDS ] && visit; do
	visits=$((visits + 1))
done
is $visits $ROUNDS "it comes and goes $ROUNDS times"
for function in pgtag_visitor_core pgtag_visitor_start; do
	is "$(site $function)" "$((ROUNDS * 2 * PAGE)) $ROUNDS" \
		"$function: bytes and calls of all"
	is "$(lines_of $function | grep -cv "^ *$((2 * PAGE)) *1 $function+0x[0-9a-f]* \[pgtag_visitor\] ")" 0 \
		"$function: every line is right"
done
audit_ok "audit with all of them"
is "$(cat $PGTAG/allocinfo /proc/allocinfo | grep -c '0xffff\|(null)')" 0 \
	"no site without a name"

# The pages go, and with them the names; then the indices are used again.
helper free kept
visit
helper free kept
most=$((tags + 4))
few_tags() {
	[ "$(status_value tags)" -le $most ]
}
passes "no index leaks" within 10 few_tags
memory=$(status_value 'tag memory')
visits=0
while [ $visits -lt $ROUNDS ] && visit; do
	helper free kept
	visits=$((visits + 1))
done
is $visits $ROUNDS "it comes and goes $ROUNDS times, and its pages too"
passes "no index leaks then either" within 10 few_tags
is "$(status_value 'tag memory')" "$memory" "the tags' memory is bounded"
diag "tag memory: $memory"
audit_ok "audit"

# An init section that still runs when the module is live, and then goes. The
# kernel keeps the names of its functions for tracers until the module goes too.
late_pages() {
	grep -e ' func:pgtag_async_late ' -e ' func:<unknown> ' -e 0xffff $PGTAG/allocinfo |
		tr -s ' ' | sort
}
nameless=" $PAGE 1 <unknown> func:<unknown> "
modload /modules/pgtag_async.ko || bail "pgtag_async loads" "errno $?"
like "$(late_pages)" "^ $PAGE 1 pgtag_async_late.0x" "a page comes from an init section that is gone"
rmmod pgtag_async
is "$(late_pages)" "$nameless" "it has no name any more, and no address"
# The next module is in the same place.
modload /modules/pgtag_async.ko
rmmod pgtag_async
is "$(late_pages)" "$nameless
$nameless" "what comes to its place is another site"
is "$(cat $PGTAG/allocinfo /proc/allocinfo | grep -c '0xffff')" 0 \
	"no file shows an address"
helper free kept
audit_ok "audit of what is nameless"
unload

# Few indices: those of modules that went are found when they are needed.
load bits=6
left=$((29 - $(status_value tags)))
tries=0
while [ $tries -lt $left ] && [ "$(status_value state)" = on ]; do
	modload /modules/pgtag_walk.ko 2>/dev/null
	tries=$((tries + 1))
done
is "$(status_value state)" on "sites of $tries modules fit where $left tags are left"

# More calls than there are tags: it is over before they are made.
lines=$(dmesg_lines)
modload /modules/pgtag_visitor.ko
is "$?" 0 "a module with too many calls can be loaded all the same"
said=$(dmesg_since "$lines" | grep pgtag_compress:)
diag "$said"
like "$said" 'pgtag_visitor calls the page allocator from 10[0-9] places, [0-9]+ of 29 tags are left' \
	"the log has the module and the numbers"
settle_state() {
	local tries=0
	while [ "$(status_value state)" = on ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}
settle_state
passes "profiling is disabled" within 10 disabled
passes "allocinfo is gone" within 10 [ ! -e $PGTAG/allocinfo ]
passes "and so is that in /proc" within 10 [ ! -e /proc/allocinfo ]
is "$(walk)" "0 0" "no page keeps an index"
rmmod pgtag_visitor
helper free kept
unload

# Turned off, it does not matter how many there are.
load bits=6
echo 0 >/proc/sys/vm/mem_profiling
modload /modules/pgtag_visitor.ko
sleep 0.5
unlike "$(status_value state)" disabled "turned off, it is not disabled"
rmmod pgtag_visitor
helper free kept
unload

load bits=6 overflow=share
lines=$(dmesg_lines)
modload /modules/pgtag_visitor.ko
is "$(dmesg_since "$lines" | grep -c pgtag_compress:)" 0 \
	"where sites may share a tag, there is nothing to say"
is "$(status_value state)" on "and it stays on"
rmmod pgtag_visitor
helper free kept
audit_ok "share: audit"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
