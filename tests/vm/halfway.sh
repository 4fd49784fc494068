# shellcheck shell=dash
# While a load goes on, somebody opens what is there of it, or the indices run out.
# vm: kernels=ends
. ./lib.sh

ENOMEM=12

# start_load PARAMETER...: in the background, until its first files are there.
start_load() {
	(
		try_load "$@"
		echo $? >/tmp/errno
		echo "$said" >/tmp/said
	) &
	loader=$!
	within 10 [ -e $PGTAG/status ] || bail "the load makes status"
}

modload /modules/pgtag_late.ko error=$ENOMEM || bail "pgtag_late loads"
start_load
exec 3<$PGTAG/status
passes "refused: what it made goes" within 10 [ ! -e $PGTAG ]
sleep 3
passes "refused: waits for who has it open" [ ! -e /tmp/errno ]
exec 3<&-
wait $loader
is "$(cat /tmp/errno)" $ENOMEM "refused: with the error"
like "$(cat /tmp/said)" "cannot make $PGTAG, error -$ENOMEM" "refused: and says why"
is "$(ls -d /sys/module/pgtag_compress /proc/allocinfo 2>/dev/null)" "" \
	"refused: nothing is left"
is "$(walk)" "0 0" "refused: page->flags as before"
rmmod pgtag_late

modload /modules/pgtag_late.ko || bail "pgtag_late loads"
start_load bits=4
churn 1
wait $loader
is "$(cat /tmp/errno)" 0 "out of indices: loaded"
passes "out of indices: and disabled" within 10 disabled
passes "out of indices: there is no allocinfo" within 10 \
	[ ! -e $PGTAG/allocinfo ]
passes "out of indices: nor in /proc" within 10 [ ! -e /proc/allocinfo ]
unload
is "$(walk)" "0 0" "out of indices: page->flags as before"
rmmod pgtag_late

load
churn 1
audit_ok "loads afterwards"
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
