# shellcheck shell=dash
# Lockdown in integrity mode, as with secure boot: the accounts can be read, and
# turned off and on; what is written in debugfs is refused by the kernel. It is
# locked when the module is in, for the module of a test bears no signature.
. ./lib.sh

EPERM=1
LOCKDOWN=/sys/kernel/security/lockdown
SYSCTL=/proc/sys/vm/mem_profiling
FILE=/tmp/file

mount -t securityfs securityfs /sys/kernel/security
if [ ! -e $LOCKDOWN ]; then
	skip "lockdown" "this kernel has none"
	done_testing
fi

# Everything that is looked up in the kernel is so when profiling is turned on.
load mem_profiling=0
echo integrity >$LOCKDOWN
like "$(cat $LOCKDOWN)" '\[integrity\]' "the machine is locked"
echo 1 >$SYSCTL
is "$(cat $SYSCTL)" 1 "profiling can be turned on"
like "$(status_value field)" "^$FIELD\\b" "in $FIELD"
unlike "$(cat $PGTAG/status)" 'not attached' "all hooks are attached"

# The pages of a file in memory are all of one site.
fill() {
	dd if=/dev/zero of="$1" bs=1M count=8 2>/dev/null
}
functions >/tmp/before
fill $FILE.first
functions >/tmp/after
read -r site bytes calls <<-END
	$(grown /tmp/before /tmp/after)
END
like "$site" shmem "a file is counted at $site"
rm $FILE.first
echo "+$site" >/tmp/api
start=$(site "$site")
fill $FILE
is "$(difference "$start" "$(site "$site")")" "$((8 << 20)) 2048" "exactly"
is "$(functions /proc/allocinfo | grep -c " $site\$")" 1 "/proc/allocinfo has it, too"

for file in status layout audit; do
	passes "$file can be read" cat $PGTAG/$file
done
for verb in "cat $PGTAG/api" "dd of=$PGTAG/api if=/tmp/api"; do
	like "$($verb 2>&1)" 'Operation not permitted' "refused: $verb"
done

echo 0 >$SYSCTL
is "$(cat $SYSCTL)" 0 "profiling can be turned off"
rm $FILE
is "$(site "$site")" "$start" "then what is freed is still subtracted"
echo 1 >$SYSCTL
is "$(cat $SYSCTL)" 1 "and on again"
churn 1 31
audit_ok "audit"
is "$(status_value wrong)" 0 "no stack read wrongly"
is "$(status_value dropped)" 0 "nothing dropped"

unload
is "$(ls -d $PGTAG /proc/allocinfo 2>/dev/null)" "" "the module can be removed"
try_load
is "$?" $EPERM "and without a signature does not come back"
done_testing
