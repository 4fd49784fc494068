# shellcheck shell=dash
# The machine sleeps, lightly and deeply, and wakes up with every count.
. ./lib.sh

# sleeps STATE TEXT: what the kernel counts says that it did.
sleeps() {
	local before
	echo "$1" >/tmp/state
	before=$(cat /sys/power/suspend_stats/success)
	passes "$2: asked for" dd of=/sys/power/state if=/tmp/state
	is "$(cat /sys/power/suspend_stats/success)" $((before + 1)) "$2: slept and woke"
}

load_helper
load
helper alloc alloc_pages 30 1
churn 0 9 &
worker=$!

modload /modules/pgtag_waker.ko seconds=3
sleeps freeze "suspend to idle"
rmmod pgtag_waker

if grep -q deep /sys/power/mem_sleep; then
	echo deep >/sys/power/mem_sleep
	echo +4 >/sys/class/rtc/rtc0/wakealarm
	sleeps mem "suspend to memory"
else
	skip "suspend to memory" "this machine cannot"
fi

kill $worker
wait $worker 2>/dev/null
is "$(site pgtag_test_alloc_pages)" "$((60 * PAGE)) 30" "what was counted is still there"
helper free alloc_pages
check_key_cases
settle
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
