# shellcheck shell=dash
# A kernel that was booted without debugfs: what /proc and sysctl have is there.
# vm: append="debugfs=off"
# vm: kernels=newest
. ./lib.sh

is "$(try_load; echo $?)" 0 "loads"
churn 1 2
like "$(cat /proc/allocinfo)" '^ *[1-9][0-9]* +[1-9][0-9]* .*func:' "has sites"
passes "is turned off" sh -c 'echo 0 >/proc/sys/vm/mem_profiling'
passes "is removed" rmmod pgtag_compress
passes "leaves no file" [ ! -e /proc/allocinfo ]
done_testing
