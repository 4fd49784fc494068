# shellcheck shell=dash
# Modules that have nothing to do with pages come and go as if this one was not
# there: a boot loads 150.
# vm: smp=2 timeout=200
# vm: kernels=ends
. ./lib.sh

NR=150
TRACE=/sys/kernel/tracing

# Grace periods take as long as they do when the machine is in use.
echo 1 >/sys/kernel/rcu_normal

# waits TASK...: how often a task waited for a grace period since trace was cleared.
waits() {
	local task n=0
	for task; do
		n=$((n + $(grep -c "^ *$task-" $TRACE/trace)))
	done
	echo $n
}

watch_waits() {
	local function
	for function in synchronize_rcu synchronize_srcu synchronize_rcu_tasks_trace \
		synchronize_rcu_expedited synchronize_srcu_expedited; do
		if grep -q "^$function\$" $TRACE/available_filter_functions; then
			echo $function >>$TRACE/set_ftrace_filter
		fi
	done
	echo function >$TRACE/current_tracer
}

# one_comes_and_goes MODULE [PARAMETER]...: how often that made it wait
one_comes_and_goes() {
	local name
	name=$(basename "$1" .ko)
	echo >$TRACE/trace
	modload "$@" || bail "$name loads"
	rmmod "$name"
	waits modload rmmod
}

load_helper
watch_waits
without=$(one_comes_and_goes /modules/pgtag_clone000.ko)
visitor_without=$(one_comes_and_goes /modules/pgtag_visitor.ko)
helper free kept
load
is "$(one_comes_and_goes /modules/pgtag_clone000.ko)" "$without" \
	"a module comes and goes with the $without grace periods it takes without this one"
diag "$(grep synchronize $TRACE/trace)"
is "$(one_comes_and_goes /modules/pgtag_visitor.ko)" "$visitor_without" \
	"so does one that has call sites"
tidied() {
	[ "$(waits kworker/'[^-]*')" -gt 0 ]
}
passes "a worker waits for those who may still read of them" within 10 tidied
unload
echo nop >$TRACE/current_tracer
helper free kept

go() {
	local i=1
	while [ $i -le $NR ]; do
		rmmod "$(printf 'pgtag_clone%03d' $i)"
		i=$((i + 1))
	done
}

come() {
	local before after
	before=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	modclone /modules/pgtag_clone000.ko 1 $NR || bail "the modules load"
	after=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	took=$((after - before))
}

come
without=$took
go
load
come
with=$took
diag "$NR modules came in $without/100 s without this one, in $with/100 s with it"
if [ "$with" -le $((without * 2 + 20)) ]; then
	ok "$NR modules do not come much later"
else
	not_ok "$NR modules do not come much later"
fi
unload
is "$(walk)" "0 0" "page->flags as before"
done_testing
