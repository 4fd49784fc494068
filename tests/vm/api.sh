# shellcheck shell=dash
# An allocator API that the user extends, by name and by presets.
. ./lib.sh

SYMBOL=$(tmpfs_site)
PRESETS='net fault shmem pagetable file'

expedite

# added: the functions that were added, in a line.
added() {
	echo "$(grep -v '^#' $PGTAG/api)" | tr '\n' ' ' | sed 's/ $//'
}

# write_file NAME: 8 MB of it; sets grew, the function that grew most by that.
write_file() {
	functions >/tmp/before
	dd if=/dev/zero of="/tmp/$1" bs=1M count=8 2>/dev/null
	functions >/tmp/after
	grew=$(grown /tmp/before /tmp/after)
	diag "$1: $grew"
}

# refused TEXT ERROR: changes nothing, and one line in the log says why.
refused() {
	local lines before out
	lines=$(dmesg_lines)
	before=$(added)
	out=$(echo "$1" 2>&1 >$PGTAG/api)
	like "$out" "$2" "\"$1\" is refused: $2"
	is "$(added)" "$before" "\"$1\": nothing changes"
	is "$(dmesg_since "$lines" | grep -c pgtag_compress:)" 1 "\"$1\": one line says why"
	said=$(dmesg_since "$lines")
}

INVALID='Invalid argument'
EXISTS='File exists'
MISSING='No such file'
NO_ROOM='No space'

load
echo +$SYMBOL >$PGTAG/api
is "$(added)" $SYMBOL "a function is added"
write_file file
is "$(grep "func:$SYMBOL " $PGTAG/allocinfo | awk '$1 > 0')" "" \
	"it has no pages any more"
like "$grew" '^shmem_[a-z_]* 8[0-9]{6} ' "its caller has"
audit_ok "audit"
echo -$SYMBOL >$PGTAG/api
is "$(added)" "" "it is taken back"
write_file other
like "$grew" "^$SYMBOL 8[0-9]{6} " "it has pages again"

for bad in $SYMBOL + - '' "+$SYMBOL x" ++ preset:net=x preset:Net preset: \
	-preset:nothing 'preset:net file' net; do
	refused "$bad" "$INVALID"
done
like "$said" "preset:name.* net, fault, shmem, pagetable, file" "the line lists the presets"
refused "+$(printf '%0200d' 0)" "$INVALID"
for bad in +no_such_function +vmalloc_noprof_x -vmalloc -preset:shmem; do
	refused "$bad" "$MISSING"
done
refused +mempool_alloc_pages "$EXISTS"

# A preset is all of its functions that this kernel has.
for preset in $PRESETS; do
	like "$(cat $PGTAG/api)" "^# preset:$preset  [a-z]" "preset:$preset is listed"
done
echo +$SYMBOL >$PGTAG/api
echo preset:shmem >$PGTAG/api
like "$(added)" "^$SYMBOL .*shmem_get_folio_gfp" "preset: its functions are added"
before=$(site_bytes $SYMBOL)
write_file third
like "$grew" '^shmem_[a-z]*_?write_begin 8[0-9]{6} ' "preset: what they hid has the pages"
at_least "$before" "$(site_bytes $SYMBOL)" "preset: they get no more"
refused preset:shmem "$EXISTS"
audit_ok "preset: audit"
echo -preset:shmem >$PGTAG/api
is "$(added)" "" "preset: all are taken back, by hand or not"
write_file fourth
like "$grew" "^$SYMBOL 8[0-9]{6} " "preset: and have pages again"

# All of them, at work.
churn 0 &
worker=$!
for preset in $PRESETS; do
	before=$(added | wc -w)
	echo +preset:$preset >$PGTAG/api
	at_least "$(added | wc -w)" $((before + 5)) "preset:$preset: this kernel has five or more"
done
diag "$(added)"
sleep 2
for preset in $PRESETS; do
	echo -preset:$preset >$PGTAG/api
done
kill $worker
wait $worker
is "$(added)" "" "they can be taken back while there is work"
audit_ok "audit at the end"
is "$(status_value wrong)" 0 "no stack read wrongly"
unload
is "$(walk)" "0 0" "page->flags as before"

# It does not outlive the module. While profiling is off nothing is to be learned.
load mem_profiling=0
is "$(added)" "" "the next time nothing is added"
grep -Eo ' [tT] __(x64|arm64)_sys_[a-z0-9_]+$' /proc/kallsyms | head -n 200 |
	while read -r _ name; do
		echo "+$name" >$PGTAG/api
	done 2>/dev/null
most=$(added | wc -w)
for n in 1 2 3; do
	name=$(added | cut -d' ' -f1)
	echo "-$name" >$PGTAG/api
done
is "$(added | wc -w)" $((most - 3)) "room for three"
refused preset:shmem "$NO_ROOM"
unload
done_testing
