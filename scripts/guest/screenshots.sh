# shellcheck shell=dash
# Run in the guest by scripts/screenshots: work for half a minute, leak a little, and
# print what pgtag shows of that meanwhile.
# vm: timeout=400 cli=yes packages="tmux"
. ./lib.sh

# printed FILE: as scripts/screenshots takes it.
printed() {
	echo "file: $(basename "$1")"
	base64 "$1"
	echo "end of file"
}

# in_tmux WORD...: with the server that top runs in.
in_tmux() {
	in_debian tmux -f /dev/null -S /tmp/tmux "$@"
}

# What is read, written and touched in turn; the module leaks a MiB each time.
work() {
	local i
	find /debian/usr/bin /debian/usr/lib -type f -size +300k | sort >/tmp/files
	for i in $(seq "$1"); do
		helper alloc alloc_pages 256 0
		cat "$(sed -n "$i"p /tmp/files)" >/dev/null
		dd if=/dev/zero "of=/tmp/busy.$i" bs=1M count=4 2>/dev/null
		[ "$i" != 8 ] || hold_start 60 small
		[ "$i" != 16 ] || rm /tmp/busy.*
		sleep 1
	done
}

load_helper
load
in_debian /tests/pgtag record -d 1 -n 30 /tmp/recording &
recording=$!
work 24 &
working=$!
sleep 18
in_tmux new-session -d -x 112 -y 24 "/tests/pgtag top -d 4"
sleep 10
in_tmux capture-pane -e -N -p >/tmp/top
in_debian /tests/pgtag show >/tmp/show
wait $working $recording
for file in top show recording; do
	printed /tmp/$file
done
is "$(status_value wrong)" 0 "no stack is read wrongly"
done_testing
